/**
 * R1: Atlas as processes under a load of changes, while one of them (a service, the gateway, the database) is ended
 * without warning again and again. Each client remembers what it was answered; at the end everything is read and
 * compared, every event is delivered once more, and nothing may change.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { BUS_ROLE } from '../../platform/database/roles.ts';
import { embeddedPostgres, type EmbeddedPostgres } from '../../platform/embedded/postgres.ts';
import { startArrangement, type Running } from '../kit/arrangements.ts';
import { eventually } from '../kit/eventually.ts';
import type { Broker } from '../kit/kafka.ts';
import { randomFrom } from '../kit/random.ts';
import { startItemWriter } from './item-writers.ts';
import { startWriter, type Writer } from './writers.ts';

/** Tenants is two processes: one answers, the other handles events. */
const GROUPS = [['users'], ['tenants:api'], ['tenants:consumers'], ['billing'], ['collections'], ['search'], ['gateway']] as const;
export const VICTIMS = ['users', 'tenants:api', 'tenants:consumers', 'collections', 'gateway', 'database'] as const;
export type Victim = (typeof VICTIMS)[number] | 'kafka';

export interface Kills {
  kills: { victim: Victim; upAgainMs: number; servedAgainMs: number }[];
  acknowledged: number;
  refused: number;
  unknown: number;
  /** What was wrong in the end, one sentence each. */
  faults: string[];
}

const WRITERS = 4;
const ITEM_WRITERS = 2;
const UNDISTURBED_MS = 1_500;
/** The embedded server is brought back a few times in a row, and then only when it has run for a minute. */
const DATABASE_REST_MS = 61_000;

/** `kafka`: the groups listen there, and it is one of those that are ended, and away for so long. */
export interface KillRun { victims: readonly Victim[] | number; seed: number; kafka?: { broker: Broker; awayMs: number }; say?: (line: string) => void }

