/** The database's own catalog says whether tenants are kept apart: every table, every role, and a planted breach for each rule. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { TABLES_WITHOUT_TENANT } from '../platform/database/rights.ts';
import { SUBGRAPHS } from '../platform/names.ts';
import { startServices, type Kit, WHOLE } from './kit/services.ts';

const SCHEMAS = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'public')`;

interface Table { name: string; tenant: boolean; rls: boolean; force: boolean; policies: { role: string; command: string }[]; grants: { role: string; command: string }[] }

/** What is wrong with the tables of this database, one sentence each. */
async function faults(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<Table>(`
    SELECT n.nspname || '.' || coalesce((SELECT p.relname FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent WHERE i.inhrelid = c.oid), c.relname) AS name, c.relrowsecurity AS rls, c.relforcerowsecurity AS force,
      EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped) OR (n.nspname = 'tenants' AND c.relname = 'tenant') AS tenant,
      coalesce((SELECT jsonb_agg(jsonb_build_object('role', r.role, 'command', CASE p.polcmd WHEN '*' THEN 'ALL' WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' ELSE 'DELETE' END))
        FROM pg_policy p, LATERAL (SELECT coalesce(g.rolname, 'public') AS role FROM unnest(p.polroles) o LEFT JOIN pg_roles g ON g.oid = o) r WHERE p.polrelid = c.oid), '[]') AS policies,
      coalesce((SELECT jsonb_agg(jsonb_build_object('role', g.rolname, 'command', x.privilege_type)) FROM aclexplode(c.relacl) x JOIN pg_roles g ON g.oid = x.grantee WHERE x.grantee <> c.relowner), '[]') AS grants
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND ${SCHEMAS}`);
  return rows.flatMap(faultsOf);
}

function faultsOf({ name, tenant, rls, force, policies, grants }: Table): string[] {
  const found: string[] = [];
  const [schema] = name.split('.');
  if (!tenant && !Object.hasOwn(TABLES_WITHOUT_TENANT, name)) found.push(`${name} has no tenant and no reason.`);
  if (tenant && !rls) found.push(`${name} has no row-level security.`);
  if (tenant && !force) found.push(`${name} does not force row-level security on its owner.`);
  for (const { role, command } of grants) {
    const owns = role === `atlas_${schema}` || (schema === 'ai_run' && role === 'atlas_ai') || (schema === 'platform' && name === 'platform.viewer_key') || (role === 'atlas_relay' && (name.endsWith('.outbox') || name === 'bus.event_log')) || (role === 'atlas_purge' && command === 'DELETE') || (role === 'atlas_jobs' && schema === 'pgboss') || (name === 'jobs.job' && SUBGRAPHS.some((service) => role === `atlas_${service}`));
    if (!owns) found.push(`${role} may ${command} ${name}, which is not its own.`);
    if (tenant && !policies.some((policy) => policy.role === role && (policy.command === 'ALL' || policy.command === command))) found.push(`${name} has no policy for ${command} by ${role}.`);
  }
  return found;
}

let kit: Kit;
let owner: pg.Client;
beforeAll(async () => {
  kit = await startServices(WHOLE);
  owner = new pg.Client({ connectionString: kit.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await kit?.stop();
});

describe('the catalog', () => {
  it('has tables to look at', async () => {
    const { rows } = await owner.query(`SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND ${SCHEMAS}`);
    expect(rows.length).toBeGreaterThan(12);
  });

  it('keeps every tenant table under forced row-level security with a policy for every right', async () => {
    expect(await faults(owner)).toEqual([]);
  });

  it('knows no table without tenant that is gone', async () => {
    const { rows } = await owner.query<{ name: string }>(`SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')`);
    const there = new Set(rows.map(({ name }) => name));
    expect(Object.keys(TABLES_WITHOUT_TENANT).filter((name) => !there.has(name))).toEqual([]);
  });

  it('gives no service a role that owns, that is super or that bypasses', async () => {
    const { rows } = await owner.query(`
      SELECT rolname FROM pg_roles r WHERE rolname LIKE 'atlas\\_%' AND rolname <> current_user AND oid <> 10 -- the server's own first login, which no service knows
        AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid) OR EXISTS (SELECT 1 FROM pg_namespace n WHERE n.nspowner = r.oid))`);
    expect(rows).toEqual([]);
  });

  it('lets the serving login read nothing before it has taken on a role', async () => {
    const serving = new pg.Client({ connectionString: kit.database.url });
    await serving.connect();
    await expect(serving.query('SELECT * FROM tenants.tenant')).rejects.toThrow(/permission denied/);
    await expect(serving.query('SELECT * FROM users."user"')).rejects.toThrow(/permission denied/);
    await serving.end();
  });

  it.each([
    ['a table without row-level security', `CREATE TABLE tenants.planted (tenant_id text)`, 'tenants.planted has no row-level security.'],
    ['row-level security that spares the owner', `CREATE TABLE tenants.planted (tenant_id text); ALTER TABLE tenants.planted ENABLE ROW LEVEL SECURITY`, 'tenants.planted does not force row-level security on its owner.'],
    ['a right without a policy', `CREATE TABLE tenants.planted (tenant_id text); ALTER TABLE tenants.planted ENABLE ROW LEVEL SECURITY; ALTER TABLE tenants.planted FORCE ROW LEVEL SECURITY; CREATE POLICY p ON tenants.planted FOR SELECT TO atlas_tenants USING (true); GRANT SELECT, UPDATE ON tenants.planted TO atlas_tenants`, 'tenants.planted has no policy for UPDATE by atlas_tenants.'],
    ['a table that belongs to nobody', `CREATE TABLE users.planted (x text)`, 'users.planted has no tenant and no reason.'],
    ["a right on a neighbour's table", `GRANT SELECT ON users."user" TO atlas_tenants`, 'atlas_tenants may SELECT users.user, which is not its own.'],
  ])('notices %s', async (_, sql, fault) => {
    await owner.query('BEGIN');
    await owner.query(sql);
    const found = await faults(owner);
    await owner.query('ROLLBACK');
    expect(found).toContain(fault);
  });
});
