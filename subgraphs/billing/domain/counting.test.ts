import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimal } from '../../../platform/decimal.ts';
import type { Envelope } from '../../../platform/event.ts';
import { newId } from '../../../platform/ids.ts';
import { countedOf } from './counted.ts';
import { periodOf, periodsIn } from './counting-period.ts';
import { added, latenciesOf, msOf, percentile, said, sizeOf } from './latency.ts';
import { questionOf } from './usage.ts';

const moment = fc.date({ min: new Date(0), max: new Date(Date.UTC(2100, 0)), noInvalidDate: true });
const granularity = fc.constantFrom('HOUR' as const, 'DAY' as const, 'MONTH' as const);

describe('periods', () => {
  it('hold every moment once: each begins where the one before ends', () => fc.assert(fc.property(moment, granularity, (at, grain) => {
    const { from, to } = periodOf(grain, at);
    expect(from <= at && at < to).toBe(true);
    expect(periodOf(grain, to).from).toEqual(to);
    expect(periodOf(grain, new Date(to.getTime() - 1)).from).toEqual(from);
    expect(periodsIn(grain, { from, to: new Date(to.getTime() + 1) })).toEqual([from, to]);
  })));
  it('that are asked for are whole ones', () => {
    const asked = (from: string, to: string) => questionOf({ from: new Date(from), to: new Date(to), granularity: 'DAY' }, null, new Date(to));
    expect(asked('2026-11-20T05:00:00Z', '2026-11-21T00:00:00Z')).toMatchObject({ from: new Date('2026-11-20'), to: new Date('2026-11-21') });
    expect(asked('2026-11-20T05:00:00Z', '2026-11-21T00:00:00.001Z')).toMatchObject({ to: new Date('2026-11-22') });
    expect(asked('2026-11-20', '2026-11-20')).toMatchObject({ from: new Date('2026-11-20'), to: new Date('2026-11-21') });
  });
});

describe('latencies', () => {
  it('are read off their sums to some five of a hundred', () => fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 50 }), (all) => {
    const found = percentile(added(all.map((ms) => [sizeOf(ms), 1] as const)), 0.5)!;
    const exact = [...all].sort((a, b) => a - b)[Math.ceil(all.length / 2) - 1]!;
    expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.06 + 1);
  })));
  it('of many come in one text, and what is none counts for nothing', () => {
    const many = added([[3, 2], [30, 1], [3, 1]]);
    expect(latenciesOf({ latencies: said(many) })).toEqual(many);
    expect(latenciesOf({ latencyMs: '12' })).toEqual(new Map([[sizeOf(12), 1]]));
    for (const wrong of [{ latencies: 'x' }, { latencies: '1:2 3' }, { latencyMs: '-1' }, {}] as Record<string, string>[]) expect(latenciesOf(wrong).size).toBe(0);
    expect(percentile(new Map(), 0.5)).toBeNull();
    expect(msOf(sizeOf(0))).toBe(0);
  });
});

describe('an envelope', () => {
  const tenant = newId('tnt');
  const told = (more: object): Envelope => ({
    id: newId('evt'), type: 'x.y', version: 1, body: {}, subject: 's', subjectVersion: 1, tenant, at: '2026-11-21T10:00:00.000Z', actor: { kind: 'user', id: newId('usr') }, requestId: null, traceparent: null, ...more,
  });
  const usage = (more: object = {}) => ({ usage: [{ metric: 'api.points', quantity: decimal(1), ...more }] });
  it('counts for whoever it says, and otherwise for whoever did it', () => {
    const userId = newId('usr');
    const mine = told(usage());
    expect(countedOf(mine)!.lines[0]).toMatchObject({ userId: mine.actor.id, keyId: '', collectionId: '', holder: null, at: new Date(mine.at) });
    expect(countedOf(told(usage({ attributes: { userId, holder: 'h', model: 'm', at: '2026-11-20T00:00:00.000Z' } })))!.lines[0]).toMatchObject({ userId, holder: 'h', model: 'm', at: new Date('2026-11-20') });
    expect(countedOf(told(usage({ attributes: { userId: '' } })))!.lines[0]).toMatchObject({ userId: '', keyId: '' });
    expect(countedOf(told({}))).toBeNull();
  });
  it.each<[string, object]>([
    ['names no tenant', { ...usage(), tenant: null }], ['counts in floats', usage({ quantity: 0.1 })], ['counts in another spelling', usage({ quantity: '1.0' })], ['names no metric', usage({ metric: 'API points' })],
    ['says no moment', usage({ attributes: { at: 'now' } })], ['has no texts', usage({ attributes: { a: 1 } })],
  ])('that %s is no usage, and is not guessed at', (_what, wrong) => expect(() => countedOf(told(wrong))).toThrow());
});
