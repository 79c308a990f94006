/**
 * `npm run bench executor`: what the executor costs when the network costs nothing. The subgraphs' answers are texts in memory, which it
 * parses, joins, checks (types, nulls) and writes; beside it, JSON.parse and JSON.stringify of the same texts. Blocks take turns.
 * Options: `--blocks 15`, `--each 100` (operations a block), `--keep` to leave the docs alone.
 */
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { openExecutor } from '../../gateway/execute.ts';
import type { GraphAnswer, GraphRequest } from '../../platform/graph.ts';
import type { Reach } from '../../platform/reach/reach.ts';
import { anonymous } from '../../platform/viewer.ts';
import { digits, machine, median, publish, table } from './table.ts';
import { supergraphOf } from './world/compose.ts';
import { DATASETS, type Dataset } from './world/data.ts';
import { subgraph, whole } from './world/graphs.ts';
import { QUESTION, SUBGRAPHS } from './world/schemas.ts';

const RATIO_GOAL = 2.5;

/** Answers one operation after the other, each call with the text that was computed for it the first time. */
class Recorded {
  readonly texts: string[] = [];
  readonly #documents: string[] = [];
  readonly #graphs;
  #at = 0;

  constructor(dataset: Dataset) { this.#graphs = new Map(SUBGRAPHS.map((name) => [name as string, subgraph(name, dataset)])); }

  begin(): void { this.#at = 0; }

  reach(service: string): Reach {
    return {
      answer: async ({ document, variables }: GraphRequest) => {
        const at = this.#at++;
        // The first operation is answered by the graphs; a later one that asks anything else in another order is not measured.
        if (at === this.texts.length) {
          this.texts.push(JSON.stringify(this.#graphs.get(service)!({ query: document, variables: variables ?? null })));
          this.#documents.push(document);
        } else if (this.#documents[at] !== document) throw new Error('The executor asks something else than the first time.');
        return JSON.parse(this.texts[at]!) as GraphAnswer;
      },
      follow: () => { throw new Error('Nothing is followed here.'); },
    };
  }
}

async function measure(dataset: Dataset, blocks: number, each: number): Promise<readonly (string | number)[]> {
  const recorded = new Recorded(dataset);
  const urls = Object.fromEntries(SUBGRAPHS.map((name) => [name, `http://${name}.invalid/graphql`]));
  const executor = await openExecutor({ supergraphSdl: supergraphOf(urls as never), reaches: () => new Map(SUBGRAPHS.map((name) => [name, recorded.reach(name)])) });
  const prepared = await executor.prepare(QUESTION, null);
  const answer = () => { recorded.begin(); return executor.answer(prepared, { variables: {}, caller: { viewer: anonymous } }); };
  const { data } = await answer();
  if (!isDeepStrictEqual(JSON.parse(data!.text), JSON.parse(JSON.stringify(whole(dataset)({ query: QUESTION }).data)))) throw new Error('The answer is not the right one.');

  const ours = async () => { for (let at = 0; at < each; at++) await answer(); };
  const bare = async () => { for (let at = 0; at < each; at++) for (const text of recorded.texts) JSON.stringify(JSON.parse(text)); };
  const timed = async (body: () => Promise<void>) => { const since = performance.now(); await body(); return (performance.now() - since) / each; };
  for (let warm = 0; warm < 3; warm++) { await ours(); await bare(); }
  const rounds: { ours: number; bare: number }[] = [];
  for (let block = 0; block < blocks; block++) rounds.push({ ours: await timed(ours), bare: await timed(bare) });
  await executor.stop();
  const bytes = recorded.texts.reduce((sum, text) => sum + text.length, 0);
  return [dataset, `${recorded.texts.length} answers, ${Math.round(bytes / 1_000)} kB`, digits(median(rounds.map((one) => one.ours)), 3), digits(median(rounds.map((one) => one.bare)), 3), digits(median(rounds.map((one) => one.ours / one.bare)))];
}

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { blocks: { type: 'string', default: '15' }, each: { type: 'string', default: '100' }, keep: { type: 'boolean', default: false } } });
  const rows: (readonly (string | number)[])[] = [];
  for (const dataset of DATASETS) rows.push(await measure(dataset, Number(values.blocks), Number(values.each)));
  const text = `${machine()}. The public query of \`bench gateway\`, one operation after the other; median of the blocks' ratios, goal ≤ ${RATIO_GOAL}.\n\n${table(['data', 'from subgraphs', 'executor ms', 'parse + stringify ms', 'ratio'], rows)}`;
  if (values.keep) process.stdout.write(`\n${text}\n`);
  else publish('executor', text);
}
