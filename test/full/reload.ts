/** O5 at length: supergraphs take over from one another under load. `npm run test:full reload [times]` */
import { startSmallGraph } from '../kit/small-graph.ts';
import { figuresOf, reloadUnderLoad } from '../faults/reload.ts';

const RELOADS = 100;

export async function run([times = String(RELOADS)]: readonly string[]): Promise<void> {
  const graph = await startSmallGraph();
  try {
    const seen = await reloadUnderLoad(graph, await graph.gateway(), Number(times));
    process.stdout.write(`${figuresOf(seen)}\n`);
    if (seen.failed.length > 0) throw new Error(`The first that failed: ${seen.failed[0]}`);
  } finally {
    await graph.stop();
  }
}
