/** A process does all of a service, or one part of it; and what whoever runs Atlas can see and do from beside it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { openPostgresLog, type PostgresLog } from '../platform/bus/postgres-log.ts';
import { openLog } from '../platform/log.ts';
import { thing } from './kit/consuming.ts';
import { eventually } from './kit/eventually.ts';
import { freePort } from './kit/free-port.ts';
import { freshDatabase, type TestDatabase } from './kit/databases.ts';

const START = fileURLToPath(new URL('../platform/start.mjs', import.meta.url));
const GROUP = 'tenants:tenants.member-invited';
let database: TestDatabase;
let data: string;
let bus: PostgresLog;
let sql: pg.Client;
const started: ChildProcess[] = [];
beforeAll(async () => {
  database = await freshDatabase();
  data = mkdtempSync(join(tmpdir(), 'atlas parts '));
  bus = await openPostgresLog({ url: database.url, ownerUrl: database.ownerUrl, keep: { days: 7, bytes: 1e9 }, log: openLog({ level: 'silent', pretty: false }) });
  sql = new pg.Client({ connectionString: database.url, options: '-c role=atlas_bus' });
  await sql.connect();
});
afterAll(async () => {
  await Promise.all(started.map((child) => new Promise<void>((resolve) => { child.once('exit', () => resolve()); child.kill('SIGTERM'); })));
  await sql?.end();
  await bus?.close();
  await database?.drop();
  rmSync(data, { recursive: true, force: true });
});

const env = () => ({ PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl, ATLAS_DATA: data, LOG_LEVEL: 'warn' });
async function start(word: string): Promise<string> {
  const port = await freePort();
  const child = spawn(process.execPath, [START, word], { env: { ...env(), TENANTS_PORT: String(port) }, stdio: ['ignore', 'ignore', 'inherit'] });
  started.push(child);
  const url = `http://127.0.0.1:${port}`;
  await eventually(`${word} to be ready`, () => fetch(`${url}/ready`).then(({ ok }) => ok, () => false), 60_000);
  return url;
}
const atlas = (...words: string[]) => new Promise<{ code: number; out: string; err: string }>((resolve) => {
  execFile(process.execPath, [START, ...words], { env: env() }, (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }));
});
const ask = (url: string) => fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ __typename }"}' });
const groups = async () => (await bus.lag()).map(({ group }) => group);
const metrics = async (url: string) => (await fetch(`${url}/metrics`)).text();

describe('a process', () => {
  let api: string;
  let consumers: string;

  it('that only answers is no consumer and says nothing of any', async () => {
    api = await start('tenants:api');
    expect((await ask(api)).status).not.toBe(404);
    expect(await groups()).toEqual([]);
    expect(await metrics(api)).not.toContain('atlas_consumer_waiting{');
    expect(await (await fetch(`${api}/ready`)).json()).toEqual({ ready: true, detail: { tenants: 'ready', events: 'ready' } });
  });

  it('that only handles events shows how it is, and no graph', async () => {
    consumers = await start('tenants:consumers');
    await eventually('its groups', async () => (await groups()).includes(GROUP));
    const refused = await ask(consumers);
    expect([refused.status, await refused.json()]).toEqual([404, { errors: [{ message: 'Nothing is here: this process handles events or runs jobs, and answers nothing.' }] }]);
    expect((await fetch(`${consumers}/health`)).status).toBe(200);
    const said = await eventually('its lag', async () => {
      const { detail } = await (await fetch(`${consumers}/ready`)).json() as { detail: Record<string, string> };
      return detail.consumers ? detail : null;
    });
    expect(said).toEqual({ tenants: 'ready', events: 'ready', consumers: 'nothing waits' });
    const shown = await eventually('its metrics', async () => { const text = await metrics(consumers); return text.includes(`atlas_consumer_waiting{group="${GROUP}"}`) && text; });
    for (const name of ['waiting', 'oldest_seconds']) expect(shown).toContain(`atlas_consumer_${name}{group="${GROUP}"} 0`);
    expect(shown).toContain(`atlas_dead_letters{group="${GROUP}"} 0`);
  });

  it('whose consumer has set something aside says so, and is ready all the same', async () => {
    await bus.deadLetters.park({ consumer: GROUP, event: thing('broken'), error: new Error('broken'), tries: 5 });
    const { ready, detail } = await eventually('the dead letter to be said', async () => {
      const said = await (await fetch(`${consumers}/ready`)).json() as { ready: boolean; detail: Record<string, string> };
      return said.detail.consumers?.includes('set aside') && said;
    });
    expect([ready, detail.consumers]).toEqual([true, 'nothing waits; 1 set aside']);
    await sql.query('DELETE FROM bus.dead_letter');
  });
});

describe('atlas events', () => {
  const park = async (consumer: string, subject: string) => {
    await bus.deadLetters.park({ consumer, event: thing(subject), error: new TypeError(`no ${subject}`), tries: 5 });
    return (await bus.deadLetters.list(1))[0]!.id;
  };
  const due = async () => (await sql.query<{ due: number }>('SELECT count(*)::int AS due FROM bus.dead_letter WHERE retry_at <= now()')).rows[0]!.due;

  it('lag says how far behind each consumer is', async () => {
    const { code, out } = await atlas('events', 'lag');
    expect(code).toBe(0);
    expect(out).toMatch(/^group +waiting {2}oldest\n/);
    expect(out).toMatch(new RegExp(`^${GROUP} +0$`, 'm'));
  });

  it('dead lists what is set aside, with its cause; replay has one tried again, or all', async () => {
    expect(await atlas('events', 'dead')).toEqual({ code: 0, out: 'No event is set aside.\n', err: '' });
    const [first, second] = [await park('tenants:nobody', 'one'), await park('tenants:nobody', 'two')];
    const listed = await atlas('events', 'dead');
    expect(listed.out).toMatch(new RegExp(`^${second} +tenants:nobody +evt_\\w+ +\\S+ \\S+ +5 +\\S+ \\S+ +INTERNAL +TypeError: no two\\n${first} `, 'm'));
    const one = await atlas('events', 'replay', first);
    expect([one.code, one.out, await due()]).toEqual([0, 'One event is tried again within some seconds, wherever the consumer runs; npx atlas events dead says what is left.\n', 1]);
    const all = await atlas('events', 'replay', 'all');
    expect([all.code, all.out.slice(0, 12), await due()]).toEqual([0, '2 events are', 2]);
    const none = await atlas('events', 'replay', 'ded_1');
    expect(none).toEqual({ code: 1, out: '', err: 'No event is set aside as ded_1; npx atlas events dead lists those that are.\n' });
  });

  it('rewind moves a consumer back, never forward, and refuses one that nobody is', async () => {
    const positions = async () => (await sql.query<{ p: string }>(`SELECT DISTINCT position AS p FROM bus.cursor WHERE group_name = 'tenants:rewound'`)).rows.map(({ p }) => Number(p));
    await sql.query(`INSERT INTO bus.cursor (group_name, lane, position) SELECT 'tenants:rewound', lane, 50 FROM generate_series(0, 15) AS lane`);
    expect((await atlas('events', 'rewind', 'tenants:rewound', '70')).code).toBe(0);
    expect(await positions()).toEqual([50]);
    expect((await atlas('events', 'rewind', 'tenants:rewound', '20')).code).toBe(0);
    expect(await positions()).toEqual([20]);
    const { code, out } = await atlas('events', 'rewind', 'tenants:rewound', 'start');
    expect([code, out.split(';')[0], await positions()]).toEqual([0, 'tenants:rewound handles what is kept once more from there on', [0]]);
    const refused = await atlas('events', 'rewind', 'tenants:nobody', 'start');
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toMatch(/^Nobody has ever listened as tenants:nobody\. There are: .*tenants:rewound/);
  });
});
