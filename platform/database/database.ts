/**
 * One service's door to its own schema. Every statement runs inside a transaction that first says, in the same round
 * trip, which role, tenant and person it is for; without that the login can read nothing at all.
 */
import { MikroORM, type EntityManager, type EntitySchema, type Knex } from '@mikro-orm/postgresql';
import type { Log } from '../log.ts';
import type { ServiceName } from '../names.ts';
import { traceSql } from '../telemetry/sql.ts';
import { migrate, type Migration } from './migrate.ts';
import { besideReplica } from './replica/beside-replica.ts';
import type { Replica } from './replica/replica.ts';
import { AUDITOR_ROLE, CLOCK_ROLE, PURGE_ROLE } from './roles.ts';
import { readsOver } from './reads.ts';
import { preambleOf, type Scope, type Transactions } from './scope.ts';
import { transactionsOver, type Transact } from './transactions.ts';

export type { Scope } from './scope.ts';

export interface Database extends Transactions {
  readonly service: ServiceName;
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
/** There is another place to read from, so nobody waits long for this one. */
const REPLICA_ACQUIRE_MS = 1_000;

interface Given { url: string; ownerUrl: string; poolMax: number; statementMs: number; log: Log; replica?: Replica | undefined }

export const databaseOpener = (given: Given): OpenDatabase =>
  async ({ service, tables, migrations }) => {
    await migrate({ ownerUrl: given.ownerUrl, servingLogin: decodeURIComponent(new URL(given.url).username), service, migrations });
    const orm = await openOrm(given, service, tables);
    const over = (knex: Knex): Transact => {
      traceSql(knex, service);
      return transactionsOver({ orm, knex, log: given.log });
    };
    const knex = orm.em.getConnection().getKnex();
    const within = over(knex);
    const preamble = preambleOf(service);
    const reads = readsOver({ knex, service });
    const transaction: Transactions['transaction'] = (scope, mode, body) => within({ begin: preamble(scope, mode) }, body);
    const read: Transactions['read'] = (scope, body) => body(reads(preamble(scope, 'read')));
    const near: Transactions = { transaction, read, glance: (scope, body) => transaction(scope, 'read', body), readLagging: read };
    const close = () => orm.close(true);
    await closedUnless(refusePowerfulRole(service, within), close);
    return {
      service,
      ...(given.replica ? await closedUnless(withReplica({ service, replica: given.replica, onPrimary: within, read, onReplica: over(orm.em.getConnection('read').getKnex()) }), close) : near),
      asPurge: (body) => within({ begin: `BEGIN; SET LOCAL ROLE ${PURGE_ROLE}` }, body),
      asAuditor: (body) => within({ begin: `BEGIN READ ONLY; SET LOCAL ROLE ${AUDITOR_ROLE}` }, body),
      asClock: (body) => within({ begin: `BEGIN READ ONLY; SET LOCAL ROLE ${CLOCK_ROLE}` }, body),
      ping: async () => void (await knex.raw('select 1')),
      close,
    };
  };

function openOrm(given: Given, service: ServiceName, tables: readonly EntitySchema<any>[]): Promise<MikroORM> {
  const pool = { min: 0, max: given.poolMax, acquireTimeoutMillis: ACQUIRE_MS, idleTimeoutMillis: 30_000 };
  // Nobody waits for an answer before the next is sent, unless they want to.
  const connection = { application_name: `atlas:${service}`, statement_timeout: given.statementMs, pipeline: true };
  // Left to itself it prints past the log, the statement with its values too.
  const said = (words: unknown) => (/^Connection Error/.test(String(words)) ? given.log.debug({ service }, 'A connection of the pool broke: another takes its place.') : given.log.warn({ service, words }, 'The database driver has something to say.'));
  const log = { debug: said, warn: said, error: said, deprecate: said };
  return MikroORM.init({
    ...placeOf(given.url),
    entities: tables.length ? [...tables] : [],
    discovery: { warnWhenNoEntities: false },
    schema: service,
    metadataCache: { enabled: false },
    pool,
    driverOptions: { connection, log },
    ...(given.replica && {
      preferReadReplicas: false,
      replicas: [{
        ...placeOf(given.replica.url),
        pool: { ...pool, acquireTimeoutMillis: REPLICA_ACQUIRE_MS },
        driverOptions: { connection: { ...connection, connectionTimeoutMillis: REPLICA_ACQUIRE_MS } },
      }],
    }),
  });
}

/** A URL may name a folder with the server's socket as its `host`, which libpq and pg read and MikroORM does not. */
function placeOf(clientUrl: string): { clientUrl: string; host?: string } {
  const host = new URL(clientUrl).searchParams.get('host');
  return host ? { clientUrl, host } : { clientUrl };
}

/** A replica that cannot be asked now is asked before anybody reads there; one where tenants would not be kept apart stops the start. */
async function withReplica(given: { service: ServiceName; replica: Replica; onPrimary: Transact; onReplica: Transact; read: Transactions['read'] }): Promise<Transactions> {
  const { service, replica } = given;
  const admit = () => refusePowerfulRole(service, given.onReplica);
  await replica.ready();
  if (replica.why() !== 'away') await admit().catch((error: unknown) => { if (error instanceof PowerfulRole) throw error; });
  return besideReplica({ ...given, preamble: preambleOf(service), admit });
}

class PowerfulRole extends Error {}

/** Row-level security does nothing for a superuser or a role that bypasses it: refuse to serve under one. */
async function refusePowerfulRole(service: ServiceName, within: Transact): Promise<void> {
  const nobody: Scope = { kind: 'system', id: `system:${service}`, userId: null, tenantId: null };
  const [role] = await within({ begin: preambleOf(service)(nobody, 'read') }, (em) =>
    em.execute<{ name: string; powerful: boolean }[]>('SELECT rolname AS name, (rolsuper OR rolbypassrls) AS powerful FROM pg_roles WHERE rolname = current_user'));
  if (!role || role.powerful) throw new PowerfulRole(`The role ${role?.name ?? 'in use'} bypasses row-level security, so tenants would not be kept apart: make it NOSUPERUSER NOBYPASSRLS.`);
}

async function closedUnless<T>(promise: Promise<T>, close: () => Promise<void>): Promise<T> {
  return promise.catch(async (error: unknown) => { await close(); throw error; });
}
