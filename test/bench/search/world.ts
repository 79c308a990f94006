/** Items to be searched: words as frequent as words are (by Zipf's law), some in nearly every item, in a hundred collections of which a caller reaches half. */
import { newId, type CollectionId, type TenantId } from '../../../platform/ids.ts';
import type { Doc, Reach } from '../../../subgraphs/search/domain/ports.ts';
import { docOf } from '../../kit/search-documents.ts';
import { randomFrom, type Random } from '../../kit/random.ts';

const COLLECTIONS = 100;
const VOCABULARY = 120_000;
const BODY_WORDS = 90;
const TAGS = Array.from({ length: 60 }, (_, at) => `tag ${at}`);
const SYLLABLES = ['ba', 'cor', 'del', 'fen', 'gri', 'hol', 'jam', 'kel', 'lon', 'mar', 'nis', 'pol', 'quo', 'rin', 'sat', 'tur', 'vel', 'wim', 'xan', 'zor', 'bel', 'cas', 'dom', 'fir'];

/** The nth most frequent word: the further down, the longer. Beginning and end are its own, so that stems keep them apart. */
function wordAt(rank: number): string {
  let rest = rank;
  let word = '';
  do {
    word += SYLLABLES[rest % SYLLABLES.length]!;
    rest = Math.floor(rest / SYLLABLES.length);
  } while (rest > 0);
  return `${word}o`;
}

export interface SearchWorld { tenantId: TenantId; reach: Reach & { everything: false }; docs(from: number, count: number): Doc[]; questions: Record<Kind, string[]> }
export const KINDS = {
  common: 'three words of which each is in most items',
  usual: 'two to four words, some frequent, some rare',
  phrase: 'two frequent words in quotes, and another',
  begun: 'a word, and the first letters of another',
  typo: 'a frequent word, and one with a wrong letter',
} as const;
export type Kind = keyof typeof KINDS;

export function searchWorld(seed: number, asked: number): SearchWorld {
  const tenantId = newId('tnt');
  const collections = Array.from({ length: COLLECTIONS }, (): CollectionId => newId('col'));
  const words = Array.from({ length: VOCABULARY }, (_, rank) => wordAt(rank));
  const zipf = (random: Random) => words[Math.min(VOCABULARY - 1, Math.floor((VOCABULARY + 3) ** random() * 3 ** (1 - random()) - 1.5)) | 0] ?? words[0]!;
  const text = (random: Random, count: number) => Array.from({ length: count }, () => zipf(random)).join(' ');
  const docs = (from: number, count: number) => Array.from({ length: count }, (_, n): Doc => {
    const at = from + n;
    const random = randomFrom(seed * 1_000_003 + at);
    return docOf({
      tenantId, collectionId: collections[at % COLLECTIONS]!, title: text(random, 5), body: text(random, BODY_WORDS), tags: [TAGS[Math.floor(random() * 30)]!, TAGS[30 + (at % 30)]!],
      createdBy: `usr_${at % 20}`, createdAt: new Date(Date.UTC(2024, 0, 1) + at * 600_000),
    });
  });
  const random = randomFrom(seed);
  const rank = (from: number, to: number) => words[from + Math.floor(random() * (to - from))]!;
  const wrong = (word: string) => { const at = 1 + Math.floor(random() * (word.length - 2)); return `${word.slice(0, at)}y${word.slice(at + 1)}`; };
  const each = (make: () => string) => Array.from({ length: asked }, make);
  return {
    tenantId, docs, reach: { everything: false, collectionIds: collections.filter((_, at) => at % 2 === 0) },
    questions: {
      common: each(() => `${rank(0, 12)} ${rank(12, 24)} ${rank(24, 36)} `),
      usual: each(() => [rank(20, 300), rank(300, 5_000), ...(random() < 0.6 ? [rank(1_000, 20_000)] : []), ...(random() < 0.3 ? [rank(0, 20)] : [])].join(' ') + ' '),
      phrase: each(() => `"${rank(0, 10)} ${rank(0, 10)}" ${rank(50, 500)} `),
      begun: each(() => `${rank(50, 2_000)} ${rank(600, 20_000).slice(0, 5)}`),
      typo: each(() => `${rank(50, 500)} ${wrong(rank(2_000, 15_000))} `),
    },
  };
}