export async function killRun(given: KillRun): Promise<Kills> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-kills-'));
  const postgres = await embeddedPostgres({ folder: join(folder, 'postgres') });
  const next = randomFrom(given.seed);
  const found: Kills = { kills: [], acknowledged: 0, refused: 0, unknown: 0, faults: [] };
  let atlas: Running | undefined;
  try {
    atlas = await startArrangement(GROUPS, kafkaOf(given), { url: postgres.url, ownerUrl: postgres.ownerUrl, drop: async () => undefined });
    const writers = await Promise.all([
      ...Array.from({ length: WRITERS }, (_, n) => startWriter(atlas!, n, next)),
      ...Array.from({ length: ITEM_WRITERS }, (_, n) => startItemWriter(atlas!, postgres.url, n, next)),
    ]);
    let databaseAt = -Infinity;
    const any: readonly Victim[] = given.kafka ? [...VICTIMS, 'kafka'] : VICTIMS;
    const count = typeof given.victims === 'number' ? given.victims : given.victims.length;
    for (let n = 0; n < count; n += 1) {
      await sleep(UNDISTURBED_MS + next() * 1_000);
      const wanted = typeof given.victims === 'number' ? any[Math.floor(next() * any.length)]! : given.victims[n]!;
      const victim = wanted === 'database' && Date.now() - databaseAt < DATABASE_REST_MS ? 'tenants:api' : wanted;
      if (victim === 'database') databaseAt = Date.now();
      const took = await kill(victim, { atlas, postgres, kafka: given.kafka });
      found.kills.push({ victim, ...took });
      given.say?.(`${n + 1}/${count} ${victim} ended; up again after ${Math.round(took.upAgainMs)} ms, served again after ${Math.round(took.servedAgainMs)} ms`);
    }
    await sleep(UNDISTURBED_MS);
    await Promise.all(writers.map((writer) => writer.stop()));
    for (const { counts } of writers) for (const key of ['acknowledged', 'refused', 'unknown'] as const) found[key] += counts[key];
    found.faults = await settled(atlas, writers, () => toldIn(postgres.url));
    return found;
  } finally {
    await atlas?.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ends it as a power cut would, brings it back, and waits until a change goes through again; how long that was. */
async function kill(victim: Victim, { atlas, postgres, kafka }: { atlas: Running; postgres: EmbeddedPostgres; kafka: KillRun['kafka'] }): Promise<Omit<Kills['kills'][number], 'victim'>> {
  const since = performance.now();
  if (victim === 'database') process.kill(Number(readFileSync(join(postgres.dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
  else if (victim === 'kafka') {
    await kafka!.broker.kill();
    await eventually('a change to go through without it', () => changeGoesThrough(atlas.url), 60_000);
    const ms = performance.now() - since;
    await sleep(kafka!.awayMs);
    await kafka!.broker.start();
    return { upAgainMs: 0, servedAgainMs: ms };
  } else {
    const child = atlas.process(victim);
    const ended = new Promise((resolve) => { child.once('exit', resolve); });
    child.kill('SIGKILL');
    await ended;
    await atlas.restart(victim);
  }
  const upAgainMs = performance.now() - since;
  await eventually('a change to go through', () => changeGoesThrough(atlas.url), 60_000);
  return { upAgainMs, servedAgainMs: performance.now() - since };
}

const kafkaOf = ({ kafka, seed }: KillRun): Record<string, string> => (kafka ? { KAFKA_BROKERS: kafka.broker.settings.KAFKA_BROKERS.join(','), KAFKA_PREFIX: `kills-${seed}`, KAFKA_PARTITIONS: '4' } : {});

const changeGoesThrough = (url: string): Promise<boolean> => fetch(url, {
  method: 'POST', headers: { 'content-type': 'application/json' }, signal: AbortSignal.timeout(3_000),
  body: JSON.stringify({ query: 'mutation($input: RegisterInput!) { register(input: $input) { user { id } } }', variables: { input: { email: `probe-${Math.random().toString(36).slice(2)}@example.org`, name: 'Probe', password: 'a long enough pass phrase' } } }),
}).then(async (response) => (await response.json() as { data?: { register?: { user?: unknown } } }).data?.register?.user != null, () => false);

/** Waits until nothing is on its way, compares, delivers everything once more, and compares again. */
async function settled(atlas: Running, writers: readonly Writer[], told: () => Promise<number>): Promise<string[]> {
  const quiet = () => eventually('every event to be handled', async () => {
    const [, ...groups] = (await atlas.run('events', 'lag')).trim().split('\n').map((line) => line.trim().split(/\s{2,}/));
    return groups.length > 0 && groups.every(([, waiting]) => waiting === '0');
  }, 60_000);
  await quiet();
  const once = [...(await Promise.all(writers.map((writer) => writer.faults()))).flat(), ...await doubledOrLost(atlas, told, 'Delivered once')];
  await atlas.run('events', 'rewind', 'tenants:audit', 'start');
  await sleep(1_500);
  await quiet();
  const again = await doubledOrLost(atlas, told, 'Delivered once more');
  const dead = await atlas.run('events', 'dead');
  return [...once, ...again, ...(/ded_/.test(dead) ? [`Something was set aside: ${dead}`] : [])];
}

/** Each event is one row of a trail. Some are told late (a refusal is told again after a minute, with how often), so rows may be awaited, and none may be too many. */
async function doubledOrLost(atlas: Running, told: () => Promise<number>, when: string): Promise<string[]> {
  let rows = 0;
  let events = 0;
  const whole = await eventually('a row for every event', async () => {
    rows = await auditOf(atlas);
    events = await told();
    return rows >= events;
  }, 30_000).catch(() => false);
  if (events === 0) return ['Nothing was told at all.'];
  return whole && rows === events ? [] : [`${when}, ${events} events made ${rows} rows of the audit trail.`];
}

/** How many events that are part of a trail stand in the log of the database, which is older than a day in none of these runs. */
async function toldIn(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, options: `-c role=${BUS_ROLE}` });
  await client.connect();
  try {
    const { rows: [row] } = await client.query("SELECT count(DISTINCT envelope->>'id')::int AS count FROM bus.event_log WHERE envelope->>'type' <> 'gateway.usage-recorded'");
    return row.count;
  } finally {
    await client.end();
  }
}

/** Every trail, the system's too: whole, and how long. Rejects when one is broken. */
const auditOf = async (atlas: Running): Promise<number> => {
  const counts = [...(await atlas.run('audit')).matchAll(/: whole, (\d+) events?/g)].map(([, count]) => Number(count));
  return counts.reduce((sum, count) => sum + count, 0);
};

export const figuresOf = ({ kills, acknowledged, refused, unknown, faults }: Kills): string => {
  const took = kills.map(({ servedAgainMs }) => servedAgainMs).sort((a, b) => a - b);
  const at = (part: number) => Math.round(took[Math.min(took.length - 1, Math.floor(took.length * part))]!);
  const by = [...new Set(kills.map(({ victim }) => victim))].map((victim) => `${victim} ${kills.filter((kill) => kill.victim === victim).length}`).join(', ');
  return `${kills.length} kills (${by}); changes: ${acknowledged} acknowledged, ${refused} refused, ${unknown} unknown; ${faults.length} lost, doubled or broken; served again: half within ${at(0.5)} ms, 95 of 100 within ${at(0.95)} ms, at most ${at(1)} ms`;
};
