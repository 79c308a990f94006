/**
 * The roles that services act under. None owns anything, none is a superuser, none bypasses row-level security; the
 * login that serves may take them on (`SET LOCAL ROLE`) and can do nothing without.
 */
import type pg from 'pg';

/** Moves outbox rows of every tenant into the event log, and does nothing else. */
export const RELAY_ROLE = 'atlas_relay';
/** Reads the event log, and keeps who has read how far and what could not be handled. */
export const BUS_ROLE = 'atlas_bus';
/** Deletes what is past its time in every tenant, and sees nothing else. */
export const PURGE_ROLE = 'atlas_purge';
/** Sees in every tenant that something is due, and changes nothing: the work itself is done in the tenant. */
export const CLOCK_ROLE = 'atlas_clock';
/** Sees in every tenant that a job is due or runs, keeps the leases of those that run, and sees nothing of what they are about. */
export const JOBS_ROLE = 'atlas_jobs';
/** Sees which tenants and audit trails there are, by id and slug, and nothing of what is in them: for whoever runs Atlas. With those above the only machines that cross tenants. */
export const AUDITOR_ROLE = 'atlas_auditor';

const roleOf = (service: string): string => `atlas_${service}`;
const rolesFor = (service: string): string[] => [roleOf(service), RELAY_ROLE, BUS_ROLE, PURGE_ROLE, CLOCK_ROLE, AUDITOR_ROLE];

/** Whether `ensureRoles` would find nothing to do for any of these: asked at every start, in one question. */
export async function rolesStand(owner: pg.Client, services: readonly string[], servingLogin: string): Promise<boolean> {
  const { rows: [row] } = await owner.query<{ stand: boolean }>(
    `SELECT (SELECT count(DISTINCT r.rolname) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
       WHERE r.rolname = ANY ($1) AND u.rolname = $2 AND (to_jsonb(m) ->> 'set_option' IS DISTINCT FROM 'false')) = cardinality($1)
     AND (SELECT count(*) FROM pg_roles r JOIN pg_class c ON c.oid = to_regclass('platform.viewer_key')
       WHERE r.rolname = ANY ($3) AND has_schema_privilege(r.oid, c.relnamespace, 'USAGE')
         AND has_table_privilege(r.oid, c.oid, 'SELECT') AND has_table_privilege(r.oid, c.oid, 'INSERT')
         AND has_table_privilege(r.oid, c.oid, 'UPDATE') AND has_table_privilege(r.oid, c.oid, 'DELETE')) = cardinality($3) AS stand`,
    [[...new Set(services.flatMap(rolesFor))], servingLogin, services.map(roleOf)]);
  return row!.stand;
}

export async function ensureRoles(owner: pg.Client, service: string, servingLogin: string): Promise<void> {
  for (const role of rolesFor(service)) {
    await createRole(owner, role);
    await grantRole(owner, role, servingLogin);
  }
  await owner.query(`GRANT USAGE ON SCHEMA platform TO atlas_${service}`);
  await owner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON platform.viewer_key TO atlas_${service}`);
}

/** Roles belong to the whole server, so a start on another database of it may create the same one at the same moment. */
async function createRole(owner: pg.Client, role: string): Promise<void> {
  const { rowCount } = await owner.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount) return;
  await unlessRaced(owner.query(`CREATE ROLE ${role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT`));
}

async function grantRole(owner: pg.Client, role: string, login: string): Promise<void> {
  const member = await owner.query(
    `SELECT 1 FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
     WHERE r.rolname = $1 AND u.rolname = $2 AND (to_jsonb(m) ->> 'set_option' IS DISTINCT FROM 'false')`, [role, login]);
  if (member.rowCount) return;
  await unlessRaced(owner.query(`GRANT ${role} TO ${owner.escapeIdentifier(login)}`));
}

async function unlessRaced(query: Promise<unknown>): Promise<void> {
  await query.catch((error: { code?: string; message?: string }) => {
    const raced = error.code === '42710' || error.code === '23505' || (error.code === 'XX000' && error.message?.includes('concurrently'));
    if (!raced) throw error;
  });
}
