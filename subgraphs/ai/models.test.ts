/** Which of the models that are set up answers for a tenant, and what else one is asked: to put a question that goes on from others into words of its own. Both are others', on this machine. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { answerTo, knownItem } from '../../test/kit/answers.ts';
import { keyOf, newCollection } from '../../test/kit/collections.ts';
import { modelServer, type ModelServer } from '../../test/kit/model-server.ts';
import { codeOf, dataOf, done, newMember, newTenant, payloadOf, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startServices, SERVICES, type Kit } from '../../test/kit/services.ts';

const CHOICE = '{ modelChoice { model models } }';
const CHOOSE = 'mutation($input: ChooseModelInput!) { chooseModel(input: $input) { modelChoice { model models } userErrors { code message path } } }';
const MODELS = ['open-1', 'claude-1', 'local'];
const QUESTION = 'What is a colony of herons called?';
const SAID = { text: ['A heron colony is called a heronry [1].'] };

let [open, claude] = [] as unknown as [ModelServer, ModelServer];
let kit: Kit;
let acme: TestTenant;
let ann: Person;
beforeAll(async () => {
  [open, claude] = [await modelServer(), await modelServer()];
  kit = await startServices(SERVICES, { env: { OPENAI_BASE_URL: open.url, OPENAI_MODEL: 'open-1', OPENAI_PRICE: '1/2', ANTHROPIC_BASE_URL: claude.url, ANTHROPIC_API_KEY: 'k', ANTHROPIC_MODEL: 'claude-1', ANTHROPIC_PRICE: '3/4' } });
  acme = await newTenant(kit);
  ann = await newMember(kit, acme, 'MEMBER');
  await knowing(ann);
}, 120_000);
afterAll(async () => {
  await kit?.stop();
  await Promise.all([open?.stop(), claude?.stop()]);
});
beforeEach(() => {
  for (const server of [open, claude]) {
    server.does(SAID);
    server.asked.length = 0;
  }
});

async function knowing(person: Person): Promise<void> {
  const birds = await newCollection(kit, person);
  await knownItem(kit, person, birds, { title: 'Herons', body: 'Grey herons nest in tall trees near water.\n\nA heron colony is called a heronry.' });
  await knownItem(kit, person, birds, { title: 'Turbine', body: 'The turbine stands on the roof.' });
}
const choose = (who: Person, model: string | null) => kit.ask('ai', CHOOSE, { input: { model } }, who.viewer);
const usageOf = (inputTokens: number, outputTokens: number, amount: string) => ({ inputTokens, outputTokens, cost: { amount, currency: 'USD' } });
const askedOf = (server: ModelServer, at: number): string => JSON.stringify(server.asked[at]!.body);

describe('the model that answers', () => {
  it('is the first of the house until the tenant has another asked first, which says nothing to other tenants', async () => {
    const other = await newTenant(kit);
    await knowing(other.owner);
    expect(dataOf(await kit.ask('ai', CHOICE, {}, acme.owner.viewer)).modelChoice).toEqual({ model: null, models: MODELS });
    expect((await answerTo(kit, ann, { question: QUESTION })).answer).toMatchObject({ model: 'open-1', prompt: 'answer.v1', usage: usageOf(21, 8, '0.0000762') });
    expect(done(await choose(acme.owner, 'claude-1')).modelChoice).toEqual({ model: 'claude-1', models: MODELS });
    expect(dataOf(await kit.ask('ai', CHOICE, {}, acme.owner.viewer)).modelChoice.model).toBe('claude-1');
    // What another had said is not given again: it is kept under the models that were asked.
    expect((await answerTo(kit, ann, { question: QUESTION })).answer).toMatchObject({ model: 'claude-1', cache: { hit: false }, usage: usageOf(21, 8, '0.0001458') });
    expect((await answerTo(kit, ann, { question: QUESTION })).answer).toMatchObject({ model: 'claude-1', cache: { hit: true } });
    expect((await answerTo(kit, other.owner, { question: QUESTION })).answer.model).toBe('open-1');
    expect((await kit.eventsOf('ai.model-chosen')).map(({ tenant, actor, body, audit }) => ({ tenant, actor, body, audit }))).toEqual([
      { tenant: acme.id, actor: { kind: 'user', id: acme.owner.userId }, body: { tenantId: acme.id, model: 'claude-1' }, audit: { entityType: 'Tenant', entityId: acme.id, before: { model: null }, after: { model: 'claude-1' } } },
    ]);
  });

  it('is another, in the order of the house, when the one that was chosen does not answer', async () => {
    done(await choose(acme.owner, 'claude-1'));
    claude.does({ status: 400 });
    expect((await answerTo(kit, ann, { question: 'Where do grey herons nest?' })).answer).toMatchObject({ model: 'open-1', state: 'COMPLETED' });
    open.does({ status: 400 });
    expect((await answerTo(kit, ann, { question: 'Near what do grey herons nest?' })).answer).toMatchObject({ model: 'local', state: 'COMPLETED' });
    expect([claude.asked.length, open.asked.length]).toEqual([2, 2]);
  });

  it('is chosen among those that there are, by owners, admins and keys that administer, and by nobody else', async () => {
    expect(payloadOf(await choose(acme.owner, 'gpt-99')).userErrors).toEqual([{ code: 'INVALID_INPUT', message: 'There is no model of this name; there is open-1, claude-1, local.', path: ['input', 'model'] }]);
    for (const who of [ann, await newMember(kit, acme, 'GUEST'), keyOf(acme, acme.owner, 'OWNER', ['ai:ask'])]) {
      expect(codeOf(await choose(who, 'local'))).toBe('FORBIDDEN');
      expect(codeOf(await kit.ask('ai', CHOICE, {}, who.viewer))).toBe('FORBIDDEN');
    }
    expect(done(await choose(keyOf(acme, acme.owner, 'OWNER', ['tenants:admin']), null)).modelChoice.model).toBeNull();
  });
});

describe('a question that goes on from others', () => {
  const begun = async (): Promise<string> => {
    done(await choose(acme.owner, null));
    const { answer } = await answerTo(kit, ann, { question: `${QUESTION} Please.` });
    open.asked.length = 0;
    return answer.conversation.id;
  };

  it('is put into words of its own by the model that answers, looked for by them, and that is paid for', async () => {
    const conversationId = await begun();
    open.does({ text: ['Where does ', 'the turbine stand?'] }, { text: ['The turbine stands on the roof [1].'] });
    const { told, answer } = await answerTo(kit, ann, { question: 'And where is it?', conversationId });
    expect(askedOf(open, 0)).toMatch(/You turn the last question[^]*A heron colony is called a heronry[^]*And where is it\?/);
    expect(askedOf(open, 1)).toMatch(/The turbine stands on the roof[^]*And where is it\?/);
    expect(answer).toMatchObject({ text: 'The turbine stands on the roof [1].', prompt: 'answer.v1 rewrite.v1', usage: usageOf(42, 16, '0.0001524') });
    expect(told.flatMap(({ name }) => name ?? [])).toEqual(['rewrite', 'retrieve', 'answer', 'check', 'save']);
    // It may say what somebody loses later.
    expect(JSON.stringify(told)).not.toContain('Where does');
  });

  it.each([
    ['nobody answers', [{ status: 400 }], '0.0000762'],
    ['the model explains itself', [{ text: ['Certainly!\n', 'The question is: where do they nest?'] }], '0.0001524'],
    ['it goes on and on', [{ text: Array.from({ length: 200 }, () => 'nests and ') }], null],
    ['it was cut off', [{ text: ['Where does the turbine ', 'stand?', 'x'], cutAfter: 2 }], null],
  ])('is looked for as it stands with the one before when %s', async (_, first, cost) => {
    const conversationId = await begun();
    open.does(...first, { text: ['Grey herons nest in tall trees near water [1].'] });
    claude.does({ status: 400 });
    const { answer } = await answerTo(kit, ann, { question: 'And where do they nest?', conversationId });
    expect(answer).toMatchObject({ text: 'Grey herons nest in tall trees near water [1].', prompt: 'answer.v1', model: 'open-1' });
    expect(askedOf(open, 1)).toContain('Grey herons nest');
    if (cost === null) expect(Number(answer.usage.cost.amount)).toBeGreaterThan(0.0000762);
    else expect(answer.usage.cost).toEqual({ amount: cost, currency: 'USD' });
  });

  it('is told to no model where the tenant has chosen the one that quotes', async () => {
    const conversationId = await begun();
    done(await choose(acme.owner, 'local'));
    expect((await answerTo(kit, ann, { question: 'And where do grey herons nest?', conversationId })).answer).toMatchObject({ model: 'local', answered: true, prompt: 'answer.v1' });
    expect([...open.asked, ...claude.asked]).toEqual([]);
  });
});
