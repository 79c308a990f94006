/**
 * Callers who change and read back, each through two processes in turn, while the replica that they may read from stands
 * still, goes on, is killed and comes back. Nobody may miss a change of their own, and nobody's request may fail.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openReplica } from '../../platform/database/replica/replica.ts';
import { newId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import { readsTotal } from '../../platform/telemetry/metrics.ts';
import type { Scope } from '../../platform/work.ts';
import { eventually } from '../kit/eventually.ts';
import { randomFrom, type Random } from '../kit/random.ts';
import { startPair, type Pair } from '../kit/replica.ts';
import { Note, startToy, type Toy } from '../kit/toy.ts';

export interface ReplicaFound { writes: number; reads: number; disturbances: Record<string, number>; places: Record<string, number>; missed: string[]; failed: string[] }
interface Given { seed: number; callers: number; disturbances: number; redisUrl: string | undefined; pair?: Pair; say?: (line: string) => void }

const LAG_MS = 60_000; // so that one that stands still is asked, and not just left alone
/** Between two disturbances so many reads are done. */
const READS_BETWEEN = 150;

/** How many reads went where, and why. */
export async function places(): Promise<Record<string, number>> {
  const { values } = await readsTotal.get();
  const found: Record<string, number> = {};
  for (const { labels: { place, why }, value } of values) found[`${place}: ${why}`] = (found[`${place}: ${why}`] ?? 0) + value;
  return found;
}

export async function replicaRun(given: Given): Promise<ReplicaFound> {
  const random = randomFrom(given.seed);
  const pair = given.pair ?? await startPair();
  const at = await pair.database();
  const log = openLog({ level: 'silent', pretty: false });
  // Without something that processes share there is one.
  const replicas = await Promise.all((given.redisUrl ? [1, 2] : [1]).map(() => openReplica({ url: at.replicaUrl, primaryUrl: at.url, lagMs: LAG_MS, redisUrl: given.redisUrl, log })));
  const processes: Toy[] = [];
  for (const replica of replicas) processes.push(await startToy({ at, replica }));
  const before = await places();
  const found: ReplicaFound = { writes: 0, reads: 0, disturbances: {}, places: {}, missed: [], failed: [] };
  try {
    await eventually('the replica to be read from', () => replicas.every((replica) => replica.why() === null));
    let isOver = false;
    const callers = Array.from({ length: given.callers }, (_, at) => caller({ found, processes, random: randomFrom(given.seed * 1_000 + at), isOver: () => isOver }));
    await disturb({ ...given, pair, random, found }).finally(() => { isOver = true; });
    await Promise.all(callers);
    const after = await places();
    found.places = Object.fromEntries(Object.entries(after).map(([place, count]) => [place, count - (before[place] ?? 0)]));
    return found;
  } finally {
    for (const toy of processes) await toy.database.close();
    await Promise.all(replicas.map((replica) => replica.close()));
    if (!given.pair) await pair.stop();
  }
}

interface Caller { found: ReplicaFound; processes: readonly Toy[]; random: Random; isOver: () => boolean }

async function caller({ found, processes, random, isOver }: Caller): Promise<void> {
  const tenantId = newId('tnt');
  const scope: Scope = { kind: 'user', id: newId('usr'), userId: null, tenantId };
  const any = () => processes[Math.floor(random() * processes.length)]!.desk;
  let id: string | null = null;
  let last = 0;
  const write = async (): Promise<void> => {
    const next = last + 1;
    if (id === null) {
      const note = Note.write(tenantId, String(next));
      await any().work(scope, async ({ notes }) => notes.add(note));
      id = note.id;
    } else {
      const known = id;
      await any().work(scope, async ({ notes }) => (await notes.byId(known))!.change(String(next)));
    }
    last = next;
    found.writes += 1;
  };
  const read = async (): Promise<void> => {
    const wanted = last;
    const [note] = await any().glance(scope, ({ notes }) => notes.all());
    found.reads += 1;
    if (Number(note?.text ?? 0) < wanted) found.missed.push(`${scope.id} wrote ${wanted} and read ${note?.text ?? 'nothing'}`);
  };
  while (!isOver()) {
    try {
      if (random() < 0.3) await write();
      else await Promise.all(Array.from({ length: 1 + Math.floor(random() * 3) }, read));
    } catch (error) {
      found.failed.push(String((error as Error).cause ?? error));
    }
    await sleep(random() * 5);
  }
}

async function disturb(given: Given & { pair: Pair; random: Random; found: ReplicaFound }): Promise<void> {
  const { pair, found, random } = given;
  const reads = async (count: number) => { const until = found.reads + count; await eventually(`${count} reads`, () => found.reads >= until, 120_000); };
  const atReplica = async () => (await places())['replica: may lag'] ?? 0;
  const readThere = async () => { const known = await atReplica(); await eventually('reads at the replica', async () => await atReplica() > known + 10, 120_000); };
  const KINDS = {
    paused: async () => { await pair.pause(); await reads(READS_BETWEEN); await pair.resume(); },
    killed: async () => { await pair.kill(); await reads(READS_BETWEEN); await pair.start(); },
    'killed while paused': async () => { await pair.pause(); await reads(READS_BETWEEN); await pair.kill(); await reads(READS_BETWEEN); await pair.start(); },
  };
  const names = Object.keys(KINDS) as (keyof typeof KINDS)[];
  for (let n = 0; n < given.disturbances; n += 1) {
    // Each at least once, then as chance has it.
    const name = names[n] ?? names[Math.floor(random() * names.length)]!;
    await readThere();
    await KINDS[name]();
    found.disturbances[name] = (found.disturbances[name] ?? 0) + 1;
    if (given.say && (n + 1) % 10 === 0) given.say(`${n + 1} disturbances, ${found.reads} reads, ${found.missed.length} missed, ${found.failed.length} failed`);
  }
  await readThere();
}

export const figuresOf = ({ writes, reads, disturbances, places: went, missed, failed }: ReplicaFound): string =>
  `${writes} changes, ${reads} reads: ${missed.length} of an own change missed, ${failed.length} requests failed; ` +
  `the replica was ${Object.entries(disturbances).map(([name, count]) => `${count} × ${name}`).join(', ')}; ` +
  `${Object.entries(went).filter(([, count]) => count > 0).map(([place, count]) => `${count} ${place}`).join(', ')}`;
