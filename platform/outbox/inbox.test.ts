import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { see, SELF, startConsuming, thing, thingHappened, type Consuming } from '../../test/kit/consuming.ts';
import type { Envelope } from '../event.ts';
import { consume, consumeOutside, firstTime, handleOnce } from './inbox.ts';

let at: Consuming;
beforeAll(async () => { at = await startConsuming(); });
afterAll(() => at?.stop());

const remembered = (event: Envelope) => at.database.transaction(SELF, 'read', async (em) =>
  (await em.execute<{ consumer: string }[]>('SELECT consumer FROM tenants.inbox WHERE event_id = ?', [event.id])).map(({ consumer }) => consumer));
const seenOf = async (event: Envelope) => (await at.seen()).find(({ subject }) => subject === event.subject);
const upsert = consume(thingHappened, (event) => at.desk.work(SELF, ({ em }) => see(em, event)));

describe('an event that is handled', () => {
  it('is remembered in the same work as its effect', async () => {
    const event = thing('one');
    await handleOnce(upsert, event);
    expect(await seenOf(event)).toMatchObject({ version: 1, times: 1 });
    expect(await remembered(event)).toEqual(['tenants.thing-happened']);
  });

  it('has no second effect, and who delivers it again hears no error', async () => {
    const event = thing('twice');
    for (let n = 0; n < 3; n += 1) await handleOnce(upsert, event);
    expect(await seenOf(event)).toMatchObject({ times: 1 });
  });

  it('has one effect also when it is delivered twice at the same moment', async () => {
    const event = thing('at once');
    await Promise.all(Array.from({ length: 5 }, () => handleOnce(upsert, event)));
    expect(await seenOf(event)).toMatchObject({ times: 1 });
  });

  it('is forgotten with an effect that is undone', async () => {
    const event = thing('undone');
    const fails = consume(thingHappened, (told) => at.desk.work(SELF, async ({ em }) => { await see(em, told); throw new Error('after the effect'); }));
    await expect(handleOnce(fails, event)).rejects.toThrow('after the effect');
    expect([await seenOf(event), await remembered(event)]).toEqual([undefined, []]);
    await handleOnce(upsert, event);
    expect(await seenOf(event)).toMatchObject({ times: 1 });
  });

  it('may not be handled in more than one work: the second is refused and leaves nothing', async () => {
    const event = thing('two works');
    const works = consume(thingHappened, async (told) => {
      await at.desk.work(SELF, ({ em }) => see(em, told));
      await at.desk.work(SELF, ({ em }) => see(em, told));
    });
    await expect(handleOnce(works, event)).rejects.toThrow('handles an event in more than one work');
    expect(await seenOf(event)).toMatchObject({ times: 1 });
  });

  it('is remembered for each consumer apart', async () => {
    const event = thing('for two');
    await handleOnce(upsert, event);
    await handleOnce({ ...upsert, name: 'another' }, event);
    expect(await seenOf(event)).toMatchObject({ times: 2 });
    expect((await remembered(event)).sort()).toEqual(['another', 'tenants.thing-happened']);
  });
});

it('a consumer whose effect lies outside marks for itself, in as many works as it needs', async () => {
  const event = thing('letter');
  let letters = 0;
  const sends = consumeOutside(thingHappened, async (told) => {
    await at.desk.work(SELF, async () => undefined);
    letters += 1;
    await at.desk.work(SELF, async ({ em }) => void (await firstTime(em, 'tenants', 'letter', told.id)));
  });
  await handleOnce(sends, event);
  expect([letters, await remembered(event)]).toEqual([1, ['letter']]);
});
