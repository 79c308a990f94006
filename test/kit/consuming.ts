/**
 * Consumers on a real log in a database of their own, without a service around them: schema `tenants` with its outbox and
 * inbox, and a table of what has been seen of each subject. Further processes are further buses over the same database.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import pg from 'pg';
import { postgresDeadLetters, type DeadLetters } from '../../platform/bus/dead-letters.ts';
import type { Listening } from '../../platform/bus/bus.ts';
import { openPostgresLog, type PostgresLog } from '../../platform/bus/postgres-log.ts';
import { databaseOpener, type Database, type Scope } from '../../platform/database/database.ts';
import { defineEvent, text, type Envelope } from '../../platform/event.ts';
import { newId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import type { Consumer } from '../../platform/outbox/inbox.ts';
import { listen } from '../../platform/outbox/listen.ts';
import { outboxTables } from '../../platform/outbox/tables.ts';
import { deskOver, type Desk } from '../../platform/work.ts';
import { eventually } from './eventually.ts';
import { freshDatabase, type TestDatabase } from './databases.ts';

export const thingHappened = defineEvent('tenants.thing-happened', 1, { text });
export const SELF: Scope = { kind: 'system', id: 'system:tenants', userId: null, tenantId: null };

export const thing = (subject: string, subjectVersion = 1, said = `${subject} ${subjectVersion}`): Envelope => ({
  ...thingHappened({ text: said }), id: newId('evt'), subject, subjectVersion, tenant: null, at: new Date().toISOString(),
  actor: { kind: 'system', id: SELF.id }, requestId: null, traceparent: null,
});

const migrations = [{
  name: '0001-seen',
  sql: `${outboxTables('tenants')}
    ${['seen', 'expected'].map((table) => `CREATE TABLE tenants.${table} (subject text PRIMARY KEY, version int NOT NULL, text text NOT NULL, times int NOT NULL DEFAULT 1);
    GRANT SELECT, INSERT, UPDATE ON tenants.${table} TO atlas_tenants;`).join('\n')}`,
}];

export interface Seen { subject: string; version: number; text: string; times: number }
type Bench = Desk<{ em: EntityManager }>;

/** The effect of an event, part of a work: the newest version counts, and every effect is counted. */
export const see = async (em: EntityManager, { subject, subjectVersion, body }: Envelope, table = 'seen'): Promise<void> => {
  await em.execute(
    `INSERT INTO tenants.${table} AS s (subject, version, text) VALUES (?, ?, ?)
     ON CONFLICT (subject) DO UPDATE SET version = greatest(s.version, excluded.version), text = CASE WHEN s.version < excluded.version THEN excluded.text ELSE s.text END, times = s.times + 1`,
    [subject, subjectVersion, (body as { text: string }).text], 'run');
};

/** Another process: a bus, a door to the database, and whatever it listens with. */
export interface Process {
  bus: PostgresLog;
  database: Database;
  deadLetters: DeadLetters;
  desk: Bench;
  logged: string[];
  listen(...consumers: Consumer[]): Listening;
  stop(): Promise<void>;
}

export interface Consuming extends Process {
  at: TestDatabase;
  another(): Promise<Process>;
  /** As a service does, through its outbox. */
  tell(events: readonly Envelope[]): Promise<void>;
  seen(table?: string): Promise<Seen[]>;
  /** When no group has anything to handle any more. */
  quiet(): Promise<void>;
}

async function openProcess(at: { url: string; ownerUrl: string }, restSeconds: readonly number[]): Promise<Process> {
  const logged: string[] = [];
  const log = openLog({ level: 'warn', pretty: false, destination: { write: (line) => void logged.push(line) } });
  const bus = await openPostgresLog({ ...at, keep: { days: 7, bytes: 1e9 }, log });
  const database = await databaseOpener({ ...at, poolMax: 6, statementMs: 10_000, log })({ service: 'tenants', tables: [], migrations });
  const deadLetters = postgresDeadLetters(bus.pool, restSeconds);
  const listening: Listening[] = [];
  return {
    bus, database, deadLetters, logged,
    desk: deskOver(database, { ports: (em) => ({ em }), told: () => bus.told('tenants') }),
    listen(...consumers) {
      const one = listen({ service: 'tenants', consumers, bus, deadLetters, log });
      listening.push(one);
      return one;
    },
    async stop() {
      await Promise.all(listening.map((each) => each.stop()));
      await bus.close();
      await database.close();
    },
  };
}

/** `through` gives another URL for what the first process uses: one that can be cut off. */
export async function startConsuming(given: { restSeconds?: readonly number[]; through?: (url: string) => Promise<string> } = {}): Promise<Consuming> {
  const { restSeconds = [1, 1, 1, 1, 1] } = given;
  const at = await freshDatabase();
  const url = await given.through?.(at.url) ?? at.url;
  const first = await openProcess({ url, ownerUrl: at.ownerUrl }, restSeconds);
  const others: Process[] = [];
  const writer = new pg.Pool({ connectionString: at.url, max: 2, options: '-c role=atlas_tenants' });
  return {
    ...first, at,
    another: async () => { const process = await openProcess(at, restSeconds); others.push(process); return process; },
    async tell(events) {
      await writer.query('INSERT INTO tenants.outbox (tenant_id, subject, envelope) SELECT NULL, s, e FROM unnest($1::text[], $2::jsonb[]) AS t (s, e)', [events.map(({ subject }) => subject), events.map((event) => JSON.stringify(event))]);
      first.bus.told('tenants');
    },
    seen: async (table = 'seen') => (await writer.query<Seen>(`SELECT * FROM tenants.${table} ORDER BY subject`)).rows,
    quiet: () => eventually('nobody to have anything left to handle', async () => {
      const lag = await first.bus.lag();
      return lag.length > 0 && lag.every(({ waiting }) => waiting === 0);
    }, 60_000).then(() => undefined),
    async stop() {
      await Promise.all([first, ...others].map((process) => process.stop()));
      await writer.end();
      await at.drop();
    },
  };
}
