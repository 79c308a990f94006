/**
 * `npm run bench events`: from the commit of a change to whoever consumes it, on an embedded server of its own: over the
 * log in Postgres, and over a real Kafka where the machine can have one.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { databaseOpener } from '../../platform/database/database.ts';
import { embeddedPostgres } from '../../platform/embedded/postgres.ts';
import type { Bus } from '../../platform/bus/bus.ts';
import type { DeadLetters } from '../../platform/bus/dead-letters.ts';
import { kafkaAfterLog } from '../../platform/bus/kafka-after-log.ts';
import { kafkaBus } from '../../platform/bus/kafka-bus.ts';
import { openKafka } from '../../platform/bus/kafka/client.ts';
import { openPostgresLog } from '../../platform/bus/postgres-log.ts';
import type { Envelope } from '../../platform/event.ts';
import { newId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import { consumeAll, type Consumer } from '../../platform/outbox/inbox.ts';
import { listen } from '../../platform/outbox/listen.ts';
import { outboxTables } from '../../platform/outbox/tables.ts';
import { deskOver } from '../../platform/work.ts';
import { eventually } from '../kit/eventually.ts';
import { startKafka, whyNoKafka, type Broker } from '../kit/kafka.ts';
import { digits, machine, publish, table } from './table.ts';

const log = openLog({ level: 'error', pretty: false });
const SECONDS = 10;
const RATE = 200;
const WRITERS = 12;
const SUBJECTS = 500;
const scope = { kind: 'system', id: 'system:users', userId: null, tenantId: null } as const;

interface Stand { bus: Bus; deadLetters: DeadLetters; writer: pg.Pool; consumersFor(names: readonly string[]): Consumer[]; close(): Promise<void> }

async function stand(broker: Broker | null): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
  const postgres = await embeddedPostgres({ folder: join(folder, 'postgres') });
  const events = await openPostgresLog({ url: postgres.url, ownerUrl: postgres.ownerUrl, keep: { days: 1, bytes: 1e9 }, log });
  const bus = broker ? kafkaAfterLog({ log: events, kafka: kafkaBus({ kafka: openKafka(broker.settings, log), prefix: 'bench', services: ['users'], log }) }) : events;
  const database = await databaseOpener({ url: postgres.url, ownerUrl: postgres.ownerUrl, poolMax: 6, statementMs: 30_000, log })({
    service: 'users', tables: [], migrations: [{ name: '0001-outbox', sql: `${outboxTables('users')}
      CREATE TABLE users.effect (consumer text, subject text, version int NOT NULL, PRIMARY KEY (consumer, subject));
      GRANT SELECT, INSERT, UPDATE ON users.effect TO atlas_users;` }],
  });
  const { work } = deskOver(database, { ports: (em) => em });
  const writer = new pg.Pool({ connectionString: postgres.url, max: WRITERS + 2, options: '-c role=atlas_users' });
  return {
    bus, writer, deadLetters: events.deadLetters,
    consumersFor: (names) => names.map((name) => consumeAll(name, (event) => work(scope, (em) => em.execute(
      `INSERT INTO users.effect (consumer, subject, version) VALUES (?, ?, ?) ON CONFLICT (consumer, subject) DO UPDATE SET version = excluded.version WHERE users.effect.version < excluded.version`,
      [name, event.subject, event.subjectVersion], 'run') as Promise<never>))),
    async close() {
      await bus.close();
      await writer.end();
      await database.close();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let told = 0;
const next = (): Envelope => {
  told += 1;
  const subject = `thing-${told % SUBJECTS}`;
  return { id: newId('evt'), type: 'users.thing-happened', version: 1, subject, subjectVersion: Math.ceil(told / SUBJECTS), tenant: null, at: new Date().toISOString(), actor: { kind: 'system', id: 'system:users' }, requestId: null, traceparent: null, body: { text: 'x'.repeat(200) } };
};

/** One transaction with one event, as a service commits it; when it had been committed. */
async function commitOne({ bus, writer }: Stand): Promise<{ id: string; at: number }> {
  const event = next();
  const client = await writer.connect();
  try {
    await client.query('BEGIN');
    await client.query('INSERT INTO users.outbox (tenant_id, subject, envelope) VALUES (NULL, $1, $2)', [event.subject, JSON.stringify(event)]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
  bus.told('users');
  return { id: event.id, at: performance.now() };
}

/** A group that was rewound holds its lanes again within a second; one that joins at Kafka is let in after seconds, and then has what was told meanwhile to read first. */
async function listening(at: Stand, handled: { has(id: string): boolean }): Promise<void> {
  await sleep(1_500);
  await eventually('the group to listen', async () => {
    const { id } = await commitOne(at);
    await sleep(100);
    return handled.has(id);
  }, 60_000);
}

async function latency(at: Stand, held: boolean): Promise<(string | number)[]> {
  const handled = new Map<string, number>();
  const group = at.bus.group(`users:latency-${held}`, ['*'], async ({ id }) => void handled.set(id, performance.now()));
  await at.bus.rewind(`users:latency-${held}`, 'end').catch(() => undefined);
  await listening(at, handled);
  const committed: Promise<{ id: string; at: number }>[] = [];
  const since = performance.now();
  let idle: pg.PoolClient | undefined;
  for (let n = 0; n < RATE * SECONDS; n += 1) {
    if (held && n === RATE * 3) { idle = await at.writer.connect(); await idle.query('BEGIN; INSERT INTO users.effect VALUES (\'nobody\', \'x\', 1)'); }
    if (idle && n === RATE * 6) { await idle.query('ROLLBACK'); idle.release(); }
    committed.push(commitOne(at));
    const wait = since + ((n + 1) * 1_000) / RATE - performance.now();
    if (wait > 1) await sleep(wait);
  }
  const all = await Promise.all(committed);
  await eventually('every event to be handled', () => all.every(({ id }) => handled.has(id)), 60_000);
  await group.stop();
  const took = all.map(({ id, at: when }) => Math.max(0, handled.get(id)! - when)).sort((a, b) => a - b);
  const part = (p: number) => digits(took[Math.min(took.length - 1, Math.floor(took.length * p))]!);
  return [`${RATE} events/s${held ? ', another transaction open for 3 s' : ''}`, part(0.5), part(0.99), part(1)];
}

async function throughput(at: Stand): Promise<(string | number)[]> {
  const handled = new Set<string>();
  const group = at.bus.group('users:throughput', ['*'], async ({ id }) => void handled.add(id));
  await listening(at, handled);
  const ids: string[] = [];
  const since = performance.now();
  await Promise.all(Array.from({ length: WRITERS }, async () => { while (performance.now() - since < SECONDS * 1_000) ids.push((await commitOne(at)).id); }));
  const appended = performance.now() - since;
  await eventually('every event to be handled', () => ids.every((id) => handled.has(id)), 120_000);
  const whole = performance.now() - since;
  await group.stop();
  return [`${WRITERS} writers, one event a transaction, one group`, ids.length, digits((ids.length / appended) * 1_000, 0), digits((ids.length / whole) * 1_000, 0)];
}

async function effects(at: Stand): Promise<(string | number)[]> {
  const EVENTS = 3_000;
  const names = ['one', 'two', 'three'];
  await Promise.all(Array.from({ length: WRITERS }, async () => { for (let n = 0; n < EVENTS / WRITERS; n += 1) await commitOne(at); }));
  const heard = listen({ service: 'users', consumers: at.consumersFor(names), bus: at.bus, deadLetters: at.deadLetters, log });
  for (const name of names) await eventually('the group', () => at.bus.rewind(`users:${name}`, 'end').then(() => true, () => false));
  await sleep(1_500);
  const count = async () => Number((await at.writer.query<{ n: string }>('SELECT count(*) AS n FROM users.inbox')).rows[0]!.n);
  const before = await count();
  const since = performance.now();
  await Promise.all(Array.from({ length: WRITERS }, async () => { for (let n = 0; n < EVENTS / WRITERS; n += 1) await commitOne(at); }));
  await eventually('every effect', async () => await count() >= before + EVENTS * names.length, 120_000);
  const whole = performance.now() - since;
  await heard.stop();
  return ['three groups, each with inbox and effect', EVENTS, '', digits((EVENTS / whole) * 1_000, 0)];
}

/** What is told while Kafka is away waits in the log, and travels once it is back. */
async function caughtUp(at: Stand, broker: Broker): Promise<string> {
  const EVENTS = 10_000;
  const handled = new Set<string>();
  const group = at.bus.group('users:caught-up', ['*'], async ({ id }) => void handled.add(id));
  await listening(at, handled);
  await broker.kill();
  const ids: string[] = [];
  await Promise.all(Array.from({ length: WRITERS }, async () => { while (ids.length < EVENTS) ids.push((await commitOne(at)).id); }));
  await broker.start();
  const since = performance.now();
  await eventually('every event to be handled', () => ids.every((id) => handled.has(id)), 300_000);
  const seconds = (performance.now() - since) / 1_000;
  await group.stop();
  return `${ids.length} changes committed while Kafka was away, none failed; ${digits(seconds, 1)} s after it answered again all their events had been handled.`;
}

async function measured(broker: Broker | null): Promise<string> {
  const at = await stand(broker);
  try {
    const late = [await latency(at, false), await latency(at, true)];
    const fast = [await throughput(at), await effects(at)];
    const tables = `${table(['from commit to handler', 'p50 ms', 'p99 ms', 'longest ms'], late)}\n\n${table(['as fast as it goes', 'events', 'committed/s', 'delivered/s'], fast)}`;
    return broker ? `${tables}\n\n${await caughtUp(at, broker)}` : tables;
  } finally {
    await at.close();
  }
}

export async function run(): Promise<void> {
  const overLog = await measured(null);
  const without = whyNoKafka();
  const broker = without ? null : await startKafka();
  try {
    const overKafka = broker ? await measured(broker) : `Not measured: ${without}.`;
    publish('events', `${machine()}. Writers, log and consumers share one process and one embedded server (fsync on).\n\nOver the log in Postgres:\n\n${overLog}\n\nOver Apache Kafka, one node on the same machine, fed from that log:\n\n${overKafka}`);
  } finally {
    await broker?.stop();
  }
}
