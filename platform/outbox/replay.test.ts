/** However often events are delivered, and from wherever the log is read once more: the end is that of one pass in order. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { see, SELF, startConsuming, thing, thingHappened, type Consuming } from '../../test/kit/consuming.ts';
import { eventually } from '../../test/kit/eventually.ts';
import type { Envelope } from '../event.ts';
import { consume, handleOnce } from './inbox.ts';

/** `npm run test:full replay` takes more, as many as it is told. */
const RUNS = Number(process.env.REPLAY_RUNS ?? 2);
const EVENTS = Number(process.env.REPLAY_EVENTS ?? 500);
const COPIES = 3;

let at: Consuming;
beforeAll(async () => { at = await startConsuming(); });
afterAll(() => at?.stop());

/**
 * What at-least-once delivery in the order of a subject allows: each subject's events come first in order, and copies of
 * any of them at any time after; subjects mix freely. The draws say who is next and which copy comes in between.
 */
function shuffled(told: readonly Envelope[], draws: readonly number[]): Envelope[] {
  const waiting = new Map<string, Envelope[]>();
  for (const event of told) waiting.set(event.subject, [...waiting.get(event.subject) ?? [], event]);
  const copies: Envelope[] = [];
  const delivered: Envelope[] = [];
  const pick = <T>(list: T[], draw: number): T => list.splice(draw % list.length, 1)[0]!;
  for (let n = 0; waiting.size > 0 || copies.length > 0; n += 1) {
    const draw = draws[n % draws.length]! + n;
    if (copies.length > 0 && (waiting.size === 0 || draw % COPIES > 0)) {
      delivered.push(pick(copies, draw));
      continue;
    }
    const subject = [...waiting.keys()][draw % waiting.size]!;
    const queue = waiting.get(subject)!;
    const event = queue.shift()!;
    if (queue.length === 0) waiting.delete(subject);
    delivered.push(event);
    for (let copy = 1; copy < COPIES; copy += 1) copies.push(event);
  }
  return delivered;
}

describe('events that come three times, shuffled, and once more from the beginning', () => {
  it(`leave what one pass in order leaves: ${RUNS} times ${EVENTS} events`, async () => {
    const consumer = consume(thingHappened, (event) => at.desk.work(SELF, ({ em }) => see(em, event)));
    const inOrder = { ...consume(thingHappened, (event) => at.desk.work(SELF, ({ em }) => see(em, event, 'expected'))), name: 'in order' };
    at.listen(consumer);
    let run = 0;
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.array(fc.nat(10_000), { minLength: 50, maxLength: 50 }), async (subjects, draws) => {
      run += 1;
      const versions = new Map<string, number>();
      const told = Array.from({ length: EVENTS }, (_, n) => {
        const subject = `run-${run}-${draws[n % draws.length]! % subjects}`;
        versions.set(subject, (versions.get(subject) ?? 0) + 1);
        return thing(subject, versions.get(subject)!);
      });
      const delivered = shuffled(told, draws);
      expect(delivered).toHaveLength(EVENTS * COPIES);
      await at.tell(delivered);
      for (const event of told) await handleOnce(inOrder, event);
      await at.quiet();
      await at.bus.rewind('tenants:tenants.thing-happened', 'start');
      await eventually('the log to be read again', async () => (await at.bus.lag()).some(({ waiting }) => waiting > 0));
      await at.quiet();
      expect(await at.seen()).toEqual(await at.seen('expected'));
    }), { numRuns: RUNS, endOnFailure: true });
    expect(await at.seen()).not.toEqual([]);
    expect((await at.seen()).reduce((sum, { times }) => sum + times, 0)).toBe(run * EVENTS);
    expect(await at.deadLetters.list(1)).toEqual([]);
  }, 180_000 * RUNS);
});
