/** What somebody who owns the database and lacks the installation's secret can do to an audit trail without being found: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { CHANGES, tampering, tellMany, WAYS, type Tampering, type Way } from '../../test/kit/audit-trail.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { dataOf, newTenant, type TestTenant } from '../../test/kit/tenants.ts';

const ROWS = 60;

let kit: Kit;
let [tenant, other]: TestTenant[] = [];
let attacker: Tampering;
const trail = async () => dataOf(await kit.ask('tenants', '{ tenant { auditTrail { verified count head firstBroken } } }', {}, tenant!.owner.viewer)).tenant.auditTrail;

beforeAll(async () => {
  kit = await startServices(['tenants']);
  [tenant, other] = [await newTenant(kit), await newTenant(kit)];
  await tellMany(kit, tenant.id, ROWS - 2);
  await tellMany(kit, other.id, 5);
  await eventually('everything stands in the trail', async () => (await trail()).count === ROWS);
  attacker = await tampering(kit, tenant.id);
});
afterAll(async () => {
  await attacker?.close();
  await kit?.stop();
});

/** Does it, asks, undoes it, asks again. */
async function found(way: Way, place: number): Promise<void> {
  const first = await attacker.attempt(way, place);
  expect([way, place, await trail()]).toEqual([way, place, expect.objectContaining({ verified: false, firstBroken: first })]);
  await attacker.undo();
}

describe('an audit trail', () => {
  it('is whole to begin with, and again after every attempt that was undone', async () => {
    await found('delete', 7);
    expect(await trail()).toMatchObject({ verified: true, count: ROWS, firstBroken: null });
  });

  it('tells of a change to any column, and names the row', async () => {
    for (const [n] of CHANGES.entries()) await found('change', n + CHANGES.length);
  });

  it.each(WAYS)('tells of every row that somebody tried to %s', async (way) => {
    for (const place of [1, 2, 3, 17, 29, 30, 31, 44, ROWS - 1, ROWS]) await found(way, place);
  });

  it('tells of a chain that was written anew with its head, but without the secret, from any place on', async () => {
    for (const place of [1, 2, 31, ROWS]) await found('forge', place);
  });

  it('tells that its end is missing, also when the head was set back', async () => {
    for (const place of [ROWS, ROWS - 1, 30, 2, 1]) await found('truncate', place);
    for (const place of [ROWS, 30, 2]) {
      await attacker.attempt('truncate', place);
      await attacker.sql('UPDATE tenants.audit_head h SET seq = e.seq, hash = e.hash, event_id = e.id, seal = e.seal FROM tenants.audit_event e WHERE e.tenant_id = h.tenant_id AND h.tenant_id = $1 AND e.seq = $2', [tenant!.id, place - 1]);
      expect(await trail()).toMatchObject({ verified: false, firstBroken: expect.any(String) });
      await attacker.undo();
    }
  });

  it('tells of two rows in one place, of rows before the first and behind its head, of a head that is gone, and of one that was changed', async () => {
    const ways = [
      `INSERT INTO tenants.audit_event SELECT (jsonb_populate_record(e, '{"id": "evt_planted"}')).* FROM tenants.audit_event e WHERE tenant_id = $1 AND seq = 30`,
      `INSERT INTO tenants.audit_event SELECT (jsonb_populate_record(e, '{"seq": 0, "id": "evt_planted"}')).* FROM tenants.audit_event e WHERE tenant_id = $1 AND seq = 30`,
      `INSERT INTO tenants.audit_event SELECT (jsonb_populate_record(e, '{"seq": 1000, "id": "evt_planted"}')).* FROM tenants.audit_event e WHERE tenant_id = $1 AND seq = 3`,
      'DELETE FROM tenants.audit_head WHERE tenant_id = $1', `UPDATE tenants.audit_head SET seal = reverse(seal) WHERE tenant_id = $1`,
      'UPDATE tenants.audit_head SET seq = seq - 1 WHERE tenant_id = $1', 'UPDATE tenants.audit_head SET seq = seq + 1 WHERE tenant_id = $1',
      `UPDATE tenants.audit_head SET hash = repeat('0', 64) WHERE tenant_id = $1`,
    ];
    for (const way of ways) {
      await attacker.sql(way, [tenant!.id]);
      expect([way, await trail()]).toEqual([way, expect.objectContaining({ verified: false, firstBroken: expect.any(String) })]);
      await attacker.undo();
    }
  });

  it("does not take another tenant's chain for its own, head and all", async () => {
    for (const table of ['audit_event', 'audit_head']) {
      await attacker.sql(`DELETE FROM tenants.${table} WHERE tenant_id = $1`, [tenant!.id]);
      await attacker.sql(`UPDATE tenants.${table} SET tenant_id = $1 WHERE tenant_id = $2`, [tenant!.id, other!.id]);
    }
    const [first] = await attacker.sql('SELECT id FROM tenants.audit_event WHERE tenant_id = $1 ORDER BY seq LIMIT 1', [tenant!.id]);
    expect(await trail()).toMatchObject({ verified: false, firstBroken: first.id });
    await attacker.undo();
  });

  it.each([
    ['cut off with its head set back', async (place: number) => {
      await attacker.attempt('truncate', place);
      await attacker.sql('UPDATE tenants.audit_head h SET seq = e.seq, hash = e.hash, event_id = e.id, seal = e.seal FROM tenants.audit_event e WHERE e.tenant_id = h.tenant_id AND h.tenant_id = $1 AND e.seq = $2', [tenant!.id, place - 1]);
    }],
    ['cut off with its head as if nothing had been', async (place: number) => {
      await attacker.attempt('truncate', place);
      await attacker.sql(`UPDATE tenants.audit_head SET seq = 0, hash = '', event_id = '', seal = '' WHERE tenant_id = $1`, [tenant!.id]);
    }],
    ['written anew with its head', (place: number) => attacker.attempt('forge', place)],
  ])('that was %s goes on, and what is added later does not cover it up', async (_, tamper) => {
    await tamper(40);
    const count = Number((await attacker.sql('SELECT count(*) FROM tenants.audit_event WHERE tenant_id = $1', [tenant!.id]))[0].count);
    await tellMany(kit, tenant!.id, 3);
    await eventually('the three are added', async () => Number((await attacker.sql('SELECT count(*) FROM tenants.audit_event WHERE tenant_id = $1', [tenant!.id]))[0].count) === count + 3);
    expect(await trail()).toMatchObject({ verified: false, count: count + 3, firstBroken: expect.any(String) });
    expect(kit.logged.some((line) => line.includes('was not as it had been left'))).toBe(true);
    await attacker.undo();
  });
});

