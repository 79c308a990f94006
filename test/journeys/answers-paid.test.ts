/**
 * What an answer costs is one sum, in the tenant's own currency, wherever it is said: in the answer's usage, in what the
 * gateway says with the call or the stream, in the meter and in the books. And still once when the process that makes it is killed.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import pg from 'pg';
import { decimal, minus, sum, times, type Decimal } from '../../platform/decimal.ts';
import { newWorld, type World } from '../bill/world.ts';
import { startArrangement, type Running } from '../kit/arrangements.ts';
import { eventually } from '../kit/eventually.ts';
import { modelServer, type ModelServer } from '../kit/model-server.ts';
import { freshDatabase, type TestDatabase } from '../kit/databases.ts';
import { TRANSPORTS, type Cost, type Followed } from '../kit/stream-clients.ts';

const POINT = '0.0000009' as Decimal;
const PIECES = ['A heron colony ', 'is called ', 'a heronry ', '[1].', ' Grey herons ', 'nest in tall trees ', 'near water ', '[1].'];
const QUESTION = 'What is a heron colony called, and where do grey herons nest?';
const USAGE = 'usage { inputTokens outputTokens cost { amount currency } }';
const ASK = `mutation($input: AskInput!) { ask(input: $input) { answer { id state cursor ${USAGE} } userErrors { code } } }`;
const FOLLOW = `subscription($input: AskInput!) { ask(input: $input) { __typename cursor ... on AnswerCompleted { answer { id state text ${USAGE} } } } }`;
const METER = '{ tenant { usage(granularity: DAY, by: [MODEL]) { total { metric amount { amount currency } } } budgets { id spent leased } } }';
const LEDGER = `SELECT coalesce(sum(p.amount), 0)::text AS amount FROM billing.posting p JOIN billing.ledger_entry e ON e.id = p.entry_id WHERE e.kind = 'USAGE' AND e.metric LIKE 'ai.%' AND p.account = 'unbilled' AND p.currency = 'EUR'`;
const mutation = (name: string, payload: string) => `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${payload} userErrors { code message } } }`;

let model: ModelServer;
let database: TestDatabase;
let atlas: Running;
let world: World;
let slug: string;
const open: Followed[] = [];
beforeAll(async () => {
  model = await modelServer();
  model.does({ text: PIECES });
  database = await freshDatabase();
  atlas = await startArrangement([['users', 'tenants', 'billing', 'collections', 'search', 'gateway'], ['ai']], { AI_CACHE: 'off', AI_MODELS: 'openai', OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'm', OPENAI_PRICE: '1.37/2.91', ASK_TIMEOUT_MS: '10000' }, database);
  world = await newWorld(atlas);
  slug = world.owner.tenant!;
  await world.owner.must(mutation('startCheckout', 'url'), { input: { plan: 'TEAM', currency: 'EUR', returnUrl: 'https://app.example.org/done' } });
  await eventually('the gateway to bill by it', async () => (await world.owner.ask('{ tenant { id } }')).extensions!.cost!.money?.currency === 'EUR', 60_000);
  await world.owner.must(mutation('createItem', 'item { id }'), { input: { collectionId: world.collectionId, title: 'Herons', body: 'A heron colony is called a heronry.\n\nGrey herons nest in tall trees near water.' } });
  const FOUND = 'query($query: String!) { search(query: $query) { nodes { item { id } } } }';
  await eventually('it to be found', async () => (await world.owner.ask(FOUND, { query: 'heron' })).data?.search?.nodes.length > 0, 60_000);
}, 180_000);
afterEach(() => { for (const one of open.splice(0)) one.leave(); });
afterAll(async () => {
  await atlas?.stop();
  await model?.stop();
});

const stream = (name: keyof typeof TRANSPORTS, input: object): Followed => {
  const followed = TRANSPORTS[name](name === 'graphql-transport-ws' ? atlas.url.replace('http', 'ws') : atlas.url, { query: FOLLOW, variables: { input: { question: '', ...input } }, token: world.owner.token, tenant: slug });
  open.push(followed);
  return followed;
};
/** Of what a call says that it cost, what is not its points. */
const besidePoints = ({ actual, money }: Cost): Decimal => minus(decimal(money!.amount), times(POINT, actual));
const lastCost = ({ got }: Followed): Cost => got.at(-1)!.extensions!.cost!;
const answerOf = ({ got }: Followed): any => got.at(-1)!.data!.ask.answer;
const isCost = (cost: Cost, { usage }: any) => expect([cost.tokens, besidePoints(cost), cost.money!.currency]).toEqual([{ input: String(usage.inputTokens), output: String(usage.outputTokens) }, usage.cost.amount, usage.cost.currency]);
/** What was answered so far, as it says itself. */
const said: Decimal[] = [];
const kept = <T extends { usage: any }>(answer: T): T => {
  said.push(answer.usage.cost.amount);
  return answer;
};

