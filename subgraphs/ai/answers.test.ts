import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sum, times, type Decimal } from '../../platform/decimal.ts';
import { answerTo, ASK, ASK_WHOLE, follow, kinds, knownItem, readAnswer, textOf } from '../../test/kit/answers.ts';
import { keyOf, newCollection, newItem, shareWith } from '../../test/kit/collections.ts';
import { followed } from '../../test/kit/followed.ts';
import { codeOf, dataOf, done, newMember, newTenant, stranger, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startServices, SERVICES, type Kit } from '../../test/kit/services.ts';

const HERONS = 'Grey herons nest in tall trees near water.\n\nA heron colony is called a heronry. The heronry at Loch Lomond holds forty nests.';
const QUESTION = 'What is a colony of herons called?';
const mutation = (name: string, fields: string): string => `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${fields} userErrors { code path } } }`;
const EXPORT = 'query($id: ID!) { conversation(id: $id) { title export answers { nodes { id question rating regenerates { id } } } } }';

let kit: Kit;
let acme: TestTenant;
let ann: Person, bob: Person;
let birds: string, herons: string;
beforeAll(async () => {
  kit = await startServices(SERVICES, { env: { AI_CACHE: 'off' } }); // what is asked twice here is made twice
  acme = await newTenant(kit);
  [ann, bob] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'MEMBER')];
  birds = await newCollection(kit, ann);
  herons = await knownItem(kit, ann, birds, { title: 'Herons', body: HERONS });
}, 120_000);
afterAll(() => kit.stop());

const ask = (person: Person, document: string, variables: object = {}) => kit.ask('ai', document, variables as Record<string, unknown>, person.viewer);
const change = (person: Person, name: string, fields: string, input: object) => ask(person, mutation(name, fields), { input });

describe('an answer', () => {
  it('is told as it is made, and each claim leads to where it stands', async () => {
    const { told, answer } = await answerTo(kit, ann, { question: QUESTION });
    expect(kinds(told)[0]).toBe('AnswerStarted');
    expect(told.flatMap(({ name }) => name ?? [])).toEqual(['retrieve', 'answer', 'check', 'save']);
    expect(answer).toMatchObject({ state: 'COMPLETED', answered: true, model: 'local', question: QUESTION });
    expect(answer.text).toContain('heronry');
    expect(textOf(told)).toBe(answer.text);
    for (const { start, end, passage, item, withheld } of answer.citations) expect([HERONS.slice(start, end), item.id, withheld]).toEqual([passage, herons, false]);
    expect(answer.citations.length).toBeGreaterThan(0);
    expect(told.filter(({ __typename }) => __typename === 'Cited').map(({ citation }) => citation)).toEqual(answer.citations);
    expect(await readAnswer(kit, ann, answer.id)).toEqual({ ...answer, cursor: expect.any(String) });
  });

  it('is the same whole', async () => {
    const { answer } = done(await ask(ann, ASK_WHOLE, { input: { question: QUESTION } }));
    expect(answer).toMatchObject({ state: 'COMPLETED', answered: true });
    expect(answer.text).toContain('heronry');
  });

  it('says so when what the asker sees holds none: nothing of others, and not even that it is there', async () => {
    const { answer } = await answerTo(kit, bob, { question: QUESTION });
    expect(answer).toMatchObject({ state: 'COMPLETED', answered: false, citations: [], usage: { inputTokens: 0, cost: { amount: '0' } } });
    expect(answer.text).not.toMatch(/heronry/);
  });

  it('is made from the collections that are named alone', async () => {
    const other = await newCollection(kit, ann);
    expect((await answerTo(kit, ann, { question: QUESTION, collectionIds: [other] })).answer).toMatchObject({ answered: false });
    expect((await answerTo(kit, ann, { question: QUESTION, collectionIds: [birds] })).answer).toMatchObject({ answered: true });
  });

  it('tells the neighbours what it used, once and without a word of it, in the name of whoever asked', async () => {
    const { answer } = await answerTo(kit, ann, { question: QUESTION, collectionIds: [birds] });
    const told = await kit.eventAbout('ai.answer-completed', answer.id);
    const attributes = { userId: ann.userId, model: 'local', holder: answer.id, collectionId: birds, plan: 'FREE@1' };
    expect(told.usage).toEqual([
      { metric: 'ai.input-tokens', quantity: String(answer.usage.inputTokens), attributes }, { metric: 'ai.output-tokens', quantity: String(answer.usage.outputTokens), attributes },
      { metric: 'ai.cost', quantity: '0', attributes: { ...attributes, currency: 'USD' } },
    ]);
    // The model that needs no key takes nothing; tokens are worth something by the plan.
    expect(answer.usage.cost).toEqual({ amount: sum(times('0.0000006' as Decimal, answer.usage.inputTokens), times('0.0000024' as Decimal, answer.usage.outputTokens)), currency: 'USD' });
    expect(answer.usage.inputTokens).toBeGreaterThan(0);
    expect(told.actor).toEqual({ kind: 'user', id: ann.userId });
    const all = kit.events.filter(({ type }) => type.startsWith('ai.'));
    expect(JSON.stringify(all)).not.toMatch(/heron/i);
    expect(all.filter(({ subject, usage }) => subject === answer.id && usage?.length)).toHaveLength(1);
  });
});

