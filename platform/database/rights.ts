/** Row-level security, written once: the SQL that makes a table its tenant's own. */
import { SUBGRAPHS } from '../names.ts';
import { CLOCK_ROLE, PURGE_ROLE } from './roles.ts';

export const CURRENT_TENANT = `nullif(current_setting('app.tenant_id', true), '')`;
export const CURRENT_USER_ID = `nullif(current_setting('app.user_id', true), '')`;

/**
 * A table with tenant_id: rows of the current tenant, for every command, and for nobody else, its owner included.
 * `column` is another name for it in the one table whose rows are tenants themselves.
 */
export const tenantTable = (service: string, table: string, commands = 'SELECT, INSERT, UPDATE, DELETE', column = 'tenant_id'): string => `
  ALTER TABLE ${service}.${table} ENABLE ROW LEVEL SECURITY;
  ALTER TABLE ${service}.${table} FORCE ROW LEVEL SECURITY;
  CREATE POLICY tenant ON ${service}.${table} FOR ALL TO atlas_${service}
    USING (${column} = ${CURRENT_TENANT}) WITH CHECK (${column} = ${CURRENT_TENANT});
  GRANT ${commands} ON ${service}.${table} TO atlas_${service};
`;

/**
 * Lets the purge delete the rows of any tenant that are past their time, and see nothing of them but `columns`: what
 * `expired` reads, and what its batches go by.
 */
export const purgedTable = (service: string, table: string, columns: string, expired: string): string => `
  CREATE POLICY purge_see ON ${service}.${table} FOR SELECT TO ${PURGE_ROLE} USING (${expired});
  CREATE POLICY purge ON ${service}.${table} FOR DELETE TO ${PURGE_ROLE} USING (${expired});
  GRANT USAGE ON SCHEMA ${service} TO ${PURGE_ROLE};
  GRANT SELECT (${columns}), DELETE ON ${service}.${table} TO ${PURGE_ROLE};
`;

/** Lets the clock see of any tenant's rows that are `due` these columns: enough to know where there is work, and none of what it is about. */
export const dueTable = (service: string, table: string, columns: string, due: string): string => `
  CREATE POLICY clock ON ${service}.${table} FOR SELECT TO ${CLOCK_ROLE} USING (${due});
  GRANT USAGE ON SCHEMA ${service} TO ${CLOCK_ROLE};
  GRANT SELECT (${columns}) ON ${service}.${table} TO ${CLOCK_ROLE};
`;

/** A table whose rows belong to no tenant. Each stands in the list below with its reason; a catalog test knows no others. */
export const sharedTable = (service: string, table: string, commands = 'SELECT, INSERT, UPDATE, DELETE'): string => `
  GRANT ${commands} ON ${service}.${table} TO atlas_${service};
`;

export const TABLES_WITHOUT_TENANT: Record<string, string> = {
  'platform.migration': 'what has been migrated; only the owner reads it',
  'platform.viewer_key': 'public keys that services check each other by; each service writes its own only',
  'bus.cursor': 'how far each group has come; machines alone see it',
  'bus.member': 'which processes share a group; machines alone see it',
  'pgboss.version': "pg-boss's own: which version its tables are, and when it last tidied up",
  'pgboss.queue': "pg-boss's own: one for each kind of job and each schedule",
  'pgboss.schedule': "pg-boss's own: when housekeeping is done",
  'pgboss.subscription': "pg-boss's own, and not used",
  'pgboss.job': 'turns: the ids of jobs and of their tenants, and nothing of what they are about; machines alone see it',
  'pgboss.archive': 'turns that nobody took for a long time; machines alone see it',
  'tenants.tenant': 'is the tenant: its policies go by its own id',
  'billing.plan': 'what is sold, the same to everybody; a row never changes',
  'billing.invoice_number': 'the last number of an invoice in each year: there are no gaps, whoever is billed',
  'billing.provider_signal': 'ids of what the provider of payments has told, before it is known of whom; nothing of what it said',
  'billing.provider_lane': 'ids of what is to be looked at there, before it is known whose it is',
  'users.user': 'a person may belong to many tenants, or to none yet',
  'users.session': 'belongs to a person, and is looked up before any tenant is known',
  'users.one_time_token': 'arrives by mail, before anybody has signed in',
  'users.signing_key': 'signs the sessions of all tenants',
  'users.attempt': 'counts failed sign-ins by account and address, before anybody has signed in',
};
for (const service of SUBGRAPHS) {
  TABLES_WITHOUT_TENANT[`${service}.inbox`] = 'ids of events already handled, no content';
  TABLES_WITHOUT_TENANT[`${service}.idempotency`] = "a hash of tenant, principal and key; the result is sealed with the client's key";
}
