import { afterEach, describe, expect, it } from '@jest/globals';
import { see, SELF, startConsuming, thing, thingHappened, type Consuming } from '../../test/kit/consuming.ts';
import { doorBefore, type Door } from '../../test/kit/door.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { DatabaseAway } from '../database/faults.ts';
import { AtlasError } from '../errors.ts';
import type { Envelope } from '../event.ts';
import { consume, type Consumer } from './inbox.ts';

const LONG = [3_600];
let at: Consuming;
let door: Door | undefined;
afterEach(async () => {
  await at?.stop();
  await door?.shut();
  door = undefined;
});

/** Counts its tries; fails for as long as it is told to, and only then has its effect. */
function stumbling(desk: () => Consuming['desk'], fails: (event: Envelope, tries: number) => Promise<void> | void): Consumer & { tries: Map<string, number>; done: string[] } {
  const tries = new Map<string, number>();
  const done: string[] = [];
  const consumer = consume(thingHappened, async (event) => {
    tries.set(event.id, (tries.get(event.id) ?? 0) + 1);
    await fails(event, tries.get(event.id)!);
    await desk().work(SELF, ({ em }) => see(em, event));
    done.push(event.id);
  });
  return { ...consumer, tries, done };
}
const isPoison = ({ body }: Envelope) => (body as { text: string }).text === 'poison';
const untilSeen = (subjects: readonly string[]) => eventually(`${subjects.length} subjects`, async () => {
  const seen = (await at.seen()).map(({ subject }) => subject);
  return subjects.every((subject) => seen.includes(subject));
}, 60_000);

describe('an event whose handler fails', () => {
  it('twice is handled at the third try, once', async () => {
    at = await startConsuming();
    const consumer = stumbling(() => at.desk, (_, tries) => { if (tries < 3) throw new Error('not yet'); });
    at.listen(consumer);
    const event = thing('slow');
    await at.tell([event]);
    await untilSeen(['slow']);
    expect([consumer.tries.get(event.id), await at.seen(), await at.deadLetters.list(10)]).toEqual([3, [expect.objectContaining({ times: 1 })], []]);
  });

  it('always is set aside with its cause after at most five tries; what is behind it goes on, about the same subject and about others', async () => {
    at = await startConsuming({ restSeconds: LONG });
    const consumer = stumbling(() => at.desk, (event) => { if (isPoison(event)) throw new AtlasError('NOT_FOUND', 'There is no such thing.', { cause: new TypeError('deep down') }); });
    at.listen(consumer);
    const poison = Array.from({ length: 10 }, (_, n) => thing(`thing-${n % 3}`, n + 1, 'poison'));
    const behind = [...Array.from({ length: 3 }, (_, n) => thing(`thing-${n}`, 100)), ...Array.from({ length: 20 }, (_, n) => thing(`other-${n}`))];
    await at.tell([...poison, ...behind]);
    await untilSeen(behind.map(({ subject }) => subject));
    const dead = await eventually('ten dead letters', async () => { const list = await at.deadLetters.list(20); return list.length === 10 && list; });
    expect(dead.map(({ event }) => event.id).sort()).toEqual(poison.map(({ id }) => id).sort());
    for (const { event, tries } of dead) {
      expect(tries).toBe(consumer.tries.get(event.id));
      expect(tries).toBeLessThanOrEqual(5);
    }
    expect(dead[0]).toMatchObject({
      consumer: 'tenants:tenants.thing-happened', code: 'NOT_FOUND', message: 'There is no such thing.', detail: 'AtlasError: There is no such thing. Because of TypeError: deep down',
    });
    expect(consumer.done.sort()).toEqual(behind.map(({ id }) => id).sort());
  });

  it('because of the database says its code and nothing of the values', async () => {
    at = await startConsuming({ restSeconds: LONG });
    at.listen(consume(thingHappened, (event) => at.desk.work(SELF, async ({ em }) => { await em.execute('INSERT INTO tenants.seen (subject) VALUES (?)', [`canary ${event.id}`], 'run'); })));
    await at.tell([thing('refused')]);
    const [letter] = await eventually('a dead letter', async () => { const list = await at.deadLetters.list(1); return list.length > 0 && list; });
    expect(letter).toMatchObject({ code: 'INTERNAL', detail: expect.stringMatching(/^a database error 23502 in \w+\.$/) });
    expect(JSON.stringify(at.logged)).not.toContain('canary');
  });

  it('is tried again later by itself, and forgotten once it is handled', async () => {
    at = await startConsuming({ restSeconds: [1, 1, 1, 1, 1] });
    let mended = false;
    const consumer = stumbling(() => at.desk, (event) => { if (isPoison(event) && !mended) throw new Error('broken'); });
    at.listen(consumer);
    await at.tell([thing('later', 1, 'poison'), thing('neighbour')]);
    await untilSeen(['neighbour']);
    expect(consumer.done).toHaveLength(1); // the neighbour did not wait for the other to be mended
    await eventually('a dead letter', async () => (await at.deadLetters.list(1)).length === 1);
    mended = true;
    await untilSeen(['later']);
    await eventually('no dead letter', async () => (await at.deadLetters.list(1)).length === 0);
    expect((await at.seen()).map(({ times }) => times)).toEqual([1, 1]);
  });
});

