/** What is read from a replica, and what never is: against a real one that streams. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { doorBefore } from '../../../test/kit/door.ts';
import { eventually } from '../../../test/kit/eventually.ts';
import { places, replicaRun } from '../../../test/faults/replica.ts';
import { startPair, type Pair } from '../../../test/kit/replica.ts';
import { startRedis } from '../../../test/kit/redis.ts';
import { Note, startToy, type Toy } from '../../../test/kit/toy.ts';
import { newId, type TenantId } from '../../ids.ts';
import { openLog } from '../../log.ts';
import { withRequest } from '../../request.ts';
import { all, type Scope } from '../../work.ts';
import { openReplica, type Replica } from './replica.ts';

type At = Awaited<ReturnType<Pair['database']>>;
const redis = await startRedis();
let pair: Pair;
let at: At;
let toy: Toy;
let replica: Replica;
const logged: string[] = [];
const log = openLog({ level: 'info', pretty: false, destination: { write: (line) => void logged.push(line) } });
const extra: { close(): Promise<void> }[] = [];

const beside = (given: Partial<Parameters<typeof openReplica>[0]> = {}) => openReplica({ url: at.replicaUrl, primaryUrl: at.url, lagMs: 60_000, redisUrl: undefined, log, ...given });
const readable = (which: Replica) => eventually('the replica to be read from', () => which.why() === null);
/** Another process over the same two servers. */
async function another(given: Parameters<typeof beside>[0] = {}): Promise<{ toy: Toy; replica: Replica }> {
  const its = await beside(given);
  const opened = await startToy({ at, replica: its });
  extra.push(opened.database, its);
  return { toy: opened, replica: its };
}

beforeAll(async () => {
  pair = await startPair();
  at = await pair.database();
  replica = await beside();
  toy = await startToy({ at, replica });
  await readable(replica);
}, 120_000);
afterEach(async () => { for (const one of extra.splice(0)) await one.close(); });
afterAll(async () => {
  await toy?.database.close();
  await replica?.close();
  await pair?.stop();
});

const person = (tenantId: TenantId): Scope => ({ kind: 'user', id: newId('usr'), userId: null, tenantId });
const write = async (scope: Scope, text: string, over = toy): Promise<string> => {
  const note = Note.write(scope.tenantId!, text);
  await over.desk.work(scope, async ({ notes }) => notes.add(note));
  return note.id;
};
const glance = (scope: Scope, over = toy) => over.desk.glance(scope, async ({ notes }) => (await notes.all()).map(({ text }) => text));
const look = (scope: Scope) => toy.desk.look(scope, async ({ notes }) => (await notes.all()).map(({ text }) => text));
/** Where the reads of this went, and why. */
async function went(body: () => Promise<unknown>): Promise<string[]> {
  const before = await places();
  await body();
  const after = await places();
  return Object.keys(after).filter((place) => after[place] !== before[place]);
}
async function whilePaused<T>(body: () => Promise<T>): Promise<T> {
  await pair.caughtUp();
  await eventually('the replica to be known to be there', () => replica.mayHave(replica.needed()) && replica.why() === null);
  await pair.pause();
  try { return await body(); } finally { await pair.resume(); }
}