describe('a conversation', () => {
  it('goes on: a question that leans on the one before is understood with it', async () => {
    const { answer: first } = await answerTo(kit, ann, { question: 'Where do grey herons nest?' });
    const { answer: second } = await answerTo(kit, ann, { question: 'And what is their colony called?', conversationId: first.conversation.id });
    expect(second).toMatchObject({ answered: true, conversation: first.conversation });
    expect(second.text).toContain('heronry');
  });

  it('can be renamed, rated, exported, asked again and deleted by its owner, and by nobody else', async () => {
    const { answer } = await answerTo(kit, ann, { question: QUESTION });
    const { id } = answer.conversation;
    for (const person of [bob, acme.owner, keyOf(acme, ann, 'MEMBER', ['ai:ask'])]) {
      expect(await readAnswer(kit, person, answer.id)).toBeNull();
      expect(dataOf(await ask(person, EXPORT, { id })).conversation).toBeNull();
      for (const [name, fields, input] of [['renameConversation', 'conversation { id }', { id, title: 'x' }], ['deleteConversation', 'conversationId', { id }], ['rateAnswer', 'answer { id }', { id: answer.id, rating: 1 }], ['cancelAnswer', 'answer { id }', { id: answer.id }], ['regenerateAnswer', 'answer { id }', { id: answer.id }], ['ask', 'answer { id }', { question: 'x', conversationId: id }]] as const) {
        expect([name, codeOf(await change(person, name, fields, input))]).toEqual([name, 'NOT_FOUND']);
      }
      expect(await follow(kit, person, { resumeFrom: answer.cursor }).ended).toBe('CURSOR_INVALID');
    }
    expect(done(await change(ann, 'renameConversation', 'conversation { title }', { id, title: 'Birds' })).conversation.title).toBe('Birds');
    expect(done(await change(ann, 'rateAnswer', 'answer { rating }', { id: answer.id, rating: 4 })).answer.rating).toBe(4);
    const anew = done(await change(ann, 'regenerateAnswer', 'answer { id cursor state }', { id: answer.id })).answer;
    expect((await answerTo(kit, ann, { resumeFrom: anew.cursor })).answer).toMatchObject({ id: anew.id, text: answer.text });
    const { conversation } = dataOf(await ask(ann, EXPORT, { id }));
    expect(conversation).toMatchObject({ title: 'Birds', answers: { nodes: [{ id: answer.id, rating: 4, regenerates: null }, { id: anew.id, regenerates: { id: answer.id } }] } });
    expect(conversation.export).toMatchObject({ id, title: 'Birds', answers: [{ question: QUESTION, text: answer.text, citations: [{ mark: 1, itemId: herons }] }, { text: answer.text }] });
    expect(done(await change(ann, 'deleteConversation', 'conversationId', { id })).conversationId).toBe(id);
    expect([await readAnswer(kit, ann, answer.id), dataOf(await ask(ann, EXPORT, { id })).conversation]).toEqual([null, null]);
  });
});

