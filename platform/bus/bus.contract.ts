/** What every bus promises, tried on each adapter by its own test file. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Envelope } from '../event.ts';
import { newId } from '../ids.ts';
import { eventually } from '../../test/kit/eventually.ts';
import type { Bus } from './bus.ts';

/** Events of these tests come from a service called `users`: its topic and its outbox exist. */
export const envelopeFor = (subject: string, subjectVersion: number, type = 'users.thing-happened'): Envelope => ({
  id: newId('evt'), type, version: 1, subject, subjectVersion, tenant: null, at: new Date().toISOString(),
  actor: { kind: 'system', id: 'system:users' }, requestId: null, traceparent: null, body: { subject, subjectVersion },
});

/** Two processes on the same bus, and a way to tell: as a service does, through its outbox. */
export interface Trial {
  bus: Bus;
  /** Another process, opened when it is wanted. */
  another(): Promise<Bus>;
  tell(events: readonly Envelope[]): Promise<void>;
  close(): Promise<void>;
}

const SUBJECTS = Array.from({ length: 40 }, (_, n) => `thing-${n}`);
const rounds = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => SUBJECTS.map((subject) => envelopeFor(subject, from + n))).flat();
const versionsOf = (events: readonly Envelope[], subject: string) => events.filter((event) => event.subject === subject).map(({ subjectVersion }) => subjectVersion);
const firsts = (events: readonly Envelope[]) => [...new Map(events.map((event) => [event.id, event])).values()];

