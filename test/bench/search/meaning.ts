/** What meaning costs: learning a space of many items, placing them in it, and finding the nearest among them; items are mixed of the judged ones. */
import { machine, median, digits, table } from '../table.ts';
import { wordsOf } from '../../../subgraphs/search/domain/words.ts';
import type { Item } from './bm25.ts';
import { judgedItems, judgedQuestions } from './judged.ts';
import { meaningOf, saidOf } from './spaces.ts';

const SENTENCE = /(?<=[.:;])\s+/;

/** Each has the title of one and sentences of several: as many words as there are, in company that is partly new. */
function mixed(count: number): Item[] {
  const items = judgedItems();
  const sentences = items.flatMap(({ body }) => body.split(SENTENCE)).filter((one) => wordsOf(one).length > 3);
  let state = 5;
  const drawn = (below: number) => { state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; return Math.floor((state / 2 ** 32) * below); };
  return Array.from({ length: count }, (_, at) => {
    const from = items[at % items.length]!;
    return { id: `i${String(at).padStart(7, '0')}`, title: from.title, tags: from.tags, body: [from.body.slice(0, 200), ...Array.from({ length: 4 }, () => sentences[drawn(sentences.length)])].join(' ') };
  });
}

const p95 = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[Math.ceil(of.length * 0.95) - 1] ?? NaN;

export async function meaningCosts(count = 100_000): Promise<string> {
  const items = mixed(count);
  const before = process.memoryUsage();
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const meaning = await meaningOf(items);
  const { user, system } = process.cpuUsage(cpu);
  const wall = performance.now() - began;
  await meaning.close();
  global.gc?.();
  const after = process.memoryUsage();
  const questions = judgedQuestions().map(({ question }) => question);
  const [embedded, whole]: [number[], number[]] = [[], []];
  for (const question of questions.slice(0, 10)) await meaning.near(question, 200);
  for (const question of questions) {
    const start = performance.now();
    await meaning.embeddings.embed([saidOf(question)], 'query', meaning.tenantId);
    const middle = performance.now();
    await meaning.near(question, 200);
    embedded.push(middle - start);
    whole.push(performance.now() - middle);
  }
  return [
    `${machine()}; ${count.toLocaleString('en')} items, a space of 20 000 of them, 256 directions.`, '',
    table(['', ''], [
      ['counting words, learning the space and placing every item', `${digits(wall / 1_000, 1)} s, ${digits((user + system) / 1e6, 1)} s of processor`],
      ['vectors and what they are filtered by, in memory', `${digits((after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6, 0)} MB`],
      ['a question placed (p50, p95)', `${digits(median(embedded), 2)} ms, ${digits(p95(embedded), 2)} ms`],
      ['placed, and its 200 nearest found (p50, p95)', `${digits(median(whole), 1)} ms, ${digits(p95(whole), 1)} ms`],
    ]),
  ].join('\n');
}
