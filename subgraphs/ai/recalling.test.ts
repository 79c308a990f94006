import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answerTo, follow, knownItem, readAnswer, textOf } from '../../test/kit/answers.ts';
import { keyOf, newCollection, shareWith } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { done, newMember, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startServices, SERVICES, type Kit } from '../../test/kit/services.ts';

const HERONS = 'Grey herons nest in tall trees near water.\n\nA heron colony is called a heronry.';
const QUESTION = 'What is a colony of herons called?';
const UPDATE = 'mutation($input: UpdateItemInput!) { updateItem(input: $input) { item { version } userErrors { code } } }';

let kit: Kit;
let acme: TestTenant;
let ann: Person, bob: Person, cyd: Person;
let birds: string, herons: string;
beforeAll(async () => {
  kit = await startServices(SERVICES);
  acme = await newTenant(kit);
  [ann, bob, cyd] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'MEMBER')];
  birds = await newCollection(kit, ann);
  await shareWith(kit, ann, birds, bob, 'VIEWER');
  herons = await knownItem(kit, ann, birds, { title: 'Herons', body: HERONS });
}, 120_000);
afterAll(() => kit.stop());

const cacheOf = async (who: Person, question = QUESTION, more: object = {}) => (await answerTo(kit, who, { question, ...more })).answer;
/** What was told before is forgotten a moment later. */
const quiet = () => eventually('what has changed to be heard of', async () => {
  const behind = (await kit.atlas.bus.lag()).filter(({ group }) => group.startsWith('ai'));
  return behind.length > 0 && behind.every(({ waiting }) => waiting === 0);
});

describe('an answer that was given', () => {
  it('is given again to whoever sees the same and asks the same in other words: no model, no cost, and it says so', async () => {
    await quiet();
    const first = await cacheOf(ann);
    expect(first.cache).toEqual({ hit: false, similarity: null, savedTokens: 0, saved: { amount: '0', currency: 'USD' } });
    const { told, answer } = await answerTo(kit, bob, { question: 'What is a herons colony called?' });
    expect(answer.cache).toEqual({ hit: true, similarity: expect.any(Number), savedTokens: first.usage.inputTokens + first.usage.outputTokens, saved: first.usage.cost });
    expect(answer).toMatchObject({ text: first.text, state: 'COMPLETED', answered: true, model: first.model, usage: { inputTokens: 0, outputTokens: 0, cost: { amount: '0' } } });
    expect(textOf(told)).toBe(answer.text);
    expect(told.flatMap(({ name }) => name ?? [])).toEqual(['recall', 'check', 'save']);
    expect(answer.citations.map(({ item }: any) => item.id)).toEqual([herons]);
    expect(answer.citations[0].id).not.toBe(first.citations[0].id);
    expect(await kit.eventAbout('ai.answer-completed', answer.id)).toMatchObject({ body: { cached: true }, usage: [{ quantity: '0' }, { quantity: '0' }, { quantity: '0' }] });
    expect((await readAnswer(kit, bob, answer.id)).text).toBe(first.text);
  });

  it.each([
    ['a question that only looks like it', () => bob, 'What is a colony of herons not called?', {}],
    ['other collections', () => bob, QUESTION, () => ({ collectionIds: [birds] })],
  ])('is not given to %s', async (_, who, question, more) => {
    expect((await cacheOf(who(), question, typeof more === 'function' ? more() : more)).cache.hit).toBe(false);
  });

  it('is not given to whoever sees something else, were it more', async () => {
    const other = await newCollection(kit, bob);
    await knownItem(kit, bob, other, { title: 'Owls', body: 'Owls hunt at night.' });
    expect((await cacheOf(bob)).cache.hit).toBe(false);
    expect((await cacheOf(cyd)).answered).toBe(false);
  });

  it('is made anew when somebody wants it anew, and in a conversation that has gone on', async () => {
    const first = await cacheOf(ann);
    const { answer } = done(await kit.ask('ai', 'mutation($input: RegenerateAnswerInput!) { regenerateAnswer(input: $input) { answer { cursor } userErrors { code } } }', { input: { id: first.id } }, ann.viewer));
    const following = follow(kit, ann, { resumeFrom: answer.cursor });
    await following.ended;
    expect(following.got.at(-1)!.answer.cache.hit).toBe(false);
    expect((await cacheOf(ann, QUESTION, { conversationId: first.conversation.id })).cache.hit).toBe(false);
  });

  it('is not given once what it was made from says something else, nor to whoever lost it', async () => {
    const shared = await newCollection(kit, cyd);
    const terns = await knownItem(kit, cyd, shared, { title: 'Terns', body: 'A tern colony is called a ternery.' });
    const question = 'What is a tern colony called?';
    await quiet();
    expect((await cacheOf(cyd, question)).text).toContain('ternery');
    expect((await cacheOf(cyd, question)).cache.hit).toBe(true);
    done(await kit.ask('collections', UPDATE, { input: { id: terns, expectedVersion: 1, body: 'A tern colony is called a rookery by some.' } }, cyd.viewer));
    const after = await cacheOf(cyd, question);
    expect([after.cache.hit, after.text.includes('ternery')]).toEqual([false, false]);
    done(await kit.ask('collections', 'mutation($input: UnshareCollectionInput!) { unshareCollection(input: $input) { userErrors { code } } }', { input: { collectionId: birds, userId: bob.userId } }, ann.viewer));
    expect((await cacheOf(bob)).answered).toBe(false);
  });

  it('is there for a key that may do nothing but ask', async () => {
    expect(await cacheOf(keyOf(acme, ann, 'MEMBER', ['ai:ask']))).toMatchObject({ state: 'COMPLETED', error: null, answered: true });
  });
});