describe('a glance', () => {
  it('reads the replica, which may lag behind what others write; a look never does', () => whilePaused(async () => {
    const [ann, bob] = Array.from({ length: 2 }, () => person(newId('tnt'))) as [Scope, Scope];
    const reader = { ...bob, tenantId: ann.tenantId };
    await write(ann, 'fresh');
    expect(await went(async () => expect(await glance(reader)).toEqual([]))).toEqual(['replica: may lag']);
    expect(await went(async () => expect(await look(reader)).toEqual(['fresh']))).toEqual(['primary: must be fresh']);
  }));

  it("sees the caller's own change, and the replica again once it has that", async () => {
    const ann = person(newId('tnt'));
    await whilePaused(async () => {
      await write(ann, 'mine');
      expect(await went(async () => expect(await glance(ann)).toEqual(['mine']))).toEqual(['primary: own change']);
    });
    await pair.caughtUp();
    await eventually('the replica to be read from', async () => (await went(() => glance(ann))).includes('replica: may lag'));
    expect(await glance(ann)).toEqual(['mine']);
  });

  it('sees what was perhaps done: a commit whose end nobody knows', () => whilePaused(async () => {
    const owner = new pg.Client({ connectionString: at.ownerUrl });
    await owner.connect();
    await owner.query(`CREATE OR REPLACE FUNCTION tenants.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.text = 'refused' THEN RAISE 'not so'; END IF; RETURN NEW; END $$;
      CREATE CONSTRAINT TRIGGER late AFTER INSERT ON tenants.note DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tenants.refuse()`);
    await owner.end();
    const ann = person(newId('tnt'));
    await expect(write(ann, 'refused')).rejects.toThrow('not so');
    expect(await went(async () => expect(await glance(ann)).toEqual([]))).toEqual(['primary: own change']);
  }));

  it('of what is named finds all of it: what the replica has not got yet is not missing', () => whilePaused(async () => {
    const ann = person(newId('tnt'));
    const id = await write(ann, 'named');
    const reader = person(ann.tenantId!);
    const named = () => toy.desk.glance(reader, async ({ notes }) => [await notes.byId(id)].filter((note) => note !== null), all([id]));
    expect(await went(async () => expect(await named()).toHaveLength(1))).toEqual(['primary: absent']);
  }));

  it('is a look for a service in its own name, for strangers and for who answers an event', async () => {
    const tenantId = newId('tnt');
    const service: Scope = { kind: 'system', id: 'system:tenants', userId: null, tenantId };
    const stranger: Scope = { kind: 'anonymous', id: 'anonymous', userId: null, tenantId };
    for (const scope of [service, stranger]) expect(await went(() => glance(scope))).toEqual(['primary: must be fresh']);
    const info = { requestId: 'r', address: null, userAgent: null, idempotencyKey: null };
    expect(await went(() => withRequest({ ...info, isEvent: true }, () => glance(person(tenantId))))).toEqual(['primary: must be fresh']);
    expect(await went(() => withRequest(info, () => glance(person(tenantId))))).toEqual(['replica: may lag']);
  });

  it("sees the current tenant's rows only, and writes nothing", async () => {
    const ann = person(newId('tnt'));
    await write(ann, 'secret');
    await pair.caughtUp();
    expect(await went(async () => expect(await glance(person(newId('tnt')))).toEqual([]))).toEqual(['replica: may lag']);
    await expect(toy.database.glance(person(ann.tenantId!), (em) => em.execute('DELETE FROM tenants.note', [], 'run'))).rejects.toThrow(/read-only/);
    expect(await glance(ann)).toEqual(['secret']);
  });
});

