import { afterAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { freshDatabase, type TestDatabase } from '../../test/kit/databases.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { migrate } from '../database/migrate.ts';
import type { Envelope } from '../event.ts';
import { openLog } from '../log.ts';
import { outboxTables } from '../outbox/tables.ts';
import { busContract, envelopeFor, type Trial } from './bus.contract.ts';
import { openPostgresLog, type PostgresLog } from './postgres-log.ts';
import { prune } from './retention.ts';

const log = openLog({ level: 'silent', pretty: false });
const KEEP = { days: 7, bytes: 1e9 };

async function openTrial(): Promise<Trial & { database: TestDatabase; bus: PostgresLog; writer: pg.Pool }> {
  const database = await freshDatabase();
  const { url, ownerUrl } = database;
  const buses = [await openPostgresLog({ url, ownerUrl, keep: KEEP, log })];
  await migrate({ ownerUrl, servingLogin: decodeURIComponent(new URL(url).username), service: 'users', migrations: [{ name: '0001-outbox', sql: outboxTables('users') }] });
  const writer = new pg.Pool({ connectionString: url, max: 14, options: '-c role=atlas_users' });
  return {
    database, bus: buses[0]!, writer,
    another: async () => { const bus = await openPostgresLog({ url, ownerUrl, keep: KEEP, log }); buses.push(bus); return bus; },
    async tell(events) {
      await insert(writer, events);
      buses[0]!.told('users');
    },
    async close() {
      await Promise.all(buses.map((bus) => bus.close()));
      await writer.end();
      await database.drop();
    },
  };
}

const insert = (client: Pick<pg.Pool, 'query'>, events: readonly Envelope[]) => client.query(
  'INSERT INTO users.outbox (tenant_id, subject, envelope) SELECT NULL, s, e FROM unnest($1::text[], $2::jsonb[]) AS t (s, e)', [events.map(({ subject }) => subject), events.map((event) => JSON.stringify(event))]);

busContract('the Postgres log', openTrial);

describe('the Postgres log', () => {
  const trials: Awaited<ReturnType<typeof openTrial>>[] = [];
  const opened = async () => { const trial = await openTrial(); trials.push(trial); return trial; };
  afterAll(() => Promise.all(trials.map((trial) => trial.close())));

  it('skips nothing that commits late, and tells nothing that was rolled back', async () => {
    const { bus, writer } = await opened();
    const seen: Envelope[] = [];
    bus.group('users:readers', ['*'], async (event) => void seen.push(event));
    const told: string[] = [];
    await Promise.all(Array.from({ length: 12 }, async (_, n) => {
      for (let version = 1; version <= 25; version += 1) {
        const client = await writer.connect();
        const event = envelopeFor(`writer-${n}`, version);
        await client.query('BEGIN');
        await insert(client, [event]);
        await new Promise((resolve) => { setTimeout(resolve, Math.random() * 30); });
        const undone = Math.random() < 0.1;
        await client.query(undone ? 'ROLLBACK' : 'COMMIT');
        if (!undone) told.push(event.id);
        client.release();
        bus.told('users');
      }
    }));
    await eventually('all of it', () => seen.length >= told.length);
    expect(seen.map(({ id }) => id).sort()).toEqual(told.sort());
  }, 60_000);

  it('waits for no transaction that has nothing to tell', async () => {
    const { bus, writer, tell } = await opened();
    const seen: Envelope[] = [];
    bus.group('users:readers', ['*'], async (event) => void seen.push(event));
    const idle = await writer.connect();
    await idle.query('BEGIN; SELECT txid_current()');
    await tell([envelopeFor('thing-1', 1)]);
    await eventually('the event', () => seen.length === 1);
    await idle.query('ROLLBACK');
    idle.release();
  });

  it('goes on when every connection of it is cut, and loses nothing', async () => {
    const { bus, database, tell } = await opened();
    const seen: Envelope[] = [];
    bus.group('users:readers', ['*'], async (event) => void seen.push(event));
    const login = new pg.Client({ connectionString: database.url });
    await login.connect();
    for (let version = 1; version <= 6; version += 1) {
      await tell([envelopeFor('thing-1', version)]);
      if (version % 2 === 0) await login.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'atlas:bus%' AND datname = current_database()`);
    }
    await login.end();
    await eventually('all of it', () => new Set(seen.map(({ id }) => id)).size === 6, 20_000);
  }, 40_000);

  it('takes over from a writer that hangs', async () => {
    const { bus, another, database, tell } = await opened();
    await eventually('the first to write', () => bus.told('users') === undefined && bus.feed.silentMs() < 500);
    const other = await another();
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    const held = await owner.query<{ pid: number }>(`SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
    // Its statement waits for a lock that is not given: it neither works nor dies.
    await owner.query('BEGIN; LOCK TABLE users.outbox IN ACCESS EXCLUSIVE MODE');
    await eventually('another to hold the lock', async () => {
      const { rows } = await owner.query<{ pid: number }>(`SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
      return rows.length > 0 && rows[0]!.pid !== held.rows[0]!.pid;
    }, 20_000);
    await owner.query('ROLLBACK');
    await owner.end();
    const seen: Envelope[] = [];
    other.group('users:readers', ['*'], async (event) => void seen.push(event));
    await tell([envelopeFor('thing-1', 1)]);
    await eventually('the event', () => seen.length === 1, 20_000);
  }, 60_000);

  it('says how old its knowledge is, and that it knows nothing while it hears nothing', async () => {
    const { bus } = await opened();
    const tail = bus.tail(['*'], async () => undefined);
    await eventually('fresh knowledge', () => tail.behindMs() < 600);
    await bus.feed.close();
    await eventually('no knowledge', () => tail.behindMs() === Infinity);
  });

  it('says of a backlog that it knows nothing of what is behind it', async () => {
    const { bus, writer } = await opened();
    const seen: Envelope[] = [];
    const tail = bus.tail(['users.thing-happened'], async (event) => void seen.push(event));
    await eventually('fresh knowledge', () => tail.behindMs() < 600);
    // Held back while it grows, so that the writer finds it all at once; then each of its rounds is slow.
    const holder = await writer.connect();
    const owner = new pg.Client({ connectionString: trials.at(-1)!.database.ownerUrl });
    await owner.connect();
    await owner.query(`CREATE FUNCTION bus.slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.4); RETURN NULL; END $$;
      CREATE TRIGGER slowly AFTER INSERT ON bus.event_log FOR EACH STATEMENT EXECUTE FUNCTION bus.slowly()`);
    await holder.query('BEGIN');
    await insert(holder, [...Array.from({ length: 3_000 }, (_, n) => envelopeFor(`thing-${n}`, 1, 'users.other-thing')), envelopeFor('the last', 1)]);
    await holder.query('COMMIT');
    const committed = performance.now();
    bus.told('users');
    holder.release();
    let wrong = 0;
    await eventually('the last', () => {
      const since = performance.now() - committed;
      if (seen.length === 0 && tail.behindMs() < since - 50) wrong += 1;
      return seen.length === 1;
    }, 20_000);
    await owner.end();
    expect(wrong).toBe(0);
    await eventually('fresh knowledge again', () => tail.behindMs() < 600);
  }, 40_000);

  it('forgets what is old and handled, and keeps what a group has yet to handle', async () => {
    const { bus, tell } = await opened();
    let open = false;
    bus.group('users:waiters', ['*'], async () => { if (!open) throw new Error('not yet'); });
    await tell(Array.from({ length: 20 }, (_, n) => envelopeFor(`thing-${n}`, 1)));
    const count = async () => Number((await bus.pool.query<{ n: string }>('SELECT count(*) AS n FROM bus.event_log')).rows[0]!.n);
    await eventually('the log to hold them', async () => await count() === 20);
    await prune(bus.pool, { days: 0, bytes: 1e9 });
    expect(await count()).toBeGreaterThan(0);
    open = true;
    await eventually('nobody to wait any more', async () => (await bus.lag()).every(({ waiting }) => waiting === 0), 20_000);
    await eventually('nothing to be kept', async () => { await prune(bus.pool, { days: 0, bytes: 1e9 }); return await count() === 0; }, 20_000);
  }, 60_000);
});
