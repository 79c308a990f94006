/** How the explorer holds tokens, with a clock and a graph of the test's own. */
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const { credentials } = await import(join(import.meta.dirname, 'credentials.js')) as { credentials: (given: any) => any };

const SESSION = (n: number, seconds = 900) => ({ accessToken: `access-${n}`, refreshToken: `refresh-${n}`, expiresAt: new Date(seconds * 1_000).toISOString() });
const USER = { id: 'usr_1', name: 'Ann', email: 'ann@example.org' };

function arranged(kept: Record<string, string> = {}) {
  const sent: { document: string; variables: any; headers: Record<string, string> }[] = [];
  const timers: { work: () => void; ms: number }[] = [];
  const answers: (() => unknown)[] = [];
  const given = {
    storage: { getItem: (name: string) => kept[name] ?? null, setItem: (name: string, text: string) => { kept[name] = text; }, removeItem: (name: string) => { delete kept[name]; } },
    send: async (document: string, variables: unknown, headers: Record<string, string>) => {
      sent.push({ document, variables, headers });
      return answers.shift()?.();
    },
    now: () => 0,
    later: (work: () => void, ms: number) => timers.push({ work, ms }),
    forget: (timer: number | undefined) => { if (timer) timers[timer - 1]!.work = () => { throw new Error('A timer that was forgotten ran.'); }; },
  };
  return { account: credentials(given), given, kept, sent, timers, answers };
}

describe('tokens', () => {
  it('are in memory alone until the person wants otherwise, and leave the storage with them', async () => {
    const { account, kept } = arranged();
    account.signedIn(SESSION(1), USER);
    expect(kept).toEqual({});
    account.setStays(true);
    expect(JSON.stringify(kept)).toContain('refresh-1');
    account.setStays(false);
    expect(kept).toEqual({});
    account.setStays(true);
    await account.signOut();
    expect(kept).toEqual({});
  });

  it('come back after a reload from where they were kept, and from nothing else', () => {
    const { account, given, kept } = arranged();
    account.setStays(true);
    account.signedIn(SESSION(1), USER);
    account.pickTenant('engines');
    const again = credentials(given);
    expect([again.headers(), again.stays.get()]).toEqual([{ authorization: 'Bearer access-1', 'atlas-tenant': 'engines' }, true]);
    for (const spoilt of ['{', '[]', '{"kind":"session"}', '{"kind":"other"}']) {
      kept['atlas:credentials'] = spoilt;
      expect(credentials(given).headers()).toEqual({});
    }
  });

  it('of a key are its own header, without a tenant', () => {
    const { account } = arranged();
    account.useKey('atl_live_x');
    account.pickTenant('engines');
    expect(account.headers()).toEqual({ authorization: 'Bearer atl_live_x' });
  });
});

describe('a session', () => {
  it('is carried on a minute before its token expires, once for all who ask, in the same tenant', async () => {
    const { account, sent, timers, answers } = arranged();
    account.signedIn(SESSION(1), USER);
    account.pickTenant('engines');
    expect(timers.at(-1)!.ms).toBe(840_000);
    answers.push(() => ({ refreshSession: { session: SESSION(2, 1_800), userErrors: [] } }));
    await Promise.all([account.refresh(), account.refresh()]);
    expect(sent.map(({ variables }) => variables)).toEqual([{ input: { refreshToken: 'refresh-1' } }]);
    expect(account.headers()).toEqual({ authorization: 'Bearer access-2', 'atlas-tenant': 'engines' });
    expect(timers.at(-1)!.ms).toBe(1_740_000);
  });

  it('of a short life is carried on at half of it', () => {
    const { account, timers } = arranged();
    account.signedIn(SESSION(1, 10), USER);
    expect(timers.at(-1)!.ms).toBe(5_000);
  });

  it('is tried again when the way was broken, and ends when it was refused', async () => {
    const { account, timers, answers } = arranged();
    account.signedIn(SESSION(1), USER);
    answers.push(() => { throw new TypeError('Failed to fetch'); });
    await account.refresh();
    expect([account.state.get().kind, timers.at(-1)!.ms]).toEqual(['session', 5_000]);
    answers.push(() => { throw Object.assign(new Error('ended'), { code: 'SESSION_ENDED', retryable: false }); });
    await account.refresh();
    expect([account.state.get().kind, account.notice.get()]).toEqual(['nobody', 'Your session has ended; sign in again.']);
  });

  it('that was left while it was carried on stays left', async () => {
    const { account, answers } = arranged();
    account.signedIn(SESSION(1), USER);
    let answer!: (data: unknown) => void;
    answers.push(() => new Promise((resolve) => { answer = resolve; }));
    const refreshing = account.refresh();
    await account.signOut();
    answer({ refreshSession: { session: SESSION(2), userErrors: [] } });
    await refreshing;
    expect(account.headers()).toEqual({});
  });

  it('is ended at the server too, and here whether or not that was heard', async () => {
    const { account, sent, answers } = arranged();
    account.signedIn(SESSION(1), USER);
    answers.push(() => { throw new TypeError('Failed to fetch'); });
    await account.signOut();
    expect(sent).toEqual([{ document: expect.stringContaining('logout'), variables: {}, headers: { authorization: 'Bearer access-1' } }]);
    expect(account.state.get()).toEqual({ kind: 'nobody' });
  });
});
