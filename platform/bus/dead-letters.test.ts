import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startConsuming, thing, type Consuming } from '../../test/kit/consuming.ts';
import { AtlasError } from '../errors.ts';
import { postgresDeadLetters, type DeadLetters } from './dead-letters.ts';

const LONG = [3_600];
let at: Consuming;
let letters: DeadLetters;
beforeAll(async () => { at = await startConsuming(); letters = postgresDeadLetters(at.bus.pool, LONG); });
beforeEach(() => at.bus.pool.query('DELETE FROM bus.dead_letter'));
afterAll(() => at?.stop());

const park = (consumer = 'tenants:one', event = thing('a thing'), of = letters) => of.park({ consumer, event, error: new AtlasError('NOT_FOUND'), tries: 5 }).then(() => event);
/** What is tried when whoever consumes as these looks for what is due. */
const tried = async (consumers: readonly string[], handle: () => Promise<void> = async () => undefined) => {
  const ids: string[] = [];
  await letters.retryDue(consumers, async ({ event }) => { ids.push(event.id); await handle(); });
  return ids;
};

describe('a dead letter', () => {
  it('is kept once for each consumer and event, whole and with its cause', async () => {
    const event = await park();
    await park('tenants:one', event);
    await park('tenants:two', event);
    const list = await letters.list(10);
    expect(list).toHaveLength(2);
    expect(list[1]).toMatchObject({ consumer: 'tenants:one', event, code: 'NOT_FOUND', tries: 5, tenant: null });
    expect(await letters.count(['tenants:one', 'tenants:two', 'tenants:three'])).toEqual(new Map([['tenants:one', 1], ['tenants:two', 1]]));
  });

  it('rests before it is tried again, unless somebody asks for it', async () => {
    const [one, other] = [await park(), await park()];
    expect(await tried(['tenants:one'])).toEqual([]);
    const { id } = (await letters.list(10)).find(({ event }) => event.id === one.id)!;
    expect(await letters.replay(id)).toBe(1);
    expect(await tried(['tenants:another'])).toEqual([]);
    expect(await tried(['tenants:one'])).toEqual([one.id]);
    expect((await letters.list(10)).map(({ event }) => event.id)).toEqual([other.id]);
    expect([await letters.replay('all'), await tried(['tenants:one']), await letters.list(10)]).toEqual([1, [other.id], []]);
    expect(await letters.replay(id)).toBe(0);
  });

  it('that fails again is kept with its newest cause, and rests until somebody asks when it has rested often enough', async () => {
    const often = postgresDeadLetters(at.bus.pool, [0, 0]);
    await park('tenants:one', thing('stubborn'), often);
    const again = () => often.retryDue(['tenants:one'], async () => { throw new TypeError('still'); });
    await again();
    expect((await letters.list(1))[0]).toMatchObject({ code: 'INTERNAL', detail: 'TypeError: still', tries: 6, retryAt: expect.any(Date) });
    await again();
    expect((await letters.list(1))[0]).toMatchObject({ tries: 7, retryAt: null });
    await again();
    expect((await letters.list(1))[0]).toMatchObject({ tries: 7 });
    await letters.replay('all');
    await again();
    expect((await letters.list(1))[0]).toMatchObject({ tries: 8, retryAt: null });
  });

  it('is tried by one process at a time', async () => {
    await park();
    await letters.replay('all');
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => { release = resolve; });
    let begun: () => void = () => undefined;
    const first = new Promise<void>((resolve) => { begun = resolve; });
    const one = tried(['tenants:one'], () => { begun(); return held; });
    await first;
    expect(await tried(['tenants:one'])).toEqual([]);
    release();
    expect(await one).toHaveLength(1);
  });
});
