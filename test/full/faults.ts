/**
 * O1 and O4 at length: a subgraph is killed, stopped and silenced in turn, and every answer of every client is looked at;
 * then a hundred subscribers stall for a minute. `npm run test:full faults [rounds] [seconds]`
 */
import { startSmallGraph, type SmallGraph } from '../kit/small-graph.ts';
import { figuresOf as stalledFiguresOf, stallUnder } from '../faults/stalled.ts';
import { faultsIn, figuresOf, takeAway, WAYS, type Seen } from '../faults/subgraph-down.ts';

const ROUNDS = 50;
const SECONDS = 60;
const STALLED = 100;
const LEAVERS = 50;
const HELD_MB_MAX = 20;
/** Some 13 MB a second to each who follows. */
const EVERY_MS = 4;

export async function run([rounds = String(ROUNDS), seconds = String(SECONDS)]: readonly string[]): Promise<void> {
  const graph = await startSmallGraph();
  try {
    await away(graph, Number(rounds));
    const seen = await stallUnder(graph, { stalled: STALLED, seconds: Number(seconds), leavers: LEAVERS, everyMs: EVERY_MS });
    process.stdout.write(`${stalledFiguresOf(seen)}\n`);
    if (seen.failed.length > 0) throw new Error(`The first fault: ${seen.failed[0]}`);
    if (seen.heldMb > HELD_MB_MAX) throw new Error('Those who read nothing cost more than they may.');
  } finally {
    await graph.stop();
  }
}

async function away(graph: SmallGraph, rounds: number): Promise<void> {
  const all: Seen[] = [];
  const gateway = await graph.gateway();
  for (let round = 0; round < rounds; round += 1) {
    const seen = await takeAway(graph, gateway, WAYS[round % WAYS.length]!);
    const faults = faultsIn(seen);
    if (faults.length > 0) throw new Error(`Round ${round + 1} (${seen.way}): ${faults[0]}`);
    all.push(seen);
  }
  for (const way of WAYS) process.stdout.write(`${way.padEnd(8)} ${figuresOf(all.filter((seen) => seen.way === way))}\n`);
  process.stdout.write(`0 wrong answers in ${all.reduce((sum, { open }) => sum + open.length + 2, 0)}\n`);
}
