/**
 * How soon what was written is found, and what becomes of it while an engine is away. `npm run test:full search [findable|away] [count]`:
 * 400 items that four people write, each looked for by its own word until it is found; and 10 000 items that are written
 * while Meilisearch hangs up: all of them found in the database meanwhile, and told to the engine when it is back. The engine is
 * the one of MEILI_URL, or one that speaks as it is documented.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import pg from 'pg';
import { embeddedPostgres } from '../../platform/embedded/postgres.ts';
import { newCollection } from '../kit/collections.ts';
import { gateTo } from '../kit/gate.ts';
import { meiliServer } from '../kit/meili-server.ts';
import { newFindable, search } from '../kit/search.ts';
import { startServices, type Kit } from '../kit/services.ts';
import { newTenant, type TestTenant } from '../kit/tenants.ts';

const FINDABLE = { count: 400, writers: 4, p50Ms: 300, p99Ms: 2_000, giveUpMs: 30_000 };
const AWAY = { count: 10_000, writers: 8, caughtUpMs: 60_000, giveUpMs: 900_000, looks: 20 };
const SERVICES = ['users', 'tenants', 'collections', 'search'] as const;
const SAY_EVERY_MS = 10_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const pause = (ms: number) => new Promise<void>((resolve) => { setTimeout(resolve, ms); });
const percentile = (of: readonly number[], share: number): number => of.toSorted((a, b) => a - b)[Math.min(of.length - 1, Math.floor(of.length * share))] ?? NaN;

export async function run([which, count]: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-search-'));
  const postgres = await embeddedPostgres({ folder: join(folder, 'postgres') });
  Object.assign(process.env, { ATLAS_TEST_URL: postgres.url, ATLAS_TEST_OWNER_URL: postgres.ownerUrl });
  try {
    if (which !== 'away') await findable(Number(count ?? FINDABLE.count));
    if (which !== 'findable') await away(Number(count ?? AWAY.count));
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is missed is said, and is the end of the run: a figure that is promised. */
function promised(what: string, value: number, most: number): void {
  say(`${what}: ${Math.round(value)} ms (promised: ${most} ms)`);
  if (!(value <= most)) {
    process.exitCode = 1;
    say('  MISSED');
  }
}

/** A line now and then, so that whoever waits knows what for. */
function saying(): (line: () => string) => void {
  let last = Date.now();
  return (line) => {
    if (Date.now() - last < SAY_EVERY_MS) return;
    last = Date.now();
    say(`  ${line()}`);
  };
}

/** From when the answer to a write is there, which is after its commit, to an answer of search that has it. No token: nobody waits inside. */
async function findable(count: number): Promise<void> {
  const kit = await startServices(SERVICES);
  try {
    const { owner } = await newTenant(kit);
    const collectionId = await newCollection(kit, owner);
    const tell = saying();
    const times: number[] = [];
    let made = 0;
    await Promise.all(Array.from({ length: FINDABLE.writers }, async () => {
      while (made < count) {
        const word = wordOf(made += 1);
        await newFindable(kit, owner, collectionId, { title: `About ${word}`, body: `${word} stands here, among others.` });
        const since = performance.now();
        while ((await search(kit, owner, word)).ids.length === 0) {
          if (performance.now() - since > FINDABLE.giveUpMs) throw new Error(`${word} was not found in ${FINDABLE.giveUpMs} ms.`);
          await pause(5);
        }
        times.push(performance.now() - since);
        tell(() => `${times.length} of ${count} found`);
      }
    }));
    say(`${times.length} items by ${FINDABLE.writers} writers at once, each asked for every 5 ms; longest ${Math.round(Math.max(...times))} ms`);
    promised('commit → findable, p50', percentile(times, 0.5), FINDABLE.p50Ms);
    promised('commit → findable, p99', percentile(times, 0.99), FINDABLE.p99Ms);
  } finally {
    await kit.stop();
  }
}

const SYLLABLES = ['ba', 'ko', 'du', 'fe', 'gi', 'ha', 'je', 'lu', 'mo', 'ni', 'pa', 'ro', 'su', 'te', 'vi', 'za'];
/** Far enough from every other that none is taken for a slip of another. */
const wordOf = (n: number): string => `q${[12, 8, 4, 0].map((shift) => SYLLABLES[(n >> shift) & 15]!.repeat(2)).join('')}x`;

