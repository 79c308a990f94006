import { describe, expect, it } from '@jest/globals';
import { newId, type TenantId } from '../../../platform/ids.ts';
import { chooseLanes, disableReason, pauseAfter, waitAfter, type Answer, type Lane } from './webhook-sending.ts';

const TERMS = { retrySeconds: [5, 300, 1_800, 7_200, 18_000, 18_000, 18_000, 21_600], disableAttempts: 20, disableHours: 120 };
const answer = (more: Partial<Answer> = {}): Answer => ({ code: 500, excerpt: null, failure: 'x', durationMs: 1, retryAfterMs: null, ...more });
const lanes = (count: number, failures = 0, tenantId?: TenantId): Lane[] => Array.from({ length: count }, () => ({ tenantId: tenantId ?? newId('tnt'), webhookId: newId('whk'), failures }));

describe('a failed attempt', () => {
  it('is followed by nine in all, within a day', () => {
    const waits = TERMS.retrySeconds.map((_, at) => waitAfter(answer(), at + 1, TERMS, 0)!);
    expect(waits.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(24 * 3_600_000);
    expect(waitAfter(answer(), waits.length + 1, TERMS, 0)).toBeNull();
    expect(waitAfter(answer(), 2, TERMS, 1)).toBe(240_000);
  });
  it('waits as long as the receiver asks, up to an hour', () => {
    expect(waitAfter(answer({ retryAfterMs: 60_000 }), 1, TERMS, 0)).toBe(60_000);
    expect(waitAfter(answer({ retryAfterMs: 10 * 3_600_000 }), 1, TERMS, 0)).toBe(3_600_000);
    expect(pauseAfter(answer({ retryAfterMs: 60_000 }), { failures: 1, failingSince: new Date() }, TERMS, 0)).toBe(60_000);
  });
  it('lets a receiver that is down rest longer and longer, up to five minutes', () => {
    const pauses = [1, 2, 3, 4, 5, 50].map((failures) => pauseAfter(answer(), { failures, failingSince: new Date() }, TERMS, 0));
    expect(pauses).toEqual([0, 0, 5_000, 10_000, 20_000, 300_000]);
  });
  it('disables after days of failures, or at once when the receiver is gone', () => {
    const now = Date.now();
    const since = (hours: number) => new Date(now - hours * 3_600_000);
    expect(disableReason(answer({ code: 410 }), { failures: 1, failingSince: since(0) }, TERMS, now)).toBe('GONE');
    expect(disableReason(answer(), { failures: 19, failingSince: since(500) }, TERMS, now)).toBeNull();
    expect(disableReason(answer(), { failures: 500, failingSince: since(119) }, TERMS, now)).toBeNull();
    expect(disableReason(answer(), { failures: 20, failingSince: since(120) }, TERMS, now)).toBe('FAILING');
  });
});

describe('the lanes that are begun', () => {
  it('leave half of the places to receivers that work', () => {
    const chosen = chooseLanes([...lanes(100, 3), ...lanes(100)], []);
    expect(chosen.filter(({ failures }) => failures > 0)).toHaveLength(16);
    expect(chosen).toHaveLength(32);
  });
  it('are of one tenant a quarter at most, and none twice', () => {
    const one = lanes(20, 0, newId('tnt'));
    expect(chooseLanes(one, [])).toHaveLength(8);
    expect(chooseLanes(one, one.slice(0, 5))).toEqual(one.slice(5, 8));
  });
});
