/** Whoever follows items and is cut off, falls behind or moves to another process. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startAtlas } from '../../atlas.ts';
import { BUS_ROLE } from '../../platform/database/roles.ts';
import { openLog } from '../../platform/log.ts';
import { newCollection, newItem } from '../../test/kit/collections.ts';
import { followAs } from '../../test/kit/following.ts';
import { FOLLOW, followers, ids, type Change } from '../../test/kit/item-changes.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { newMember, newTenant, type Person } from '../../test/kit/tenants.ts';

let kit: Kit;
let member: Person;
const { follow, leave } = followers(() => kit);
beforeAll(async () => {
  kit = await startServices(['tenants', 'collections'], { env: { STREAM_QUEUE_EVENTS: '50' } });
  member = await newMember(kit, await newTenant(kit), 'MEMBER');
});
afterAll(async () => {
  await leave();
  await kit.stop();
});

describe('going on', () => {
  it('after any change misses nothing and doubles nothing, while changes go on', async () => {
    const collectionId = await newCollection(kit, member);
    const whole = follow(member, { collectionId });
    const made: string[] = [];
    const writing = (async () => { for (let n = 0; n < 60; n += 1) made.push(await newItem(kit, member, collectionId)); })();
    await whole.atLeast(5);
    const resumed = Array.from({ length: 10 }, (_, n) => follow(member, { collectionId, after: whole.got[n % 5]!.cursor }));
    await writing;
    const all = (await whole.atLeast(60)).map(({ itemId }) => itemId);
    expect(all).toEqual(made);
    for (const [n, stream] of resumed.entries()) {
      await stream.atLeast(60 - (n % 5) - 1);
      expect(ids(stream)).toEqual(made.slice((n % 5) + 1));
    }
  });

  it('reads what is far behind at the reader’s pace, and ends who falls behind what happens, who can go on', async () => {
    const collectionId = await newCollection(kit, member);
    let release: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => { release = resolve; });
    const [watch, slow] = [follow(member, { collectionId }), follow(member, { collectionId }, () => stuck)];
    const made: string[] = [];
    for (let n = 0; n < 60; n += 1) made.push(await newItem(kit, member, collectionId));
    await watch.atLeast(60);
    // One is being read, and one burst at most has been taken: more than the 50 that may wait were told.
    for (let n = 0; n < 60; n += 1) made.push(await newItem(kit, member, collectionId));
    await watch.atLeast(120);
    release();
    expect(await slow.ended).toBe('SLOW_CONSUMER');
    const again = follow(member, { collectionId, after: slow.got.at(-1)!.cursor }, async () => { await new Promise((resolve) => { setTimeout(resolve, 1); }); });
    await again.atLeast(120 - slow.got.length);
    expect([...ids(slow), ...ids(again)]).toEqual(made);
  });

  it('from a process to another: what is changed through one reaches who follows the other, on either’s cursor', async () => {
    const settings = kit.atlas.host.resourcesFor('collections').settings;
    const second = await startAtlas({ names: ['tenants', 'collections'], settings, log: openLog({ level: 'silent', pretty: false }), listen: false });
    try {
      const collectionId = await newCollection(kit, member);
      const [here, there] = [follow(member, { collectionId }), follow(member, { collectionId }, undefined, { atlas: second })];
      const made = [await newItem(kit, member, collectionId), await newItem({ ...kit, ask: (_service, document, variables, viewer) => second.services.get('collections')!.graph.answer({ document, variables: variables!, viewer: viewer! }) }, member, collectionId)];
      expect((await here.atLeast(2)).map(({ itemId }) => itemId)).toEqual(made);
      expect((await there.atLeast(2)).map(({ itemId }) => itemId)).toEqual(made);
      const [from, to] = [follow(member, { collectionId, after: here.got[0]!.cursor }, undefined, { atlas: second }), follow(member, { collectionId, after: there.got[0]!.cursor })];
      expect((await from.atLeast(1)).map(({ itemId }) => itemId)).toEqual([made[1]]);
      expect((await to.atLeast(1)).map(({ itemId }) => itemId)).toEqual([made[1]]);
      await Promise.all([there.leave(), from.leave()]);
    } finally {
      await second.stop();
    }
  });

  it('from a cursor that is too old ends with a code that says to read anew', async () => {
    const alone = await startServices(['tenants', 'collections']);
    try {
      const tenant = await newTenant(alone);
      const collectionId = await newCollection(alone, tenant.owner);
      const stream = followAs<Change>(alone, 'collections', tenant.owner.viewer, FOLLOW, { collectionId });
      for (let n = 0; n < 3; n += 1) await newItem(alone, tenant.owner, collectionId);
      const got = await stream.atLeast(3);
      await stream.leave();
      const database = new pg.Client({ connectionString: alone.database.url, options: `-c role=${BUS_ROLE}` });
      await database.connect();
      await database.query('DELETE FROM bus.event_log WHERE position < (SELECT max(position) FROM bus.event_log)');
      await database.end();
      // Another process: this one still has them at hand.
      const later = await startAtlas({ names: ['tenants', 'collections'], settings: alone.atlas.host.resourcesFor('collections').settings, log: openLog({ level: 'silent', pretty: false }), listen: false });
      const from = (cursor: string) => followAs<Change>({ atlas: later }, 'collections', tenant.owner.viewer, FOLLOW, { collectionId, after: cursor });
      expect(await from(got[0]!.cursor).ended).toBe('CURSOR_EXPIRED');
      const kept = from(got[1]!.cursor);
      expect((await kept.atLeast(1))[0]!.itemId).toBe(got[2]!.itemId);
      await kept.leave();
      await later.stop();
    } finally {
      await alone.stop();
    }
  });

  it('is over when the process stops, with a code that says to come again', async () => {
    const alone = await startServices(['tenants', 'collections']);
    const tenant = await newTenant(alone);
    const collectionId = await newCollection(alone, tenant.owner);
    const stream = followAs<Change>(alone, 'collections', tenant.owner.viewer, FOLLOW, { collectionId });
    await newItem(alone, tenant.owner, collectionId);
    await stream.atLeast(1);
    await alone.stop();
    expect(await stream.ended).toBe('SHUTTING_DOWN');
  });
});