export function busContract(name: string, open: () => Promise<Trial>): void {
  describe(`the bus: ${name}`, () => {
    let trial: Trial;
    let bus: Bus;
    beforeEach(async () => { trial = await open(); bus = trial.bus; }, 60_000);
    afterEach(() => trial?.close(), 60_000);
    const seenBy = (on: Bus, group: string, types: readonly string[] = ['*']) => {
      const seen: Envelope[] = [];
      const listening = on.group(group, types, async (event) => void seen.push(event));
      return { seen, listening };
    };

    it('delivers to a group what it asked for, in the order of its subject', async () => {
      const { seen } = seenBy(bus, 'users:readers', ['users.thing-happened']);
      await trial.tell([1, 2, 3].map((version) => envelopeFor('thing-1', version)));
      await trial.tell([envelopeFor('thing-1', 4, 'users.other-thing'), envelopeFor('thing-1', 5)]);
      await eventually('four events', () => seen.length >= 4);
      expect(seen.map(({ subjectVersion }) => subjectVersion)).toEqual([1, 2, 3, 5]);
      expect(seen[0]).toEqual(expect.objectContaining({ type: 'users.thing-happened', tenant: null, actor: { kind: 'system', id: 'system:users' }, body: { subject: 'thing-1', subjectVersion: 1 } }));
    }, 60_000);

    it('begins a new group with the oldest event that is kept', async () => {
      const early = envelopeFor('thing-1', 1);
      await trial.tell([early]);
      const other = seenBy(bus, 'users:others');
      await eventually('the first group to have it', () => other.seen.length === 1);
      const { seen } = seenBy(bus, 'users:late');
      await eventually('the late group to have it', () => seen.length === 1);
      expect(seen[0]!.id).toBe(early.id);
    }, 60_000);

    it('lets every tail see every event that comes after it began, in every process', async () => {
      const [a, b]: [Envelope[], Envelope[]] = [[], []];
      const another = await trial.another();
      bus.tail(['*'], async (event) => void a.push(event));
      another.tail(['users.thing-happened'], async (event) => void b.push(event));
      await tailsListen(trial, [a, b]);
      const told = rounds(1, 3);
      await trial.tell(told);
      await eventually('both to have seen all', () => told.every(({ id }) => [a, b].every((seen) => seen.some((event) => event.id === id))));
      for (const seen of [a, b]) for (const subject of SUBJECTS) expect(versionsOf(firsts(seen), subject)).toEqual([1, 2, 3]);
    }, 60_000);

    it('takes a tail up again after a position, with nothing left out', async () => {
      const seen: Envelope[] = [];
      const places: string[] = [];
      const first = bus.tail(['users.thing-happened'], async (event, position) => { seen.push(event); places.push(position); });
      await tailsListen(trial, [seen]);
      const before = seen.length;
      await trial.tell([1, 2, 3].map((version) => envelopeFor('thing-1', version)));
      await eventually('three events', () => seen.length >= before + 3);
      await first.stop();
      const place = places[seen.findIndex(({ subject, subjectVersion }) => subject === 'thing-1' && subjectVersion === 2)]!;
      await trial.tell([envelopeFor('thing-1', 4)]);
      const rest: Envelope[] = [];
      (await trial.another()).tail(['users.thing-happened'], async (event) => void rest.push(event), place);
      await eventually('what follows', () => versionsOf(rest, 'thing-1').includes(4));
      expect(versionsOf(firsts(rest), 'thing-1')).toEqual([3, 4]);
    }, 60_000);

    it('shares a group among processes: each event reaches one of them, and one that leaves loses nothing', async () => {
      const one = seenBy(bus, 'users:sharers');
      const another = await trial.another();
      const two = seenBy(another, 'users:sharers');
      let told: Envelope[] = [];
      await eventually('both to have some of it', async () => {
        const more = SUBJECTS.map((subject) => envelopeFor(subject, told.length / SUBJECTS.length + 1));
        told = [...told, ...more];
        await trial.tell(more);
        await new Promise((resolve) => { setTimeout(resolve, 200); });
        return one.seen.length > 0 && two.seen.length > 0;
      }, 40_000);
      const last = told.length / SUBJECTS.length;
      await two.listening.stop();
      await trial.tell(rounds(last + 1, last + 3));
      await eventually('all of it', () => firsts([...one.seen, ...two.seen]).length === told.length + 3 * SUBJECTS.length, 40_000);
      for (const subject of SUBJECTS) expect(versionsOf(firsts([...two.seen, ...one.seen].sort((a, b) => a.subjectVersion - b.subjectVersion)), subject)).toEqual(Array.from({ length: last + 3 }, (_, n) => n + 1));
    }, 100_000);

    it('hands the same event over again until it is handled, and meanwhile goes on with what is about others', async () => {
      const seen: Envelope[] = [];
      let refusals = 3;
      bus.group('users:stumblers', ['*'], async (event) => {
        if (event.subject === 'thing-1' && event.subjectVersion === 1 && refusals > 0) { refusals -= 1; throw new Error('not now'); }
        seen.push(event);
      });
      await trial.tell(rounds(1, 2));
      await eventually('all of it', () => firsts(seen).length === 2 * SUBJECTS.length, 40_000);
      expect(versionsOf(firsts(seen), 'thing-1')).toEqual([1, 2]);
      expect(refusals).toBe(0);
    }, 60_000);

    it('goes on where a group was when it is opened again', async () => {
      const another = await trial.another();
      const before = seenBy(another, 'users:comers');
      await trial.tell(rounds(1, 1));
      await eventually('the first round', () => before.seen.length === SUBJECTS.length, 40_000);
      await another.close();
      await trial.tell(rounds(2, 2));
      const after = seenBy(bus, 'users:comers');
      await eventually('the second round', () => firsts(after.seen).filter(({ subjectVersion }) => subjectVersion === 2).length === SUBJECTS.length, 40_000);
      expect(firsts(after.seen).length).toBe(SUBJECTS.length);
    }, 100_000);

    it('says how far behind a group is', async () => {
      let open: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => { open = resolve; });
      const handled: string[] = [];
      bus.group('users:slow', ['*'], async (event) => { await gate; handled.push(event.id); });
      await trial.tell(rounds(1, 1));
      await eventually('a lag', async () => (await bus.lag()).find(({ group }) => group === 'users:slow')?.waiting === SUBJECTS.length, 40_000);
      open();
      await eventually('none', async () => (await bus.lag()).find(({ group }) => group === 'users:slow')?.waiting === 0, 40_000);
      expect(new Set(handled).size).toBe(SUBJECTS.length);
    }, 100_000);

    it('replays to a group what is kept, from a time', async () => {
      const { seen, listening } = seenBy(bus, 'users:again');
      await trial.tell(rounds(1, 1));
      await eventually('the first round', () => seen.length === SUBJECTS.length, 40_000);
      await new Promise((resolve) => { setTimeout(resolve, 50); });
      const between = new Date();
      await new Promise((resolve) => { setTimeout(resolve, 50); });
      await trial.tell(rounds(2, 2));
      await eventually('the second round', () => seen.length === 2 * SUBJECTS.length, 40_000);
      await listening.stop();
      await bus.rewind('users:again', { at: between });
      const again = seenBy(bus, 'users:again');
      await eventually('the second round again', () => firsts(again.seen).length === SUBJECTS.length, 40_000);
      expect(again.seen.every(({ subjectVersion }) => subjectVersion === 2)).toBe(true);
    }, 100_000);
  });
}

/** A tail that has seen something is listening: with some buses that takes a while, and they begin with what comes later. */
async function tailsListen(trial: Trial, seen: readonly Envelope[][]): Promise<void> {
  let n = 0;
  await eventually('the tails to listen', async () => {
    await trial.tell([envelopeFor('a-sign', n += 1)]);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    return seen.every((each) => each.length > 0);
  }, 40_000);
}
