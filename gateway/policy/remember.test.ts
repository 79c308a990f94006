import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Handler } from '../../platform/bus/bus.ts';
import { memoryCache, type Cache } from '../../platform/cache.ts';
import { readSettings } from '../../platform/config.ts';
import type { Envelope } from '../../platform/event.ts';
import type { Events } from '../../platform/service.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { openMemory, type Remember } from './remember.ts';
import { memberMark, sessionMark } from './revoked.ts';

const settings = readSettings({});

/** A log as one process hears it: the test says how far, and how late. */
function hearing(begins = 0) {
  let handler: Handler | undefined;
  const state = { place: begins, behindMs: 0 };
  const events: Events = {
    told: () => undefined, hear: () => () => undefined, listen: () => undefined, behindMs: async () => 0, sweep: () => ({ nudge: () => undefined }),
    tail: (_types, handle) => { handler = handle; return { place: () => String(state.place), behindMs: () => state.behindMs, stop: async () => undefined }; },
  };
  const hear = async (type: string, body: unknown) => { state.place += 1; await handler!({ type, body } as Envelope, String(state.place)); };
  return { events, state, hear };
}

describe('what is remembered of a caller', () => {
  let cache: Cache;
  let asked: number;
  beforeEach(() => { cache = memoryCache(); asked = 0; });
  const ask = (remember: Remember, about = [sessionMark('ses_1')], endsAt: string | null = null) =>
    remember('session', async () => { asked += 1; return { value: 'found', about, endsAt }; });
  /** As if it had been asked a while ago. */
  const later = async (ms: number) => {
    const kept = JSON.parse((await cache.get('session'))!) as { at: number };
    await cache.set('session', JSON.stringify({ ...kept, at: kept.at - ms }), 60_000);
  };

  it('is not asked again while nothing happens, however long ago', async () => {
    const { events } = hearing();
    const remember = openMemory({ cache, events, settings });
    await ask(remember);
    await later(50_000);
    expect(await ask(remember)).toBe('found');
    expect(asked).toBe(1);
  });

  it('is asked again once it was taken back, and only that', async () => {
    const { events, hear } = hearing();
    const remember = openMemory({ cache, events, settings });
    await ask(remember);
    await hear('users.session-ended', { sessionId: 'ses_2' });
    await ask(remember);
    expect(asked).toBe(1);
    await hear('users.session-ended', { sessionId: 'ses_1' });
    await ask(remember);
    expect(asked).toBe(2);
    await ask(remember);
    expect(asked).toBe(2);
  });

  it('is undone by what happened to the member, to nobody else', async () => {
    const { events, hear } = hearing();
    const remember = openMemory({ cache, events, settings });
    await ask(remember, [memberMark('usr_1', 'tnt_1')]);
    await hear('tenants.member-role-changed', { userId: 'usr_1', tenantId: 'tnt_2' });
    await ask(remember, [memberMark('usr_1', 'tnt_1')]);
    expect(asked).toBe(1);
    await hear('tenants.member-removed', { userId: 'usr_1', tenantId: 'tnt_1' });
    await ask(remember, [memberMark('usr_1', 'tnt_1')]);
    expect(asked).toBe(2);
  });

  it('is believed for a moment only while the log is not heard', async () => {
    const { events, state } = hearing();
    const remember = openMemory({ cache, events, settings });
    await ask(remember);
    state.behindMs = Infinity;
    await ask(remember);
    expect(asked).toBe(1);
    await later(700);
    await ask(remember);
    expect(asked).toBe(2);
  });

  it('of another process is undone by what this one heard after it', async () => {
    const one = hearing();
    const two = hearing();
    const first = openMemory({ cache, events: one.events, settings });
    const second = openMemory({ cache, events: two.events, settings });
    await ask(first);
    await ask(second);
    expect(asked).toBe(1);
    await two.hear('users.session-ended', { sessionId: 'ses_1' });
    await ask(second);
    expect(asked).toBe(2);
  });

  it('of another process is not believed by its clock: without the log it is asked again', async () => {
    const [one, two] = [hearing(), hearing()];
    await ask(openMemory({ cache, events: one.events, settings }));
    two.state.behindMs = Infinity;
    await later(-60_000); // its clock is ahead
    await ask(openMemory({ cache, events: two.events, settings }));
    expect(asked).toBe(2);
  });

  it('is not what was asked long ago and is answered only now: whoever comes later asks anew', async () => {
    const { events } = hearing();
    const remember = openMemory({ cache, events, settings });
    const unasked = () => undefined;
    let answer: () => void = unasked;
    const slow = remember('session', async () => { await new Promise<void>((resolve) => { answer = resolve; }); return { value: 'alive', about: [], endsAt: null }; });
    await eventually('it to be on its way', () => answer !== unasked);
    const soon = remember('session', async () => null);
    await new Promise((resolve) => { setTimeout(resolve, 750); });
    expect(await Promise.race([remember('session', async () => null), new Promise((resolve) => { setTimeout(resolve, 500, 'still waiting'); })])).toBeNull(); // it was ended in the meantime
    answer();
    expect([await slow, await soon]).toEqual(['alive', 'alive']);
  });

  it('from before this process listened is asked again: what was taken back in between was not heard', async () => {
    const early = hearing(10);
    await ask(openMemory({ cache, events: early.events, settings }));
    const late = hearing(11);
    await ask(openMemory({ cache, events: late.events, settings }));
    expect(asked).toBe(2);
  });

  it('ends when the credential does', async () => {
    const { events } = hearing();
    const remember = openMemory({ cache, events, settings });
    await ask(remember, [], new Date(Date.now() - 1).toISOString());
    await ask(remember, [], new Date(Date.now() + 60_000).toISOString());
    expect(asked).toBe(2);
    await ask(remember);
    expect(asked).toBe(2);
  });

  it('does not hold what was refused', async () => {
    const { events } = hearing();
    const remember = openMemory({ cache, events, settings });
    const refuse = () => remember('session', async () => { asked += 1; return null; });
    await refuse();
    expect(await refuse()).toBeNull();
    expect(asked).toBe(2);
  });
});
