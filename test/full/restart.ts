/** O3 at length: two gateways are restarted in turn under clients that keep their connections. `npm run test:full restart [times]` */
import { startSmallGraph } from '../kit/small-graph.ts';
import { figuresOf, restartUnderLoad } from '../faults/restart.ts';

const RESTARTS = 50;
const EXIT_MS_MAX = 15_000;

export async function run([times = String(RESTARTS)]: readonly string[]): Promise<void> {
  const graph = await startSmallGraph();
  try {
    const seen = await restartUnderLoad(graph, Number(times));
    process.stdout.write(`${figuresOf(seen)}\n`);
    if (seen.failed.length > 0) throw new Error(`The first that failed: ${seen.failed[0]}`);
    if (Math.max(...seen.exitMs) > EXIT_MS_MAX || seen.codes.some((code) => code !== 0)) throw new Error('An exit took too long, or was none of its own will.');
  } finally {
    await graph.stop();
  }
}