describe('a handler that hangs', () => {
  it('is given up, and keeps neither its place nor its turn from its neighbours', async () => {
    at = await startConsuming({ restSeconds: LONG });
    const consumer = stumbling(() => at.desk, (event) => (isPoison(event) ? new Promise<void>(() => undefined) : undefined));
    at.listen(consumer);
    const hanging = Array.from({ length: 5 }, (_, n) => thing(`hangs-${n}`, 1, 'poison')); // more than are handled at once
    const behind = Array.from({ length: 30 }, (_, n) => thing(`other-${n}`));
    await at.tell([...hanging, ...hanging.map(({ subject }) => thing(subject, 2)), ...behind]);
    await untilSeen([...hanging, ...behind].map(({ subject }) => subject));
    const dead = await eventually('dead letters', async () => { const list = await at.deadLetters.list(50); return list.length === 5 && list; });
    expect(dead.map(({ event }) => event.id).sort()).toEqual(hanging.map(({ id }) => id).sort());
    expect(dead.every(({ detail }) => /^Error: It was not done within \d+ ms\.$/.test(detail))).toBe(true);
  });

  it('only for longer than a turn is worth waiting for sets nothing aside that never had one', async () => {
    at = await startConsuming({ restSeconds: LONG });
    const consumer = stumbling(() => at.desk, () => new Promise((resolve) => { setTimeout(resolve, 900); }));
    at.listen(consumer);
    const many = Array.from({ length: 40 }, (_, n) => thing(`slow-${n}`));
    await at.tell(many);
    await untilSeen(many.map(({ subject }) => subject));
    expect(await at.deadLetters.list(1)).toEqual([]);
    expect([...consumer.tries.values()].every((tries) => tries === 1)).toBe(true);
  });
});

describe('nothing is set aside and nothing lost', () => {
  it('when the process is stopped in the middle: the next one handles it', async () => {
    at = await startConsuming();
    const first = stumbling(() => at.desk, () => { throw new Error('not here'); });
    const listening = at.listen(first);
    const event = thing('handed over');
    await at.tell([event]);
    await eventually('a try', () => first.tries.has(event.id));
    await listening.stop();
    expect(await at.deadLetters.list(1)).toEqual([]);
    const next = await at.another();
    const second = stumbling(() => next.desk as Consuming['desk'], () => undefined);
    next.listen(second);
    await untilSeen(['handed over']);
    expect(second.done).toEqual([event.id]);
  });

  it('when all tries find the database away: the event is handed over again', async () => {
    at = await startConsuming({ restSeconds: LONG });
    const consumer = stumbling(() => at.desk, (_, tries) => { if (tries <= 6) throw new DatabaseAway(new Error('away')); });
    at.listen(consumer);
    const event = thing('patient');
    await at.tell([event]);
    await untilSeen(['patient']);
    expect([consumer.tries.get(event.id), await at.deadLetters.list(1)]).toEqual([7, []]);
  });

  it('when all tries find a neighbour away who answers nobody: the event is handed over again', async () => {
    at = await startConsuming({ restSeconds: LONG });
    const consumer = stumbling(() => at.desk, (_, tries) => { if (tries <= 6) throw new AtlasError('SUBGRAPH_UNAVAILABLE'); });
    at.listen(consumer);
    const event = thing('waits');
    await at.tell([event]);
    await untilSeen(['waits']);
    expect([consumer.tries.get(event.id), await at.deadLetters.list(1)]).toEqual([7, []]);
  });

  it('when the database is away while events are handled, for longer than all tries last', async () => {
    at = await startConsuming({ restSeconds: LONG, through: async (url) => { door = await doorBefore(url); return door.url; } });
    let begun = 0;
    const consumer = stumbling(() => at.desk, async () => { begun += 1; await new Promise((resolve) => { setTimeout(resolve, 50); }); });
    at.listen(consumer);
    const many = Array.from({ length: 30 }, (_, n) => thing(`thing-${n % 5}`, n + 1));
    await at.tell(many);
    await eventually('some to be begun', () => begun >= 4);
    await door!.shut();
    await new Promise((resolve) => { setTimeout(resolve, 6_000); });
    await door!.open();
    await eventually('all of it', async () => (await at.seen()).reduce((sum, { times }) => sum + times, 0) === many.length, 60_000);
    expect(await at.deadLetters.list(1)).toEqual([]);
    expect((await at.seen()).map(({ version, times }) => [version, times])).toEqual([26, 27, 28, 29, 30].map((version) => [version, 6]));
  });
});
