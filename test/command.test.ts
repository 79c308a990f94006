/** The command as a person types it: what it refuses, in one sentence, and how it starts and stops. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { LoginDocument, SearchDocument, TenantDocument } from '../clients/typescript/index.ts';
import { ARRANGEMENTS, startArrangement, type Running } from './kit/arrangements.ts';
import { forgetFolder } from '../platform/embedded/postgres-home.ts';
import { eventually } from './kit/eventually.ts';
import { freePort } from './kit/free-port.ts';
import { freshDatabase, type TestDatabase } from './kit/databases.ts';

const START = fileURLToPath(new URL('../platform/start.mjs', import.meta.url));

let database: TestDatabase;
let data: string;
let taken: Server;
beforeAll(async () => {
  database = await freshDatabase();
  data = mkdtempSync(join(tmpdir(), 'atlas command '));
  taken = createServer();
  await new Promise<void>((resolve) => { taken.listen(0, '127.0.0.1', resolve); });
});
afterAll(async () => {
  taken.close();
  await database.drop();
  rmSync(data, { recursive: true, force: true });
});

interface Ended { code: number | null; out: string; err: string }
function atlas(words: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [START, ...words], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl, ATLAS_DATA: data, ...env }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (text: Buffer) => { out += String(text); });
    child.stderr.on('data', (text: Buffer) => { err += String(text); });
    child.once('exit', (code) => resolve({ code, out, err }));
  });
}

describe('the command refuses, in one sentence,', () => {
  it.each([
    ['a service that does not exist', ['nothing'], {}, /^There is no service called nothing\. There are: users, tenants, billing, collections, search, ai, gateway; none named starts all\.\n$/],
    ['an option that does not exist', ['--port'], {}, /^There is no option called --port\./],
    ['a service whose neighbour is nowhere', ['users'], {}, /^The users service needs the tenants service: start it here too \(npx atlas users tenants\), or say in TENANTS_URL where it runs\.\n$/],
    ['a service whose neighbour only handles events here', ['users', 'tenants:consumers'], {}, /^The users service needs the tenants service: start it here too \(npx atlas users tenants\), or/],
    ['a part that there is not', ['tenants:writers'], {}, /^tenants:writers is no part of tenants: tenants:api answers, tenants:consumers handles events, tenants:jobs runs jobs, tenants is all of it\.\n$/],
    ['a part of the gateway', ['users', 'tenants', 'gateway:api'], {}, /^The gateway has no parts/],
    ['a service that is named twice', ['tenants:api', 'tenants:consumers'], {}, /^tenants is named twice: tenants alone is all of its parts\.\n$/],
    ['an import of nothing', ['import'], {}, /^Say one folder: atlas import DIR/],
    ['an import of what is no folder', ['import', START], {}, /start\.mjs is no folder\.\n$/],
    ['an import into a tenant that does not exist', ['import', '.', '--tenant', 'nobodys'], {}, /^There is no tenant "nobodys"; npx atlas demo makes one that is called demo\.\n$/],
    ['a demo of something', ['demo', 'tenants'], {}, /^atlas demo takes nothing more\.\n$/],
    ['events without a verb', ['events'], {}, /^atlas events is nothing that can be done\. There are: lag, dead, replay, rewind\.\n$/],
    ['a replay of nothing', ['events', 'replay'], {}, /^atlas events replay takes the id of a dead letter, or all\.\n$/],
    ['a rewind to nowhere', ['events', 'rewind', 'tenants:x', 'yesterday'], {}, /^yesterday is neither a time \(2026-01-31T12:00:00Z\) nor a position of the log nor start\.\n$/],
    ['a gateway alone', ['gateway'], {}, /^The gateway service needs the users service/],
    ['a setting that is wrong, by name and without its value', [], { PORT: 'canary' }, /^PORT must be a port number\.\n$/],
    ['a secret that is too short', [], { ATLAS_SECRET: 'canary' }, /^ATLAS_SECRET must be at least 32 characters\.\n$/],
    ['production without a secret', [], { NODE_ENV: 'production' }, /^ATLAS_SECRET must be set when NODE_ENV is production/],
    ['a database that is not there', ['tenants'], { DATABASE_URL: 'postgres://atlas:canary@127.0.0.1:9/x', DATABASE_OWNER_URL: '' }, /^The database at DATABASE_URL does not answer/],
  ] as const)('%s', async (_, words, env, said) => {
    const { code, err } = await atlas(words, env);
    expect(err).toMatch(said);
    expect(err).not.toContain('canary');
    expect(code).toBe(1);
  });

  it('a port that is taken', async () => {
    const { port } = taken.address() as AddressInfo;
    const { code, err } = await atlas([], { PORT: String(port) });
    expect(err).toBe(`Port ${port} is taken: stop what listens there, or set PORT to another.\n`);
    expect(code).toBe(1);
  });
});

describe('the command', () => {
  let running: Running;
  beforeAll(async () => { running = await startArrangement(ARRANGEMENTS['in one process']); }, 120_000);
  afterAll(() => running?.stop());

  it('says where it is, what is embedded and what is real, and a query to begin with', () => {
    const said = running.printed();
    expect(said).toContain(`gateway    ${running.url.replace('127.0.0.1', 'localhost')}`);
    expect(said).toContain('database   PostgreSQL at DATABASE_URL');
    expect(said).toMatch(/mail {7}written to .*mail/);
    expect(said).toContain('First query:');
  });

  it('makes a demo beside a running Atlas, the same each time, that one can sign in to', async () => {
    const [first, second] = [await running.run('demo'), await running.run('demo')];
    expect(second).toBe(first);
    const [, email, password] = /^ {2}(owner@\S+) +(\S+)$/m.exec(first)!;
    const { login } = await running.client().mutate(LoginDocument, { input: { email: email!, password: password! } });
    const { tenant } = await running.client({ session: login!.session!, tenant: 'demo' }).query(TenantDocument, {});
    expect(tenant).toMatchObject({ slug: 'demo', viewerRole: 'OWNER' });
    const [, guest, theirs] = /^ {2}(guest@\S+) +(\S+)$/m.exec(first)!;
    const { login: asGuest } = await running.client().mutate(LoginDocument, { input: { email: guest!, password: theirs! } });
    const { collections } = await running.client({ session: asGuest!.session!, tenant: 'demo' }).query<any, object>('{ collections { nodes { name viewerRole itemCount } } }', {});
    expect(collections.nodes).toEqual([{ name: 'Reading list', viewerRole: 'EDITOR', itemCount: 3 }, { name: 'Field notes', viewerRole: 'VIEWER', itemCount: 4 }]);
    const [key] = /atl_live_\w+/.exec(first)!;
    expect((await running.client({ key }).query(TenantDocument, {})).tenant!.slug).toBe('demo');
  });

  it('brings a folder into a tenant beside a running Atlas: found and shown to who belongs to it, once, and only what has changed is changed', async () => {
    const folder = join(data, 'notes');
    mkdirSync(join(folder, 'deep', '.hidden'), { recursive: true });
    const put = (path: string, text: string) => { writeFileSync(join(folder, path), text); };
    put('bittern.md', '# The booming bittern of the cafe\u0301\r\n\r\nIt booms in reed beds.\r\n');
    put('deep/without a heading.markdown', '# \u202e\n\nRails are shy.');
    put('empty.md', '');
    put('deep/.hidden/no.md', 'canary');
    put('no.txt', 'canary');
    const [email, password] = /^ {2}(member@\S+) +(\S+)$/m.exec(await running.run('demo'))!.slice(1);
    const words = ['import', folder, '--tenant', 'demo', '--collection', 'Notes'];
    expect(await running.run(...words)).toContain('3 new, 0 changed, 0 as they were, in the collection "Notes" of demo.');
    expect(await running.run(...words)).toContain('0 new, 0 changed, 3 as they were');
    put('bittern.md', '# Bitterns\n\nThey boom in reed beds.\n');
    expect(await running.run(...words)).toContain('0 new, 1 changed, 2 as they were');
    const { login } = await running.client().mutate(LoginDocument, { input: { email: email!, password: password! } });
    const member = running.client({ session: login!.session!, tenant: 'demo' });
    const { collections } = await member.query<any, object>('{ collections(filter: { namePrefix: "Notes" }) { nodes { viewerRole items { nodes { title body metadata } } } } }', {});
    expect(collections.nodes).toEqual([{ viewerRole: 'VIEWER', items: { nodes: expect.arrayContaining([
      { title: 'Bitterns', body: '# Bitterns\n\nThey boom in reed beds.\n', metadata: { path: 'bittern.md' } },
      { title: 'without a heading', body: '# \u202e\n\nRails are shy.', metadata: { path: 'deep/without a heading.markdown' } },
      { title: 'empty', body: '', metadata: { path: 'empty.md' } },
    ]) } }]);
    expect(collections.nodes[0].items.nodes).toHaveLength(3);
    const found = await eventually('search to have heard of it', async () => {
      const { search } = await member.query(SearchDocument, { query: 'boom reed beds' });
      return search!.nodes.some(({ item }: any) => item.title === 'Bitterns') ? search!.nodes : null;
    });
    expect(found.map(({ item }: any) => item.title)).not.toContain('The booming bittern of the caf\u00e9');
  });

  it('stops cleanly, also when Ctrl-C arrives twice, as it does through npm', async () => {
    const child = running.process('gateway');
    const ended = new Promise((resolve) => { child.once('exit', (code, signal) => resolve([code, signal])); });
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  });
});

describe('two processes over one data folder', () => {
  const own = { DATABASE_URL: '', DATABASE_OWNER_URL: '' };
  let folder: string;
  let server: ReturnType<typeof spawn>;
  let port: number;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'atlas shared '));
    port = await freePort();
    server = spawn(process.execPath, [START], { env: { PATH: process.env.PATH, HOME: process.env.HOME, ATLAS_DATA: folder, PORT: String(port) }, stdio: 'ignore' });
    await eventually('Atlas to be ready', () => fetch(`http://127.0.0.1:${port}/ready`).then((response) => response.ok, () => false), 90_000);
  }, 120_000);
  afterAll(async () => {
    const ended = new Promise((resolve) => { server.once('exit', resolve); });
    server.kill('SIGTERM');
    await ended;
    forgetFolder(join(folder, 'postgres'));
    rmSync(folder, { recursive: true, force: true });
  });

  it('share the embedded server: a demo beside a running Atlas works on its data', async () => {
    const { code, out } = await atlas(['demo'], { ...own, ATLAS_DATA: folder, PORT: String(port) });
    expect([code, /^ {2}owner@demo\.atlas/m.test(out)]).toEqual([0, true]);
  });

  it('and one that finds the port taken says so and ends, leaving the other as it was', async () => {
    const { code, err } = await atlas([], { ...own, ATLAS_DATA: folder, PORT: String(port) });
    expect(err).toContain(`Port ${port} is taken: stop what listens there, or set PORT to another.\n`);
    expect(code).toBe(1);
    expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(200);
  });
});

describe('atlas audit', () => {
  it('says that every trail is whole, or where one is broken, and exits by that', async () => {
    const whole = await atlas(['audit']);
    expect([whole.code, whole.out]).toEqual([0, expect.stringMatching(/^system: whole, \d+ events?/)]);
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query(`ALTER TABLE tenants.audit_head NO FORCE ROW LEVEL SECURITY;  INSERT INTO tenants.audit_head VALUES ('tnt_01m7y7ezbye4897ycr129xnywg', 3, 'planted', 'evt_planted', 'planted'), ('planted', 1, 'planted', 'evt_planted', 'planted')`);
    await owner.end();
    const broken = await atlas(['audit']);
    expect([broken.code, broken.out]).toEqual([1, expect.stringContaining('tnt_01m7y7ezbye4897ycr129xnywg: BROKEN at evt_planted: what stood in places 1 to 3 is missing.')]);
    expect(broken.out).toContain('planted: BROKEN at its end: no tenant can have this id.');
    expect((await atlas(['audit', 'system'])).code).toBe(0);
    expect(await atlas(['audit', 'nobodys'])).toMatchObject({ code: 1, err: expect.stringContaining('There is no audit trail of nobodys') });
    expect(await atlas(['audit', 'system', 'x'])).toMatchObject({ code: 1, err: expect.stringContaining('What was noted of an audit trail is') });
  });
});
