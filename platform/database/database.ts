/**
 * One service's door to its own schema. Every statement runs inside a transaction that first says, in the same round
 * trip, which role, tenant and person it is for; without that the login can read nothing at all.
 */
import { MikroORM, type EntityManager, type EntitySchema, type Knex } from '@mikro-orm/postgresql';
import { AtlasError } from '../errors.ts';
import { isId } from '../ids.ts';
import type { Log } from '../log.ts';
import type { ServiceName } from '../names.ts';
import { traceSql } from '../telemetry/sql.ts';
import type { Viewer } from '../viewer.ts';
import { databaseFault } from './faults.ts';
import { migrate, type Migration } from './migrate.ts';
import { AUDITOR_ROLE, CLOCK_ROLE, PURGE_ROLE } from './roles.ts';

/** For whom: what row-level security sees. A Viewer is one; `{ ...viewer, tenantId }` acts in another tenant. */
export type Scope = Pick<Viewer, 'kind' | 'id' | 'userId' | 'tenantId'>;

export interface Database {
  readonly service: ServiceName;
  /** One transaction. It commits when `body` resolves; the entity manager is flushed by the caller. */
  transaction<T>(scope: Scope, mode: 'read' | 'write', body: (em: EntityManager) => Promise<T>): Promise<T>;
  /** One transaction under the purge's role, which sees and deletes what is past its time in every tenant and nothing else. */
  asPurge<T>(body: (em: EntityManager) => Promise<T>): Promise<T>;
  /** One transaction under the auditor's role, which sees which audit trails there are and nothing of what is in them. */
  asAuditor<T>(body: (em: EntityManager) => Promise<T>): Promise<T>;
  /** One transaction under the clock's role, which sees in every tenant that something is due and nothing else. */
  asClock<T>(body: (em: EntityManager) => Promise<T>): Promise<T>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type OpenDatabase = (given: { service: ServiceName; tables: readonly EntitySchema<any>[]; migrations: readonly Migration[] }) => Promise<Database>;

const ACQUIRE_MS = 2_000;

export const databaseOpener = (given: { url: string; ownerUrl: string; poolMax: number; statementMs: number; log: Log }): OpenDatabase =>
  async ({ service, tables, migrations }) => {
    await migrate({ ownerUrl: given.ownerUrl, servingLogin: decodeURIComponent(new URL(given.url).username), service, migrations });
    const orm = await MikroORM.init({
      clientUrl: given.url,
      entities: tables.length ? [...tables] : [],
      discovery: { warnWhenNoEntities: false },
      schema: service,
      metadataCache: { enabled: false },
      pool: { min: 0, max: given.poolMax, acquireTimeoutMillis: ACQUIRE_MS, idleTimeoutMillis: 30_000 },
      driverOptions: { connection: { application_name: `atlas:${service}`, statement_timeout: given.statementMs } },
    });
    const knex = orm.em.getConnection().getKnex();
    sayPreambleAtBegin(knex);
    traceSql(knex, service);

    const within = async <T>(preamble: string, body: (em: EntityManager) => Promise<T>): Promise<T> => {
      const em = orm.em.fork({ clear: true, useContext: false });
      let trx: Knex.Transaction | undefined;
      try {
        trx = await knex.transaction(null as never, { preamble } as never) as unknown as Knex.Transaction;
        em.setTransactionContext(trx);
        const result = await body(em);
        await trx.commit();
        await trx.executionPromise;
        return result;
      } catch (error) {
        if (trx && !trx.isCompleted()) await trx.rollback().catch((cause: unknown) => given.log.warn({ err: cause }, 'A rollback failed; the server rolls back when the connection closes.'));
        throw databaseFault(error);
      }
    };

    const database: Database = {
      service,
      transaction: async (scope, mode, body) => within(preambleOf(service, scope, mode), body),
      asPurge: (body) => within(`BEGIN; SET LOCAL ROLE ${PURGE_ROLE}`, body),
      asAuditor: (body) => within(`BEGIN READ ONLY; SET LOCAL ROLE ${AUDITOR_ROLE}`, body),
      asClock: (body) => within(`BEGIN READ ONLY; SET LOCAL ROLE ${CLOCK_ROLE}`, body),
      ping: async () => void (await knex.raw('select 1')),
      close: () => orm.close(true),
    };
    await refusePowerfulRole(database);
    return database;
  };

/** ids are checked by pattern first, so the string can hold nothing else. */
function preambleOf(service: ServiceName, scope: Scope, mode: 'read' | 'write'): string {
  const { tenantId, userId } = scope;
  if (tenantId !== null && !isId('tnt', tenantId)) throw new AtlasError('INTERNAL', undefined, { cause: new Error('A scope with a malformed tenant id.') });
  if (userId !== null && !isId('usr', userId)) throw new AtlasError('INTERNAL', undefined, { cause: new Error('A scope with a malformed user id.') });
  return `BEGIN${mode === 'read' ? ' READ ONLY' : ''}; SET LOCAL ROLE atlas_${service}; SET LOCAL app.tenant_id = '${tenantId ?? ''}'; SET LOCAL app.user_id = '${userId ?? ''}'`;
}

/** knex sends BEGIN alone; this sends the whole preamble in that one round trip. */
function sayPreambleAtBegin(knex: Knex): void {
  type Begin = { begin(connection: unknown): unknown; query(connection: unknown, sql: string): unknown };
  const client = knex.client as { transaction(container: unknown, config: { preamble?: string }, outer: unknown): Begin };
  const plain = client.transaction.bind(client);
  client.transaction = (container, config, outer) => {
    const transaction = plain(container, config, outer);
    const { preamble } = config;
    if (preamble) transaction.begin = (connection) => transaction.query(connection, `${preamble};`);
    return transaction;
  };
}

/** Row-level security does nothing for a superuser or a role that bypasses it: refuse to serve under one. */
async function refusePowerfulRole(database: Database): Promise<void> {
  const nobody: Scope = { kind: 'system', id: `system:${database.service}`, userId: null, tenantId: null };
  const [role] = await database.transaction(nobody, 'read', (em) =>
    em.execute<{ name: string; powerful: boolean }[]>('SELECT rolname AS name, (rolsuper OR rolbypassrls) AS powerful FROM pg_roles WHERE rolname = current_user'));
  if (!role || role.powerful) {
    await database.close();
    throw new Error(`The role ${role?.name ?? 'in use'} bypasses row-level security, so tenants would not be kept apart: make it NOSUPERUSER NOBYPASSRLS.`);
  }
}
