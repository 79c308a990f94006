/** A database of the bench's own with a tenant of so many items in it, and who asks for them: a MEMBER to whom each collection is shared. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { adminLogin } from '../../../platform/embedded/postgres-cluster.ts';
import { embeddedPostgres } from '../../../platform/embedded/postgres.ts';
import { newId } from '../../../platform/ids.ts';
import { ROOT } from '../processes.ts';
import { copyIn } from './copy-in.ts';

export interface World {
  env: Record<string, string>;
  tenant: string;
  email: string;
  password: string;
  /** What row-level security is told of this person: the settings that Atlas says with BEGIN. */
  settings: Record<string, string>;
  collections: string[];
  items: string[];
  userId: string;
  tenantId: string;
  count(table: 'item' | 'outbox'): Promise<number>;
  stop(): Promise<void>;
}

export const COLLECTIONS = 100;
const TAGS = ['atlas', 'bench', 'french', 'maps', 'notes', 'novel', 'paper', 'school'];
/** Points to be asked for again and again; more would only make the list of them long. */
const SAMPLE_MAX = 200;
const BODY = 'A paragraph of *Markdown* that is as long as most: it says what is known, where it comes from and what is still to be found out. '.repeat(4);

export async function openWorld(itemsMax: number, say: (line: string) => void): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
  const postgres = await embeddedPostgres({ folder: join(folder, 'postgres') });
  const stop = async () => { await postgres.stop(); rmSync(folder, { recursive: true, force: true }); };
  try {
    const passwords = JSON.parse(readFileSync(join(dirname(postgres.dataFolder), 'passwords.json'), 'utf8')) as { admin: string };
    const adminUrl = Object.assign(new URL(postgres.url), { username: adminLogin, password: passwords.admin }).href;
    // Nobody's budget of points decides how fast something is; they are counted all the same.
    const env = { DATABASE_URL: postgres.url, DATABASE_OWNER_URL: postgres.ownerUrl, ATLAS_DATA: join(folder, 'data'), LOG_LEVEL: 'warn', RATE_LIMIT_PER_MINUTE: '900000000', TENANT_RATE_LIMIT_PER_MINUTE: '900000000' };
    const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'platform/start.mjs'), 'demo'], { env: { ...process.env, ...env } });
    const [, email, password] = /^\s+(member@\S+)\s+(.+)$/m.exec(stdout)!;
    const [, tenant] = /-H 'atlas-tenant: ([^']+)'/.exec(stdout)!;
    const admin = new pg.Client({ connectionString: adminUrl });
    await admin.connect();
    const { rows: [who] } = await admin.query<{ tenantId: string; userId: string }>(
      'SELECT t.id AS "tenantId", u.id AS "userId" FROM tenants.tenant t, users."user" u WHERE t.slug = $1 AND u.email = $2', [tenant, email]);
    const { tenantId, userId } = who!;
    const settings = { role: 'atlas_collections', 'app.tenant_id': tenantId, 'app.user_id': userId, 'app.access': 'member', 'app.person': userId };
    const collections = await fill(admin, { tenantId, userId, itemsMax, say });
    const { rows } = await admin.query<{ id: string }>('SELECT id FROM collections.item WHERE collection_id = ANY ($1) ORDER BY md5(id) LIMIT $2', [collections, SAMPLE_MAX]);
    return {
      env, tenant: tenant!, email: email!, password: password!.trim(), settings, collections, items: rows.map(({ id }) => id), userId, tenantId,
      count: async (table) => Number((await admin.query<{ n: string }>(`SELECT count(*) AS n FROM collections.${table}`)).rows[0]!.n),
      stop: async () => { await admin.end(); await stop(); },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** As the superuser, whom row-level security does not hold: COPY is refused to everybody else. Its triggers run all the same. */
async function fill(admin: pg.Client, { tenantId, userId, itemsMax, say }: { tenantId: string; userId: string; itemsMax: number; say: (line: string) => void }): Promise<string[]> {
  const since = performance.now();
  const collections = Array.from({ length: COLLECTIONS }, () => newId('col'));
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString();
  await copyIn(admin, 'collections.collection (id, tenant_id, name, settings, created_at, updated_at, created_by)',
    function* () { for (const [n, id] of collections.entries()) yield [id, tenantId, `Collection ${n}`, '{}', at(n), at(n), userId]; });
  await copyIn(admin, 'collections.member (tenant_id, collection_id, who, role, added_at)',
    function* () { for (const id of collections) yield [tenantId, id, userId, 'EDITOR', at(0)]; });
  const ids = Array.from({ length: itemsMax }, () => newId('itm'));
  await copyIn(admin, 'collections.item (id, tenant_id, collection_id, title, body, tags, metadata, created_at, updated_at, created_by, updated_by, version)',
    function* () {
      for (const [n, id] of ids.entries()) yield [id, tenantId, collections[n % COLLECTIONS]!, `Item ${n}`, BODY, `{${TAGS[n % 7]},${TAGS[7]}}`, `{"year":${1500 + (n % 500)}}`, at(n), at(n + 60), userId, userId, '2'];
    });
  await copyIn(admin, 'collections.revision (tenant_id, collection_id, item_id, version, title, body, tags, metadata, at, by)',
    function* () { for (const [n, id] of ids.entries()) yield [tenantId, collections[n % COLLECTIONS]!, id, '1', `Item ${n} at first`, BODY, '{}', '{}', at(n), userId]; });
  await admin.query('VACUUM ANALYZE');
  say(`${itemsMax} items are there after ${Math.round((performance.now() - since) / 1_000)} s.`);
  return collections;
}