describe('a replica that cannot be read from', () => {
  it('is left when it stops a read that is in the way of its own work, and nobody notices', async () => {
    await pair.onReplica(`ALTER SYSTEM SET max_standby_streaming_delay = '50ms'`);
    await pair.onReplica('SELECT pg_reload_conf()');
    const ann = person(newId('tnt'));
    await write(ann, 'kept');
    await pair.caughtUp();
    const owner = new pg.Client({ connectionString: at.ownerUrl });
    await owner.connect();
    let runs = 0;
    const read = () => toy.database.glance(person(ann.tenantId!), async (em) => {
      runs += 1;
      const rows = await em.execute<unknown[]>('SELECT 1 FROM tenants.note');
      if (runs > 1) return rows.length;
      await owner.query('ALTER TABLE tenants.note ADD COLUMN later text');
      await em.execute('SELECT pg_sleep(8)');
      return -1;
    });
    expect(await went(async () => expect(await read()).toBe(1))).toEqual(['primary: failed']);
    expect(runs).toBe(2);
    await owner.end();
  });

  it('too far behind is not asked, and is again when it has caught up', async () => {
    const { toy: strict, replica: its } = await another({ lagMs: 500 });
    await readable(its);
    const ann = person(newId('tnt'));
    const reader = person(ann.tenantId!);
    await whilePaused(async () => {
      await write(ann, 'late', strict);
      await eventually('the replica to be too far behind', () => its.why() === 'behind');
      expect(await went(async () => expect(await glance(reader, strict)).toEqual(['late']))).toEqual(['primary: behind']);
      await eventually('it to be said', () => logged.join('').includes('is more than 500 ms behind'));
    });
    await readable(its);
    await eventually('it to be said', () => /is more than 500 ms behind.*The replica is read from again/s.test(logged.join('')));
  });

  it('that hangs lets those go who wait for it', async () => {
    const door = await doorBefore(at.replicaUrl);
    const { toy: through, replica: its } = await another({ url: door.url });
    await readable(its);
    const scope = person(newId('tnt'));
    await glance(scope, through); // a connection stands
    door.freeze();
    const waited = await went(() => Promise.all([glance(scope, through), glance(scope, through)]));
    expect(waited.filter((place) => !/^primary: (failed|away)$/.test(place))).toEqual([]);
    await eventually('the replica to be left', () => its.why() === 'away');
    expect(await went(() => glance(scope, through))).toEqual(['primary: away']);
    door.thaw();
    await readable(its);
    expect(await went(() => glance(scope, through))).toContain('replica: may lag');
    await door.shut();
  });

  it('does not keep anybody from starting, and is taken up when it comes', async () => {
    const door = await doorBefore(at.replicaUrl);
    await door.shut();
    const { toy: early, replica: its } = await another({ url: door.url });
    const scope = person(newId('tnt'));
    await write(scope, 'all the same', early);
    expect(await glance(scope, early)).toEqual(['all the same']);
    expect(logged.join('')).toContain('The replica at DATABASE_REPLICA_URL does not answer: everything is read from the primary.');
    expect(logged.join('')).not.toContain(new URL(door.url).password);
    await door.open();
    await readable(its);
    expect(await went(() => glance(person(newId('tnt')), early))).toEqual(['replica: may lag']);
    await door.shut();
  });

  it('is not one: a primary, or a server of another database', async () => {
    const { toy: wrong, replica: itself } = await another({ url: at.url });
    expect(await went(() => glance(person(newId('tnt')), wrong))).toEqual(['primary: away']);
    const { replica: foreign } = await another({ primaryUrl: process.env.ATLAS_TEST_URL! });
    await eventually('the other database to be known', () => logged.some((line) => line.includes('belongs to another database')));
    expect([itself.why(), foreign.why()]).toEqual(['away', 'away']);
    expect(logged.join('')).toContain('is no replica');
  });
});

describe('without what processes share', () => {
  const withRedis = redis ? it : it.skip;
  withRedis('everybody reads from the primary: nobody knows what was written elsewhere', async () => {
    const door = await doorBefore(redis!.url);
    const { toy: here } = await another({ redisUrl: door.url });
    const { toy: there } = await another({ redisUrl: door.url });
    const ann = person(newId('tnt'));
    await whilePaused(async () => {
      await write(ann, 'one', here);
      expect(await went(async () => expect(await glance(ann, there)).toEqual(['one']))).toEqual(['primary: own change']);
      await door.shut();
      await write(ann, 'two', here);
      expect(await glance(ann, there)).toEqual(['one', 'two']);
      expect(await went(() => glance(person(newId('tnt')), there))).toEqual(['primary: own change']);
    });
  });
});

describe('callers who change and read back', () => {
  it('miss nothing of their own and never fail, while the replica is paused, killed and started', async () => {
    const seed = Date.now() % 1_000_000;
    const found = await replicaRun({ seed, callers: 6, disturbances: 3, redisUrl: redis?.url, pair });
    expect({ seed, missed: found.missed, failed: found.failed }).toEqual({ seed, missed: [], failed: [] });
    expect(found.places['replica: may lag']).toBeGreaterThan(0);
    expect(found.places['primary: own change']).toBeGreaterThan(0);
  });

  it('go on when the replica becomes a server of its own, which nobody reads from any more', async () => {
    await readable(replica);
    await pair.promote();
    const ann = person(newId('tnt'));
    const reader = person(ann.tenantId!);
    await write(ann, 'after');
    expect(await glance(reader)).toEqual(['after']);
    expect(await glance(ann)).toEqual(['after']);
    await eventually('the replica to be left', () => replica.why() === 'away');
  });
});
