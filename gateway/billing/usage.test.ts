import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/kit/eventually.ts';
import { misfitsOf } from '../../test/kit/event-contracts.ts';
import { fakeOutbox, PRICES } from '../../test/kit/fake-billing.ts';
import { silent } from '../../test/kit/toy-subgraph.ts';
import { newId } from '../../platform/ids.ts';
import type { Spender } from '../../platform/billing/ports.ts';
import { tariffOf } from '../../platform/billing/tariff.ts';
import { openUsage, type Usage } from './usage.ts';

const spender = (tenantId = newId('tnt')): Spender => ({ tenantId, userId: newId('usr'), keyId: null });
const team = tariffOf({ plan: 'TEAM', planVersion: 3, currency: 'EUR', limits: {}, prices: PRICES });
const open: Usage[] = [];
const opened = (outbox = fakeOutbox()) => {
  const usage = openUsage({ database: outbox.database, told: () => undefined, log: silent });
  open.push(usage);
  return { usage, outbox };
};
afterEach(async () => { await Promise.all(open.splice(0).map((usage) => usage.stop())); });

describe('what was used', () => {
  it('is told by tenant, person, key and plan, and fits its contract', async () => {
    const { usage, outbox } = opened();
    const ann = spender();
    const robot: Spender = { tenantId: ann.tenantId, userId: null, keyId: newId('key') };
    for (let n = 0; n < 3; n += 1) usage.add(ann, { points: 5, operations: 1 }, team);
    usage.add(ann, { points: 1, operations: 0 }, null);
    usage.add(robot, { points: 7, operations: 1 }, team);
    const other = spender();
    usage.add(other, { points: 2, operations: 1 }, team);
    await usage.kept();
    expect(outbox.rows.map(({ tenant }) => tenant).sort()).toEqual([ann.tenantId, other.tenantId].sort());
    const told = outbox.rows.find(({ tenant }) => tenant === ann.tenantId)!;
    expect(told).toMatchObject({ type: 'gateway.usage-recorded', subject: ann.tenantId, body: { processId: usage.holder, operations: 4, points: 23 } });
    const { holder } = usage;
    expect(told.usage).toEqual([
      { metric: 'api.points', quantity: '15', attributes: { holder, userId: ann.userId, plan: 'TEAM@3' } },
      { metric: 'api.operations', quantity: '3', attributes: { holder, userId: ann.userId, plan: 'TEAM@3' } },
      { metric: 'api.points', quantity: '1', attributes: { holder, userId: ann.userId } },
      { metric: 'api.points', quantity: '7', attributes: { holder, keyId: robot.keyId, plan: 'TEAM@3' } },
      { metric: 'api.operations', quantity: '1', attributes: { holder, keyId: robot.keyId, plan: 'TEAM@3' } },
    ]);
    expect(misfitsOf(told)).toEqual([]);
  });

  it('is on disk when whoever waits for it goes on, and many wait for one commit', async () => {
    const { usage, outbox } = opened();
    const who = spender();
    await Promise.all(Array.from({ length: 500 }, async () => {
      usage.add(who, { points: 1, operations: 1 }, team);
      await usage.kept();
    }));
    expect(outbox.total('api.points')).toBe(500);
    expect(outbox.commits).toBeLessThan(20);
  });

  it('is told by itself when nobody waits', async () => {
    const { usage, outbox } = opened();
    usage.add(spender(), { points: 4, operations: 1 }, team);
    await eventually('it is told', () => outbox.total('api.points') === 4);
  });

  it('is written again as it was when it could not be, and nobody is kept waiting for ever', async () => {
    const { usage, outbox } = opened();
    const who = spender();
    outbox.away = new Error('The database is away.');
    usage.add(who, { points: 4, operations: 1 }, team);
    await usage.kept();
    expect(outbox.rows).toEqual([]);
    usage.add(who, { points: 3, operations: 1 }, team);
    outbox.away = null;
    await usage.kept();
    expect(outbox.total('api.points')).toBe(7);
    expect(new Set(outbox.rows.map(({ id }) => id)).size).toBe(outbox.rows.length);
  });

  it('is told at the end, of more tenants and callers than fit into a commit too', async () => {
    const { usage, outbox } = opened();
    const crowded = newId('tnt');
    for (let n = 0; n < 450; n += 1) usage.add(spender(crowded), { points: 1, operations: 1 }, team);
    for (let n = 0; n < 2_500; n += 1) usage.add(spender(), { points: 1, operations: 1 }, team);
    await usage.stop();
    expect(outbox.total('api.operations')).toBe(2_950);
    for (const { usage: lines } of outbox.rows) expect(lines!.length).toBeLessThanOrEqual(400);
    const sequences = outbox.rows.map(({ body }) => (body as { sequence: number }).sequence);
    expect(new Set(sequences).size).toBe(sequences.length);
  });
});
