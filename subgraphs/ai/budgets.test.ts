/** Answers are paid for from budgets: refused before anything is spent, stopped at the line, and never past it. The model is another's, on this machine. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sum, type Decimal } from '../../platform/decimal.ts';
import { answerTo, ASK_WHOLE, follow, kinds, knownItem, textOf } from '../../test/kit/answers.ts';
import { billedTenant, hardBudget, settled } from '../../test/kit/budgets.ts';
import { keyOf, newCollection, shareWith } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { modelServer, type ModelServer } from '../../test/kit/model-server.ts';
import { dataOf, done, newMember, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startServices, SERVICES, type Kit } from '../../test/kit/services.ts';

const HERONS = ['A heron colony ', 'is called ', 'a heronry ', '[1].'];
const QUESTION = 'What is a heron colony called?';
/** Each piece is a token, by its bytes too. */
const LONG = Array.from({ length: 600 }, () => 'abc ');
const CONVERSATIONS = '{ conversations { nodes { answers { nodes { state } } } } }';
const REGENERATE = 'mutation($input: RegenerateAnswerInput!) { regenerateAnswer(input: $input) { answer { id } userErrors { code } } }';

let server: ModelServer;
let kit: Kit;
let acme: TestTenant;
let ann: Person;
let birds: string;
beforeAll(async () => {
  server = await modelServer();
  kit = await startServices(SERVICES, { env: { AI_MODELS: 'openai', OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'm', OPENAI_PRICE: '1/2' } });
}, 120_000);
afterAll(async () => {
  await kit?.stop();
  await server?.stop();
});

const world = async (): Promise<void> => {
  acme = await billedTenant(kit);
  ann = await newMember(kit, acme, 'MEMBER');
  birds = await newCollection(kit, ann);
  await knownItem(kit, ann, birds, { title: 'Herons', body: 'A heron colony is called a heronry.' });
};
const ask = (person: Person, input: object = {}) => kit.ask('ai', ASK_WHOLE, { input: { question: QUESTION, ...input } }, person.viewer);
const refusalOf = async (answer: ReturnType<typeof ask>) => (await answer).errors?.[0]?.extensions;
const asked = async (person: Person) => dataOf(await kit.ask('ai', CONVERSATIONS, {}, person.viewer)).conversations.nodes.flatMap(({ answers }: any) => answers.nodes) as { state: string }[];
const totalOf = ({ usage }: any): number => usage.inputTokens + usage.outputTokens;

describe('a hard budget that does not reach', () => {
  beforeAll(world, 60_000);
  it('refuses a question before anything is spent, says what is left, and leaves no answer behind', async () => {
    const budgetId = await hardBudget(kit, acme, { tokens: '100' });
    const before = server.asked.length;
    expect(await refusalOf(ask(ann))).toMatchObject({ code: 'BUDGET_EXCEEDED', status: 402, budget: { unit: 'TOKENS', limit: '100', remaining: '100', resetAt: expect.stringMatching(/T00:00:00/) } });
    const following = follow(kit, ann, { question: QUESTION });
    expect([await following.ended, following.got]).toEqual(['BUDGET_EXCEEDED', []]);
    expect([await asked(ann), server.asked.length - before]).toEqual([[], 0]);
    expect(await settled(kit, acme, budgetId)).toMatchObject({ spent: '0', remaining: '100' });
  });

  it('is that of a person, of a key, of a collection, and in money', async () => {
    await world();
    server.does({ text: HERONS });
    const [bob, robot] = [await newMember(kit, acme, 'MEMBER'), keyOf(acme, ann, 'MEMBER', ['ai:ask'])];
    const other = await newCollection(kit, ann);
    for (const collectionId of [birds, other]) await shareWith(kit, ann, collectionId, bob, 'VIEWER');
    await hardBudget(kit, acme, { tokens: '1', userId: ann.userId });
    await hardBudget(kit, acme, { tokens: '1', apiKeyId: robot.viewer.id });
    await hardBudget(kit, acme, { tokens: '1', collectionId: other });
    for (const person of [ann, robot]) expect((await refusalOf(ask(person)))?.code).toBe('BUDGET_EXCEEDED');
    for (const collectionIds of [[other], [birds, other]]) expect((await refusalOf(ask(bob, { collectionIds })))?.code).toBe('BUDGET_EXCEEDED');
    expect(done(await ask(bob, { collectionIds: [birds] })).answer).toMatchObject({ state: 'COMPLETED', answered: true });
    await hardBudget(kit, acme, { limit: { amount: '0.000001', currency: 'USD' }, userId: bob.userId });
    expect(await refusalOf(ask(bob, { question: `${QUESTION} And why?` }))).toMatchObject({ code: 'BUDGET_EXCEEDED', budget: { unit: 'MONEY', currency: 'USD', limit: '0.000001' } });
  });

  it('refuses no answer that was given before, and one that is made anew', async () => {
    await world();
    server.does({ text: HERONS });
    const { answer } = done(await ask(ann));
    await hardBudget(kit, acme, { tokens: '1' });
    const again = done(await ask(ann)).answer;
    expect(again).toMatchObject({ state: 'COMPLETED', text: answer.text, usage: { inputTokens: 0, cost: { amount: '0', currency: 'USD' } }, cache: { hit: true, saved: answer.usage.cost } });
    expect(await refusalOf(kit.ask('ai', REGENERATE, { input: { id: answer.id } }, ann.viewer))).toMatchObject({ code: 'BUDGET_EXCEEDED' });
    expect(await asked(ann)).toEqual([{ state: 'COMPLETED' }, { state: 'COMPLETED' }]);
  });
});

