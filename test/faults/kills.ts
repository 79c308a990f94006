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
import { embeddedPostgres, type EmbeddedPostgres } from '../../platform/embedded/postgres.ts';
import { ARRANGEMENTS, startArrangement, type Running } from '../kit/arrangements.ts';
import { eventually } from '../kit/eventually.ts';
import { randomFrom } from '../kit/random.ts';
import { startWriter, type Writer } from './writers.ts';

export const VICTIMS = ['users', 'tenants', 'gateway', 'database'] as const;
export type Victim = (typeof VICTIMS)[number];

export interface Kills {
  kills: { victim: Victim; servedAgainMs: number }[];
  acknowledged: number;
  refused: number;
  unknown: number;
  /** What was wrong in the end, one sentence each. */
  faults: string[];
}

const WRITERS = 4;
const UNDISTURBED_MS = 1_500;
/** The embedded server is brought back a few times in a row, and then only when it has run for a minute. */
const DATABASE_REST_MS = 61_000;

export async function killRun(given: { victims: readonly Victim[] | number; seed: number; env?: Record<string, string>; say?: (line: string) => void }): Promise<Kills> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-kills-'));
  const postgres = await embeddedPostgres({ folder: join(folder, 'postgres') });
  const next = randomFrom(given.seed);
  const found: Kills = { kills: [], acknowledged: 0, refused: 0, unknown: 0, faults: [] };
  let atlas: Running | undefined;
  try {
    atlas = await startArrangement(ARRANGEMENTS['a process a service'], given.env ?? {}, { url: postgres.url, ownerUrl: postgres.ownerUrl, drop: async () => undefined });
    const writers = await Promise.all(Array.from({ length: WRITERS }, (_, n) => startWriter(atlas!, n, next)));
    let databaseAt = -Infinity;
    const count = typeof given.victims === 'number' ? given.victims : given.victims.length;
    for (let n = 0; n < count; n += 1) {
      await sleep(UNDISTURBED_MS + next() * 1_000);
      const wanted = typeof given.victims === 'number' ? VICTIMS[Math.floor(next() * VICTIMS.length)]! : given.victims[n]!;
      const victim = wanted === 'database' && Date.now() - databaseAt < DATABASE_REST_MS ? 'tenants' : wanted;
      if (victim === 'database') databaseAt = Date.now();
      const servedAgainMs = await kill(victim, atlas, postgres);
      found.kills.push({ victim, servedAgainMs });
      given.say?.(`${n + 1}/${count} ${victim} ended; served again after ${Math.round(servedAgainMs)} ms`);
    }
    await sleep(UNDISTURBED_MS);
    await Promise.all(writers.map((writer) => writer.stop()));
    for (const { counts } of writers) for (const key of ['acknowledged', 'refused', 'unknown'] as const) found[key] += counts[key];
    found.faults = await settled(atlas, writers, postgres.ownerUrl);
    return found;
  } finally {
    await atlas?.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ends it as a power cut would, brings it back, and waits until a change goes through again; how long that was. */
async function kill(victim: Victim, atlas: Running, postgres: EmbeddedPostgres): Promise<number> {
  const since = performance.now();
  if (victim === 'database') process.kill(Number(readFileSync(join(postgres.dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
  else {
    const child = atlas.process(victim);
    const ended = new Promise((resolve) => { child.once('exit', resolve); });
    child.kill('SIGKILL');
    await ended;
    await atlas.restart(victim);
  }
  await eventually('a change to go through', () => changeGoesThrough(atlas.url), 60_000);
  return performance.now() - since;
}

const changeGoesThrough = (url: string): Promise<boolean> => fetch(url, {
  method: 'POST', headers: { 'content-type': 'application/json' }, signal: AbortSignal.timeout(3_000),
  body: JSON.stringify({ query: 'mutation($input: RegisterInput!) { register(input: $input) { user { id } } }', variables: { input: { email: `probe-${Math.random().toString(36).slice(2)}@example.org`, name: 'Probe', password: 'a long enough pass phrase' } } }),
}).then(async (response) => (await response.json() as { data?: { register?: { user?: unknown } } }).data?.register?.user != null, () => false);

/** Waits until nothing is on its way, compares, delivers everything once more, and compares again. */
async function settled(atlas: Running, writers: readonly Writer[], ownerUrl: string): Promise<string[]> {
  const quiet = () => eventually('every event to be handled', async () => {
    const lines = (await atlas.run('events', 'lag')).split('\n').filter((line) => line.includes(':'));
    return lines.length > 0 && lines.every((line) => /\b0\b/.test(line));
  }, 60_000);
  await quiet();
  const once = (await Promise.all(writers.map((writer) => writer.faults()))).flat();
  const before = await auditOf(ownerUrl);
  await atlas.run('events', 'rewind', 'tenants:audit', 'start');
  await sleep(1_500);
  await quiet();
  const after = await auditOf(ownerUrl);
  const again = before === after ? [] : [`Delivered once more, the events made the audit trail ${after} rows instead of ${before}.`];
  const dead = await atlas.run('events', 'dead');
  const broken = await atlas.run('audit').then(() => [], (error: Error) => [`A trail of audit is not whole: ${error.message}`]);
  return [...once, ...again, ...broken, ...(/ded_/.test(dead) ? [`Something was set aside: ${dead}`] : [])];
}

async function auditOf(ownerUrl: string): Promise<number> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    // The owner is under row-level security too and sees no row; how many were ever added, the server counts for it.
    const { rows } = await owner.query<{ n: string }>(`SELECT coalesce(sum(n_tup_ins), 0) AS n FROM pg_stat_user_tables WHERE schemaname = 'tenants' AND relname = 'audit_event'`);
    return Number(rows[0]!.n);
  } finally {
    await owner.end();
  }
}

export const figuresOf = ({ kills, acknowledged, refused, unknown, faults }: Kills): string => {
  const took = kills.map(({ servedAgainMs }) => servedAgainMs).sort((a, b) => a - b);
  const at = (part: number) => Math.round(took[Math.min(took.length - 1, Math.floor(took.length * part))]!);
  const by = VICTIMS.map((victim) => `${victim} ${kills.filter((kill) => kill.victim === victim).length}`).join(', ');
  return `${kills.length} kills (${by}); changes: ${acknowledged} acknowledged, ${refused} refused, ${unknown} unknown; ${faults.length} lost, doubled or broken; served again: half within ${at(0.5)} ms, 95 of 100 within ${at(0.95)} ms, at most ${at(1)} ms`;
};
