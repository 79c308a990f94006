/** `npm run bench replica`: what a change and a read cost with a replica and without one, one caller at a time, on embedded servers of its own. */
import { openReplica } from '../../platform/database/replica/replica.ts';
import { newId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import type { Scope } from '../../platform/work.ts';
import { eventually } from '../kit/eventually.ts';
import { startPair } from '../kit/replica.ts';
import { Note, startToy, type Toy } from '../kit/toy.ts';
import { digits, machine, median, publish, table } from './table.ts';

const ROUNDS = 5;
const TIMES = 150;
const log = openLog({ level: 'silent', pretty: false });

async function microseconds(body: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  for (let n = 0; n < TIMES; n += 1) await body();
  return ((performance.now() - since) / TIMES) * 1_000;
}

export async function run(): Promise<void> {
  const pair = await startPair();
  const at = await pair.database();
  const replica = await openReplica({ url: at.replicaUrl, primaryUrl: at.url, lagMs: 10_000, redisUrl: undefined, log });
  const toys: [string, Toy][] = [['without a replica', await startToy({ at })], ['with a replica', await startToy({ at, replica })]];
  await eventually('the replica to be read from', () => replica.why() === null);
  const tenantId = newId('tnt');
  const [writer, reader] = [1, 2].map((): Scope => ({ kind: 'user', id: newId('usr'), userId: null, tenantId })) as [Scope, Scope];
  const note = Note.write(tenantId, 'first');
  await toys[0]![1].desk.work(writer, async ({ notes }) => notes.add(note));
  let count = 0;
  const KINDS: Record<string, (toy: Toy) => Promise<unknown>> = {
    'a change of one row, which tells an event': ({ desk }) => desk.work(writer, async ({ notes }) => (await notes.byId(note.id))!.change(String(count += 1))),
    'a look at one row': ({ desk }) => desk.look(reader, ({ notes }) => notes.byId(note.id)),
    'a glance at one row': ({ desk }) => desk.glance(reader, ({ notes }) => notes.byId(note.id)),
  };
  const rows: (string | number)[][] = [];
  for (const [what, body] of Object.entries(KINDS)) {
    const found = toys.map((): number[] => []);
    // In turn, so that whatever else the machine does falls on both.
    for (let round = 0; round < ROUNDS; round += 1) for (const [which, [, toy]] of toys.entries()) found[which]!.push(await microseconds(() => body(toy)));
    rows.push([what, ...found.map((all) => digits(median(all), 0))]);
  }
  publish('replica', `${machine()}. µs each, one after another, the median of ${ROUNDS} rounds of ${TIMES}; primary, replica and caller share the machine.\n\n${table(['', ...toys.map(([name]) => name)], rows)}`);
  for (const [, toy] of toys) await toy.database.close();
  await replica.close();
  await pair.stop();
}
