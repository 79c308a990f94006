/** O1 at length: a subgraph is killed, stopped and silenced in turn, and every answer of every client is looked at. `npm run test:full faults [rounds]` */
import { startSmallGraph } from '../kit/small-graph.ts';
import { faultsIn, figuresOf, takeAway, WAYS, type Seen } from '../faults/subgraph-down.ts';

const ROUNDS = 50;

export async function run([rounds = String(ROUNDS)]: readonly string[]): Promise<void> {
  const graph = await startSmallGraph();
  const all: Seen[] = [];
  try {
    const gateway = await graph.gateway();
    for (let round = 0; round < Number(rounds); round += 1) {
      const seen = await takeAway(graph, gateway, WAYS[round % WAYS.length]!);
      const faults = faultsIn(seen);
      if (faults.length > 0) throw new Error(`Round ${round + 1} (${seen.way}): ${faults[0]}`);
      all.push(seen);
    }
  } finally {
    await graph.stop();
  }
  for (const way of WAYS) process.stdout.write(`${way.padEnd(8)} ${figuresOf(all.filter((seen) => seen.way === way))}\n`);
  process.stdout.write(`0 wrong answers in ${all.reduce((sum, { open }) => sum + open.length + 2, 0)}\n`);
}