async function away(count: number): Promise<void> {
  const own = process.env.MEILI_URL ? null : await meiliServer();
  const gate = await gateTo(process.env.MEILI_URL ?? own!.url);
  const kit = await startServices(SERVICES, { env: { MEILI_URL: gate.url, ...(process.env.MEILI_KEY && { MEILI_KEY: process.env.MEILI_KEY }) } });
  try {
    const acme = await newTenant(kit);
    const collectionId = await newCollection(kit, acme.owner);
    const { token } = await newFindable(kit, acme.owner, collectionId, { title: 'The first of all herons' });
    await search(kit, acme.owner, 'heron', { atLeast: token });
    await until('the engine to answer', async () => !(await search(kit, acme.owner, 'heron')).degraded);
    gate.close();
    say(`The engine (${own ? 'a stand-in that speaks as Meilisearch is documented' : 'Meilisearch'}) is away.`);
    await written(kit, acme, collectionId, count);
    const last = performance.now();
    await until('the database to have all', async () => (await search(kit, acme.owner, 'heron')).totalCount === count + 1, async () => `${(await search(kit, acme.owner, 'heron')).totalCount} of ${count + 1} found in the database`);
    say(`all of them found in the database ${Math.round((performance.now() - last) / 1_000)} s after the last was written`);
    if (!(await search(kit, acme.owner, 'heron')).degraded) throw new Error('An answer without the engine does not say that it is degraded.');
    gate.open();
    const since = performance.now();
    await until('the engine to have caught up', async () => (await behind(kit, acme)) === 0n && !(await search(kit, acme.owner, 'heron')).degraded, async () => `${await behind(kit, acme)} changes behind`);
    promised(`${count} events caught up after the engine was away`, performance.now() - since, AWAY.caughtUpMs);
    const { totalCount } = await search(kit, acme.owner, 'heron');
    if (totalCount < Math.min(count + 1, 10_000)) throw new Error(`The engine finds ${totalCount} of ${count + 1}.`);
  } finally {
    await kit.stop();
    gate.stop();
    own?.stop();
  }
}

/** Every write is answered, and whoever searches meanwhile is answered too, and told that it is less. */
async function written(kit: Kit, { owner }: TestTenant, collectionId: string, count: number): Promise<void> {
  const [tell, room] = [saying(), pLimit(AWAY.writers)];
  const since = performance.now();
  let [made, asked] = [0, 0];
  await Promise.all(Array.from({ length: count }, (_, n) => room(async () => {
    await newFindable(kit, owner, collectionId, { title: `Heron number ${n}` });
    made += 1;
    tell(() => `${made} of ${count} written`);
    if (n % Math.ceil(count / AWAY.looks) !== 0) return;
    asked += 1;
    if (!(await search(kit, owner, 'heron')).degraded) throw new Error('An answer without the engine does not say that it is degraded.');
  })));
  say(`${made} items written in ${Math.round((performance.now() - since) / 1_000)} s while it was away; ${asked} searches in between answered, each degraded`);
}

/** How many changes it has not been told of. */
async function behind(kit: Kit, { id }: TestTenant): Promise<bigint> {
  const sql = new pg.Client({ connectionString: kit.database.url });
  await sql.connect();
  try {
    await sql.query(`BEGIN; SET LOCAL ROLE atlas_search; SET LOCAL app.tenant_id = '${id}'`);
    const { rows: [row] } = await sql.query<{ behind: string }>(`SELECT (SELECT seq FROM search.tenant) - coalesce((SELECT seq FROM search.follower WHERE name = 'words in meilisearch'), 0) AS behind`);
    return BigInt(row!.behind);
  } finally {
    await sql.end();
  }
}

async function until(what: string, look: () => Promise<boolean>, state?: () => Promise<string>): Promise<void> {
  const since = performance.now();
  for (let said = since; !(await look()); await pause(100)) {
    if (performance.now() - since > AWAY.giveUpMs) throw new Error(`Waited ${AWAY.giveUpMs / 1_000} s in vain for ${what}.`);
    if (!state || performance.now() - said < SAY_EVERY_MS) continue;
    said = performance.now();
    say(`  waiting for ${what}: ${await state()}`);
  }
}
