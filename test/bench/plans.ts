/**
 * `npm run bench plans`: how long the event loop is held while documents that nobody has seen are read, checked, planned
 * and compiled. The goal is that it never is for 20 ms; what the planner itself takes is spent in its thread.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { openExecutor } from '../../gateway/execute.ts';
import { readDocument } from '../../gateway/policy/limits.ts';
import { loadSupergraph } from '../../gateway/supergraph.ts';
import { digits, machine, publish, table } from './table.ts';

const EACH = 50;
const PAGE = '(first: 3) { nodes { role user { id name email } } }';
const FRAGMENTS = Array.from({ length: 110 }, (_, at) => at);

/** `number` makes each document another one. */
const DOCUMENTS: Record<string, (number: number) => string> = {
  'one page of members': (number) => `query Q${number} { tenant { id members${PAGE} } }`,
  'twenty roots': (number) => `query Q${number} { ${Array.from({ length: 20 }, (_, at) => `a${at}: tenant { id members${PAGE} apiKeys(first: 2) { nodes { id createdBy { name } } } }`).join(' ')} }`,
  'a hundred and ten fragments': (number) => `query Q${number} { tenant { ${FRAGMENTS.map((at) => `...F${at}`).join(' ')} } } ${FRAGMENTS.map((at) => `fragment F${at} on Tenant { id name slug members${PAGE} }`).join(' ')}`,
};

export async function run(): Promise<void> {
  const engine = await openExecutor({ supergraphSdl: await loadSupergraph(), reaches: () => new Map() });
  const rows: (string | number)[][] = [];
  for (const [name, document] of Object.entries(DOCUMENTS)) {
    for (let warm = 0; warm < 10; warm += 1) await engine.prepare(document(EACH + warm), null);
    const held = monitorEventLoopDelay({ resolution: 1 });
    const since = performance.now();
    held.enable();
    for (let number = 0; number < EACH; number += 1) {
      const text = document(number);
      const { document: read } = readDocument(text, null);
      await turn();
      await engine.prepare(text, null, read);
      await turn();
    }
    held.disable();
    rows.push([name, document(0).length, digits((performance.now() - since) / EACH), digits(held.percentile(99) / 1e6), digits(held.max / 1e6)]);
  }
  publish('plans', `${machine()}. ${EACH} documents of each kind, one after the other, over Atlas's own supergraph.\n\n${table(['document', 'bytes', 'ms until it is ready', 'loop held, p99 ms', 'loop held, longest ms'], rows)}`);
  await engine.stop();
}
