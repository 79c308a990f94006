/** Which passages of what was found a model is given: those that share the most telling words with the question, of the best items first. */
import type { FoundPassage } from './flow.ts';
import type { FoundText } from './knowledge.ts';
import { passagesOf } from './passages.ts';
import { rarityOver, type Terms } from './terms.ts';

export const PASSAGES_MAX = 12;
const OF_ONE_ITEM_MAX = 5;
/** A passage of an item that was found early and shares few words stands beside one that was found late and shares many. */
const RANK_WEIGHT = 0.5;

interface Weighed { passage: FoundPassage; weight: number; place: number }

export function choosePassages(search: string, texts: readonly FoundText[], termsOf: Terms): FoundPassage[] {
  const all = texts.flatMap(({ id, version, title, body, collectionId, tags }, rank) =>
    passagesOf({ itemId: id, version, title, body }).map((passage) => ({ rank, passage: { ...passage, itemId: id, collectionId, tags }, terms: new Set(termsOf(`${title} ${passage.headings.join(' ')} ${passage.text}`)) })));
  const rarity = rarityOver(all.map(({ terms }) => terms));
  const wanted = [...new Set(termsOf(search))];
  const most = wanted.reduce((sum, term) => sum + rarity(term), 0) || 1;
  const weighed = all.map(({ rank, passage, terms }, place): Weighed => ({
    passage, place, weight: wanted.reduce((sum, term) => sum + (terms.has(term) ? rarity(term) : 0), 0) / most + RANK_WEIGHT / (rank + 1),
  }));
  return best(weighed).map(({ passage }) => passage);
}

function best(weighed: readonly Weighed[]): Weighed[] {
  const taken = new Map<string, number>();
  const chosen: Weighed[] = [];
  for (const one of [...weighed].sort((a, b) => b.weight - a.weight || a.place - b.place)) {
    const ofItem = taken.get(one.passage.itemId) ?? 0;
    if (ofItem >= OF_ONE_ITEM_MAX) continue;
    taken.set(one.passage.itemId, ofItem + 1);
    if (chosen.push(one) >= PASSAGES_MAX) break;
  }
  return chosen;
}
