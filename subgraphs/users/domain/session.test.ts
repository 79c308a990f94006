import { describe, expect, it } from '@jest/globals';
import { takeFacts } from '../../../platform/aggregate.ts';
import { newId } from '../../../platform/ids.ts';
import { Session } from './session.ts';
import type { RefreshToken } from './refresh-token.ts';

const DAY_MS = 86_400_000;
const at = (ms: number) => new Date(1_700_000_000_000 + ms);

/** A chain whose links are their generations. */
function signedIn() {
  const sessionId = newId('ses');
  const token = (generation: number): RefreshToken => ({ sessionId, generation, hash: `hash ${generation}`, text: '' });
  const session = Session.start({ userId: newId('usr'), token: token(0), client: { address: null, userAgent: 'x'.repeat(1_000) }, now: at(0), keepMs: DAY_MS });
  takeFacts([session]);
  const refresh = (generation: number, ms: number) => session.refresh({ token: token(generation), next: token(generation + 1), now: at(ms), keepMs: DAY_MS, graceMs: 10_000 });
  return { session, token, refresh, told: () => takeFacts([session]).map(({ fact }) => fact.body) };
}

describe('a session', () => {
  it('lives as long as it is refreshed', () => {
    const { session, refresh } = signedIn();
    expect(refresh(0, DAY_MS - 1)).toBe(true);
    expect(session.isAlive(at(2 * DAY_MS - 2))).toBe(true);
    expect(session.isAlive(at(2 * DAY_MS - 1))).toBe(false);
    expect(refresh(1, 2 * DAY_MS)).toBe(false);
  });
  it('honours a repeat within the grace and changes nothing by it', () => {
    const { session, refresh, told } = signedIn();
    refresh(0, 1_000);
    expect(refresh(0, 11_000)).toBe(true);
    expect(session).toMatchObject({ generation: 1, rotatedAt: at(1_000) });
    expect(told()).toEqual([]);
  });
  it('ends when a token comes again after the grace, or an older one at any time', () => {
    for (const reuse of [(one: ReturnType<typeof signedIn>) => one.refresh(0, 11_001), (one: ReturnType<typeof signedIn>) => (one.refresh(1, 1_001), one.refresh(0, 1_002))]) {
      const one = signedIn();
      one.refresh(0, 1_000);
      expect(reuse(one)).toBe(false);
      expect(one.session.isAlive(at(2_000))).toBe(false);
      expect(one.told()).toMatchObject([{ reason: 'refresh-reused' }]);
    }
  });
  it('is left alone by a token of a future that it does not know', () => {
    const { session, refresh } = signedIn();
    expect(refresh(5, 0)).toBe(false);
    expect(session.isAlive(at(1))).toBe(true);
  });
  it('ends once', () => {
    const { session, told } = signedIn();
    session.end('signed-out', at(1));
    session.end('revoked', at(2));
    expect(session).toMatchObject({ endReason: 'signed-out', endedAt: at(1) });
    expect(told()).toHaveLength(1);
  });
  it('remembers of a device what fits', () => expect(signedIn().session.userAgent).toHaveLength(300));
});