describe('at the line', () => {
  beforeAll(world, 60_000);
  it('the model is let go of, what was said is kept and shown, counted once, and nothing stays reserved', async () => {
    const budgetId = await hardBudget(kit, acme, { tokens: '600' });
    server.does({ text: LONG, everyMs: 2 });
    const before = server.hungUp;
    const { told, answer } = await answerTo(kit, ann, { question: QUESTION });
    expect(answer).toMatchObject({ state: 'BUDGET_STOPPED', error: { code: 'BUDGET_EXCEEDED' }, model: 'm' });
    expect([textOf(told), LONG.join('').startsWith(answer.text), kinds(told).at(-1)]).toEqual([answer.text, true, 'AnswerCompleted']);
    expect(answer.text.length).toBeGreaterThan(100);
    expect(totalOf(answer)).toBe(600);
    await eventually('the model to be let go of', () => server.hungUp > before);
    const [event, ...more] = await kit.eventsOf('ai.answer-stopped');
    expect([event!.subject, event!.usage!.map(({ quantity }) => quantity), more]).toEqual([answer.id, [String(answer.usage.inputTokens), String(answer.usage.outputTokens), expect.any(String)], []]);
    expect(await settled(kit, acme, budgetId)).toMatchObject({ spent: '600', remaining: '0' });
    expect((await refusalOf(ask(ann, { question: 'And then?' })))?.budget).toMatchObject({ remaining: '0' });
  });

  it('of money it is the same', async () => {
    await world();
    const budgetId = await hardBudget(kit, acme, { limit: { amount: '0.002', currency: 'USD' } });
    server.does({ text: LONG, everyMs: 2 });
    const { answer } = await answerTo(kit, ann, { question: QUESTION });
    expect(answer).toMatchObject({ state: 'BUDGET_STOPPED', usage: { cost: { currency: 'USD' } } });
    const { spent } = await settled(kit, acme, budgetId);
    expect([spent, Number(spent)]).toEqual([answer.usage.cost.amount, expect.closeTo(0.002, 4)]);
    expect(Number(spent)).toBeLessThanOrEqual(0.002);
  });

  it('of a budget many at once are stopped, and together they are not past it', async () => {
    await world();
    const people = [ann, ...await Promise.all([1, 2, 3].map(() => newMember(kit, acme, 'MEMBER')))];
    for (const person of people.slice(1)) await shareWith(kit, ann, birds, person, 'VIEWER');
    const budgetId = await hardBudget(kit, acme, { tokens: '4000' });
    server.does({ text: LONG, everyMs: 1, silentAfter: 599 });
    const ends = await Promise.all(people.flatMap((person) => [1, 2, 3].map(async () => {
      const following = follow(kit, person, { question: QUESTION });
      return [await following.ended, following.got.at(-1)?.answer] as const;
    })));
    const answers = ends.flatMap(([, answer]) => (answer ? [answer] : []));
    expect(new Set(ends.map(([how, answer]) => answer?.state ?? how))).toEqual(new Set(['BUDGET_STOPPED', 'BUDGET_EXCEEDED']));
    const { spent } = await settled(kit, acme, budgetId);
    expect([spent, Number(spent) <= 4_000]).toEqual([String(answers.reduce((all, answer) => all + totalOf(answer), 0)), true]);
    expect(Number(spent)).toBeGreaterThan(3_000);
  }, 90_000);
});