describe('the database', () => {
  it('lets the service neither change nor remove what stands in the trail, nor remove a head', async () => {
    const serving = new pg.Client({ connectionString: kit.database.url });
    await serving.connect();
    for (const sql of [`UPDATE tenants.audit_event SET action = 'x'`, 'DELETE FROM tenants.audit_event', 'TRUNCATE tenants.audit_event', 'DELETE FROM tenants.audit_head', 'DELETE FROM tenants.audit_mark']) {
      await serving.query(`BEGIN; SET LOCAL ROLE atlas_tenants; SET LOCAL app.tenant_id = '${tenant!.id}'`);
      await expect(serving.query(sql)).rejects.toThrow('permission denied');
      await serving.query('ROLLBACK');
    }
    await serving.end();
  });

  it('keeps its owner from doing so by mistake', async () => {
    const owner = new pg.Client({ connectionString: kit.database.ownerUrl });
    await owner.connect();
    await owner.query('ALTER TABLE tenants.audit_event ENABLE TRIGGER ALL; ALTER TABLE tenants.audit_head ENABLE TRIGGER ALL');
    for (const sql of [`UPDATE tenants.audit_event SET action = 'x'`, 'DELETE FROM tenants.audit_event', 'TRUNCATE tenants.audit_event', 'DELETE FROM tenants.audit_head', 'TRUNCATE tenants.audit_head']) {
      await expect(owner.query(sql)).rejects.toThrow('The audit trail is only ever added to.');
    }
    await owner.end();
  });
});
