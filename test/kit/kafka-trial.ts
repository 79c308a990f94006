/** Processes on a bus over Kafka, each with its own connections, over a database and topics of their own. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Trial } from '../../platform/bus/bus.contract.ts';
import type { Bus } from '../../platform/bus/bus.ts';
import { kafkaAfterLog } from '../../platform/bus/kafka-after-log.ts';
import { kafkaBus } from '../../platform/bus/kafka-bus.ts';
import { openKafka, type KafkaSettings } from '../../platform/bus/kafka/client.ts';
import { openPostgresLog } from '../../platform/bus/postgres-log.ts';
import { migrate } from '../../platform/database/migrate.ts';
import { openLog } from '../../platform/log.ts';
import { outboxTables } from '../../platform/outbox/tables.ts';
import { freshDatabase } from './databases.ts';

const log = openLog({ level: 'silent', pretty: false });
const KEEP = { days: 7, bytes: 1e9 };
/** What a handler does in these suites: it counts, in the transaction that also remembers the event. */
const EFFECTS = 'CREATE TABLE users.effect (event_id text NOT NULL); GRANT SELECT, INSERT ON users.effect TO atlas_users;';

export interface KafkaTrial extends Trial {
  /** The same as a consumer does: once in effect for each event, however often it is delivered. */
  effect(eventId: string): Promise<void>;
  effects(): Promise<string[]>;
}

export async function openKafkaTrial(settings: KafkaSettings): Promise<KafkaTrial> {
  const { url, ownerUrl, drop } = await freshDatabase();
  const prefix = `t-${randomBytes(4).toString('hex')}`;
  const opened: Bus[] = [];
  const another = async () => {
    const kafka = kafkaBus({ kafka: openKafka(settings, log), prefix, services: ['users'], log });
    // Tails as Kafka gives them, too: Atlas itself follows the log.
    const bus = { ...kafkaAfterLog({ log: await openPostgresLog({ url, ownerUrl, keep: KEEP, log }), kafka }), tail: kafka.tail };
    opened.push(bus);
    return bus;
  };
  const bus = await another();
  await migrate({ ownerUrl, servingLogin: decodeURIComponent(new URL(url).username), service: 'users', migrations: [{ name: '0001-outbox', sql: outboxTables('users') + EFFECTS }] });
  const pool = new pg.Pool({ connectionString: url, max: 4, options: '-c role=atlas_users' });
  return {
    bus, another,
    async tell(events) {
      await pool.query('INSERT INTO users.outbox (tenant_id, subject, envelope) SELECT NULL, s, e FROM unnest($1::text[], $2::jsonb[]) AS t (s, e)', [events.map(({ subject }) => subject), events.map((event) => JSON.stringify(event))]);
      bus.told('users');
    },
    effect: async (eventId) => void await pool.query(
      `WITH first AS (INSERT INTO users.inbox (event_id, consumer) VALUES ($1, 'trial') ON CONFLICT DO NOTHING RETURNING event_id) INSERT INTO users.effect SELECT event_id FROM first`, [eventId]),
    effects: async () => (await pool.query<{ event_id: string }>('SELECT event_id FROM users.effect')).rows.map((row) => row.event_id),
    async close() {
      await Promise.all(opened.map((each) => each.close()));
      await pool.end();
      await drop();
    },
  };
}
