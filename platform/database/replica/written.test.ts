import { describe, expect, it } from '@jest/globals';
import { UNKNOWN } from './positions.ts';
import { written } from './written.ts';

const KEEP_MS = 60_000;

describe('what a caller has written', () => {
  it('only grows', async () => {
    const marks = written({ keepMs: KEEP_MS, shared: null });
    await marks.note(['usr_a', 'usr_b'], 7);
    await marks.note(['usr_a'], 5);
    expect([await marks.by('usr_a'), await marks.by('usr_b'), await marks.by('usr_c')]).toEqual([7, 7, 0]);
  });

  it('holds for everybody when there is no room to remember whose it was', async () => {
    const marks = written({ keepMs: KEEP_MS, shared: null, principalsMax: 2 });
    for (const [at, name] of ['a', 'b', 'c', 'd'].entries()) await marks.note([name], at + 1);
    expect([await marks.by('a'), await marks.by('b'), await marks.by('c'), await marks.by('d'), await marks.by('nobody')]).toEqual([2, 2, 3, 4, 2]);
  });

  it('is forgotten after its time', async () => {
    const marks = written({ keepMs: 0, shared: null });
    await marks.note(['a'], 7);
    expect(await marks.by('a')).toBe(0);
  });

  it('is whatever any process knows, and unknown when they cannot be asked', async () => {
    const told: [readonly string[], number][] = [];
    const elsewhere = new Map([['a', 9], ['b', UNKNOWN]]);
    const marks = written({ keepMs: KEEP_MS, shared: { read: async (name) => elsewhere.get(name) ?? 0, raise: async (...what) => void told.push(what), close: async () => undefined } });
    await marks.note(['a'], 7);
    expect([await marks.by('a'), await marks.by('b'), await marks.by('c')]).toEqual([9, UNKNOWN, 0]);
    expect(told).toEqual([[['a'], 7]]);
  });
});