async function ledger(): Promise<Decimal> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(`BEGIN READ ONLY; SET LOCAL ROLE atlas_billing; SET LOCAL app.tenant_id = '${world.tenantId}'`);
    return decimal((await client.query<{ amount: string }>(LEDGER)).rows[0]!.amount);
  } finally {
    await client.end();
  }
}
const meter = async (): Promise<{ sums: Decimal; budgets: { id: string; spent: string; leased: string }[] }> => {
  const { tenant } = await world.owner.must(METER);
  const lines = (tenant.usage.total as { metric: string; amount: { amount: Decimal; currency: string } | null }[]).filter(({ metric, amount }) => metric.startsWith('ai.') && amount?.currency === 'EUR');
  return { sums: sum(...lines.map(({ amount }) => amount!.amount)), budgets: tenant.budgets };
};

describe('what an answer costs', () => {
  it('is said with the call that asks, to the last digit', async () => {
    const { data, extensions } = await world.owner.ask(ASK, { input: { question: QUESTION } });
    const answer = kept(data!.ask.answer);
    // 21 and 8 tokens of the plan, and what the model's maker takes of them by 1.1.
    expect(answer).toMatchObject({ state: 'COMPLETED', usage: { inputTokens: 21, outputTokens: 8, cost: { amount: '0.000086405', currency: 'EUR' } } });
    isCost(extensions!.cost!, answer);
  });

  it.each(Object.keys(TRANSPORTS) as (keyof typeof TRANSPORTS)[])('runs along with a stream over %s', async (name) => {
    const followed = stream(name, { question: QUESTION });
    expect(await followed.ended).toBe('complete');
    isCost(lastCost(followed), kept(answerOf(followed)));
    const outputs = followed.got.map(({ extensions }) => Number(extensions!.cost!.tokens!.output));
    expect(outputs).toEqual([...outputs].sort((one, other) => one - other));
    expect(outputs[0]).toBe(0);
    // Whoever comes back after the end is told of nothing more, and whoever reads it anew, of all of it once.
    const none = stream(name, { resumeFrom: followed.got.at(-1)!.data!.ask.cursor });
    expect([await none.ended, none.got]).toEqual(['complete', []]);
    const again = stream(name, { resumeFrom: followed.got[0]!.data!.ask.cursor });
    await again.ended;
    isCost(lastCost(again), answerOf(followed));
  });

  it('is said in parts by the streams that follow one another, and the parts are the whole', async () => {
    model.does({ text: PIECES, everyMs: 150 });
    const first = stream('event streams', { question: QUESTION });
    await first.atLeast(5);
    first.leave();
    const last = first.got.at(-1)!;
    const second = stream('multipart', { resumeFrom: last.data!.ask.cursor });
    expect(await second.ended).toBe('complete');
    const { usage } = kept(answerOf(second));
    expect(sum(besidePoints(last.extensions!.cost!), besidePoints(lastCost(second)))).toBe(usage.cost.amount);
    expect(sum(...[last.extensions!.cost!, lastCost(second)].map(({ tokens }) => decimal(tokens!.output)))).toBe(String(usage.outputTokens));
  });

  it('is counted once when the process that makes it is killed, under a budget that it goes on within', async () => {
    await world.owner.must(mutation('setBudget', 'budget { id }'), { input: { period: 'DAY', tokens: '700', hard: true, userId: world.ownerId } });
    const before = await meter().then(({ budgets: [budget] }) => decimal(budget!.spent));
    model.does({ text: PIECES, silentAfter: 4 }, { text: PIECES.slice(4), everyMs: 20 });
    const first = stream('event streams', { question: QUESTION });
    await eventually('half of it', () => first.got.filter(({ data }) => data!.ask.__typename === 'Token').length >= 2);
    const ai = atlas.process('ai');
    ai.kill('SIGKILL');
    await once(ai, 'exit');
    await first.ended;
    const last = first.got.at(-1)!;
    await atlas.restart('ai');
    const second = stream('event streams', { resumeFrom: last.data!.ask.cursor });
    expect(await second.ended).toBe('complete');
    const answer = kept(answerOf(second));
    expect(answer).toMatchObject({ state: 'COMPLETED', text: PIECES.join('') });
    expect(sum(besidePoints(last.extensions!.cost!), besidePoints(lastCost(second)))).toBe(answer.usage.cost.amount);
    const budget = await eventually('what was reserved to be counted or given back', async () => (await meter()).budgets.find(({ leased }) => leased === '0') ?? null, 30_000);
    expect(minus(decimal(budget.spent), before)).toBe(String(answer.usage.inputTokens + answer.usage.outputTokens));
  }, 120_000);

  it('is the same sum in the meter and in the books', async () => {
    const told = sum(...said);
    await eventually('the meter to have heard of all of it', async () => (await meter()).sums === told, 30_000).catch(() => undefined);
    expect([(await meter()).sums, await ledger()]).toEqual([told, told]);
  }, 60_000);
});
