/** O5 at length: supergraphs take over from one another under load, over the gateway alone and over the one with the services. `npm run test:full reload [times]` */
import startDatabase from '../database.ts';
import stopDatabase from '../database-stop.ts';
import { startSmallGraph } from '../kit/small-graph.ts';
import { figuresOf, reloadUnderLoad, type Reloadable } from '../faults/reload.ts';
import { reloadableAlone } from '../faults/reload-alone.ts';
import { startServicesToReload } from '../faults/reload-services.ts';

const RELOADS = 100;

export async function run([times = String(RELOADS)]: readonly string[]): Promise<void> {
  const graph = await startSmallGraph();
  try {
    await reloaded('the gateway alone', reloadableAlone(graph, await graph.gateway()), Number(times));
  } finally {
    await graph.stop();
  }
  await startDatabase();
  try {
    const services = await startServicesToReload();
    await reloaded('with the services', services, Number(times)).finally(() => services.stop());
  } finally {
    await stopDatabase();
  }
}

async function reloaded(what: string, given: Reloadable, times: number): Promise<void> {
  const seen = await reloadUnderLoad(given, times);
  process.stdout.write(`${what}: ${figuresOf(seen)}\n`);
  if (seen.failed.length > 0) throw new Error(`The first that failed: ${seen.failed[0]}`);
}
