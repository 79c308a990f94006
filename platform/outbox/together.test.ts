import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/kit/eventually.ts';
import { newId } from '../ids.ts';
import type { Envelope } from '../event.ts';
import { together } from './together.ts';

const told = (subject: string, tenant = 'tnt_one'): Envelope =>
  ({ id: newId('evt'), type: 'things.thing-changed', version: 1, subject, subjectVersion: 1, tenant: tenant as Envelope['tenant'], at: new Date().toISOString(), actor: { kind: 'system', id: 'system:users' }, requestId: null, traceparent: null, body: {} });
const gate = () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => { open = resolve; });
  return { open, opened };
};

describe('events that are handled together', () => {
  it('are one work: what comes while one is under way is the next, in the order in which it came', async () => {
    const works: string[][] = [];
    const first = gate();
    const handle = together({ keyOf: ({ tenant }) => tenant!, handle: async (events) => { works.push(events.map(({ subject }) => subject)); if (works.length === 1) await first.opened; } });
    const done = ['a', 'b', 'c', 'd'].map((subject) => handle(told(subject)));
    await eventually('the first', () => works.length === 1);
    first.open();
    await Promise.all(done);
    expect(works).toEqual([['a'], ['b', 'c', 'd']]);
    await handle(told('e'));
    expect(works).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
  });

  it('are of one key: another tenant’s wait for nobody', async () => {
    const works: string[][] = [];
    const slow = gate();
    const handle = together({ keyOf: ({ tenant }) => tenant!, handle: async (events) => { works.push(events.map(({ subject }) => subject)); if (events[0].tenant === 'tnt_one') await slow.opened; } });
    const waits = handle(told('a'));
    await handle(told('b', 'tnt_two'));
    expect(works).toEqual([['a'], ['b']]);
    slow.open();
    await waits;
  });

  it('are tried one by one when they fail together, so that only the bad one is bad', async () => {
    const works: string[][] = [];
    const first = gate();
    const handle = together({ keyOf: ({ tenant }) => tenant!, handle: async (events) => {
      works.push(events.map(({ subject }) => subject));
      if (works.length === 1) await first.opened;
      if (events.some(({ subject }) => subject === 'bad')) throw new Error('a bad one');
    } });
    const done = ['a', 'b', 'bad', 'c'].map((subject) => handle(told(subject)));
    await eventually('the first', () => works.length === 1);
    first.open();
    expect((await Promise.allSettled(done)).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(works).toEqual([['a'], ['b', 'bad', 'c'], ['b'], ['bad'], ['c']]);
    await handle(told('d'));
    expect(works.at(-1)).toEqual(['d']);
  });

  it('hold no more works at once than there are connections for', async () => {
    let [running, most] = [0, 0];
    const handle = together({ keyOf: ({ tenant }) => tenant!, handle: async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => { setTimeout(resolve, 5); });
      running -= 1;
    } });
    await Promise.all(Array.from({ length: 16 }, (_, n) => handle(told('a', `tnt_${n}`))));
    expect(most).toBe(3);
  });
});