describe('what is within the budget', () => {
  beforeAll(world, 60_000);
  it('is spent once it is counted; the rest is given back; each collection that was asked of has its part', async () => {
    const other = await newCollection(kit, ann);
    const [whole, half] = [await hardBudget(kit, acme, { tokens: '100000' }), await hardBudget(kit, acme, { tokens: '100000', collectionId: other })];
    server.does({ text: HERONS });
    const { answer } = done(await ask(ann, { collectionIds: [birds, other] }));
    expect(answer).toMatchObject({ state: 'COMPLETED', usage: { inputTokens: 21, outputTokens: 8 } });
    await eventually('it to be counted', async () => (await settled(kit, acme, whole)).spent === '29');
    expect((await settled(kit, acme, half)).spent).toBe('14');
  });
});

describe('while billing does not answer', () => {
  beforeAll(world, 60_000);
  const graph = () => kit.atlas.services.get('billing')!.graph as { answer: unknown };
  let answering: unknown;
  afterEach(() => { if (answering) graph().answer = answering; });

  it('who is known to come under a hard budget is refused, and everybody else is answered', async () => {
    const bob = await newMember(kit, acme, 'MEMBER');
    await shareWith(kit, ann, birds, bob, 'VIEWER');
    await hardBudget(kit, acme, { tokens: '100000', userId: ann.userId });
    server.does({ text: HERONS });
    for (const person of [ann, bob]) done(await ask(person));
    answering = graph().answer;
    graph().answer = () => Promise.reject(new Error('Billing is away.'));
    expect(await refusalOf(ask(ann, { question: 'What do they call a heron colony?' }))).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', retryable: true });
    expect(done(await ask(bob, { question: 'Which name has a colony of herons?' })).answer).toMatchObject({ state: 'COMPLETED' });
  });
});

describe('an evaluation', () => {
  beforeAll(world, 60_000);
  const SAVE = 'mutation($input: SaveEvalSetInput!) { saveEvalSet(input: $input) { evalSet { id } userErrors { code } } }';
  const START = 'mutation($input: StartEvalRunInput!) { startEvalRun(input: $input) { evalRun { id job { id } } userErrors { code } } }';
  const RUNS = '{ evalRuns { nodes { id finishedAt cost { amount currency } each } } }';

  it('stops at the line, and is paid for as far as it came', async () => {
    const ada = await newMember(kit, acme, 'ADMIN');
    await shareWith(kit, ann, birds, ada, 'VIEWER');
    const budgetId = await hardBudget(kit, acme, { tokens: '600' });
    const set = done(await kit.ask('ai', SAVE, { input: { name: 'Birds', questions: [{ question: QUESTION }, { question: QUESTION }, { question: QUESTION }] } }, ada.viewer)).evalSet;
    server.does({ text: HERONS }, { text: LONG, everyMs: 1 });
    const { evalRun } = done(await kit.ask('ai', START, { input: { evalSetId: set.id } }, ada.viewer));
    const [event] = await kit.eventsOf('ai.eval-run-stopped');
    expect(event).toMatchObject({ subject: evalRun.id, body: { questions: 1, code: 'BUDGET_EXCEEDED' } });
    const { spent } = await settled(kit, acme, budgetId);
    expect([spent, sum(...event!.usage!.slice(0, 2).map(({ quantity }) => quantity as Decimal))]).toEqual(['600', '600']);
    const [run] = dataOf(await kit.ask('ai', RUNS, {}, ada.viewer)).evalRuns.nodes;
    expect(run).toMatchObject({ id: evalRun.id, finishedAt: null, cost: { amount: expect.stringMatching(/^0\.00/), currency: 'USD' } });
  });
});

describe('a start without billing', () => {
  it('answers without budgets', async () => {
    const alone = await startServices(['users', 'tenants', 'collections', 'search', 'ai']);
    try {
      const tenant = await newTenant(alone);
      const collectionId = await newCollection(alone, tenant.owner);
      await knownItem(alone, tenant.owner, collectionId, { title: 'Herons', body: 'A heron colony is called a heronry.' });
      expect((await answerTo(alone, tenant.owner, { question: QUESTION })).answer).toMatchObject({ state: 'COMPLETED', answered: true, usage: { cost: { amount: '0', currency: 'USD' } } });
    } finally {
      await alone.stop();
    }
  }, 60_000);
});