describe('what an answer was made from', () => {
  it('is looked at anew at each read: whoever lost a source is shown neither the text nor the passage', async () => {
    const shared = await newCollection(kit, ann);
    await knownItem(kit, ann, shared, { title: 'Egrets', body: 'The little egret has yellow feet.' });
    await shareWith(kit, ann, shared, bob, 'VIEWER');
    const { answer } = await answerTo(kit, bob, { question: 'Which feet does the little egret have?' });
    expect(answer).toMatchObject({ state: 'COMPLETED', answered: true });
    done(await kit.ask('collections', 'mutation($input: UnshareCollectionInput!) { unshareCollection(input: $input) { collection { id } userErrors { code } } }', { input: { collectionId: shared, userId: bob.userId } }, ann.viewer));
    const seen = await readAnswer(kit, bob, answer.id);
    expect(seen).toMatchObject({ state: 'WITHHELD', text: null, citations: [{ passage: null, item: null, withheld: true }] });
    const { conversation } = dataOf(await ask(bob, EXPORT, { id: answer.conversation.id }));
    expect(JSON.stringify(conversation.export)).not.toContain('yellow');
    const told = await followed(kit, bob.viewer, ASK, { input: { question: '', resumeFrom: answer.cursor } }, 'ai');
    expect(JSON.stringify(told)).not.toContain('yellow');
    expect(told.map(({ data }) => (data!.ask as { __typename: string }).__typename)).toContain('AnswerCompleted');
  });
});

describe('asking', () => {
  it.each([[{ question: ' ' }, ['input', 'question']], [{ question: 'x'.repeat(4_001) }, ['input', 'question']], [{ question: 'x', collectionIds: ['nothing'] }, ['input', 'collectionIds']]])('is refused with %j', async (input, path) => {
    expect(dataOf(await ask(ann, ASK_WHOLE, { input })).ask).toEqual({ answer: null, userErrors: [{ code: 'INVALID_INPUT', path }] });
  });

  it('is refused to a stranger, a guest, a key without the scope, and over a conversation of another tenant', async () => {
    const guest = await newMember(kit, acme, 'GUEST');
    expect(codeOf(await ask(stranger(), ASK_WHOLE, { input: { question: 'x' } }))).toBe('TENANT_REQUIRED');
    for (const person of [guest, keyOf(acme, ann, 'MEMBER', ['search:read'])]) {
      expect(codeOf(await ask(person, ASK_WHOLE, { input: { question: 'x' } }))).toBe('FORBIDDEN');
      expect(await follow(kit, person, { question: 'x' }).ended).toBe('FORBIDDEN');
    }
    const other = await newTenant(kit);
    const { answer } = await answerTo(kit, ann, { question: QUESTION });
    expect(codeOf(await ask(other.owner, ASK_WHOLE, { input: { question: 'x', conversationId: answer.conversation.id } }))).toBe('NOT_FOUND');
    expect((await answerTo(kit, other.owner, { question: QUESTION })).answer).toMatchObject({ answered: false });
    expect(await readAnswer(kit, other.owner, answer.id)).toBeNull();
  });

  it('happens once, however often it is sent with one key', async () => {
    const twins = await Promise.all([1, 2, 3].map(() => kit.ask('ai', ASK_WHOLE, { input: { question: QUESTION } }, ann.viewer, { idempotencyKey: 'once' })));
    expect(new Set(twins.map((twin) => done(twin).answer.id)).size).toBe(1);
  });

  it('asks collections for no more than it shows: an item that was deleted is no source', async () => {
    const id = await newItem(kit, ann, birds, { title: 'Bitterns', body: 'The bittern booms in the reeds.' });
    done(await kit.ask('collections', 'mutation($input: DeleteItemInput!) { deleteItem(input: $input) { itemId userErrors { code } } }', { input: { id } }, ann.viewer));
    expect(JSON.stringify((await answerTo(kit, ann, { question: 'What does the bittern do in the reeds?' })).answer)).not.toContain('booms');
  });
});
