/** The bill in the answer, over every way in and every way to a subgraph: what answers say that they cost is what is told of use. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '../../platform/database/database.ts';
import { decimal, sum, times, type Decimal } from '../../platform/decimal.ts';
import { httpReach } from '../../platform/reach/http-reach.ts';
import { openLine } from '../../platform/reach/line.ts';
import { localReach, type Reach } from '../../platform/reach/reach.ts';
import { viewerSigner } from '../../platform/viewer-header.ts';
import { startBilledEdge, type BilledEdge } from '../../test/kit/billed-edge.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { PRICES } from '../../test/kit/fake-billing.ts';
import { freshDatabase } from '../../test/kit/databases.ts';
import { TRANSPORTS, type Cost, type Followed, type StreamCall } from '../../test/kit/stream-clients.ts';
import { slice, thinking, thinkingGraph } from '../../test/kit/thinking-graph.ts';
import { serveToy, silent, toyDatabase } from '../../test/kit/toy-subgraph.ts';

interface Body { data?: any; errors?: { message: string; extensions: Record<string, any> }[]; extensions: { cost: Cost } & Record<string, unknown> }
type Close = () => Promise<unknown>;

const WAYS: Record<string, () => Promise<{ reach: Reach; close: Close }>> = {
  'in this process': async () => {
    const graph = thinkingGraph();
    return { reach: localReach(() => graph), close: async () => undefined };
  },
  'over HTTP': async () => {
    const at = await freshDatabase();
    const database: Database = await toyDatabase(at);
    const listener = await serveToy(thinkingGraph(), database);
    const signer = await viewerSigner(database);
    const url = `http://127.0.0.1:${listener.port}/graphql`;
    const line = openLine({ service: 'tenants', url, log: silent, settings: { ASK_TIMEOUT_MS: 2_000, BREAKER_FAILURES: 5, BREAKER_PROBE_MS: 500 } });
    const reach = httpReach({ service: 'tenants', url, line, signer: () => signer });
    const close: Close = async () => {
      reach.close();
      await line.close();
      await listener.drain();
      await database.close();
      await at.drop();
    };
    return { reach, close };
  },
};

/** What points, and a thought of so many tokens, are worth. */
const worth = (points: number, ...tokens: number[]): Decimal => sum(times(PRICES['api.points'], points), ...tokens.flatMap((count) =>
  [times(PRICES['ai.input-tokens'], 10), times(PRICES['ai.output-tokens'], count), times(PRICES['ai.cost'], decimal(`0.${String(count).padStart(3, '0')}`))]));

describe.each(Object.entries(WAYS))('with a subgraph %s', (_, way) => {
  let edge: BilledEdge;
  let close: Close;
  const open: Followed[] = [];
  beforeAll(async () => {
    const made = await way();
    close = made.close;
    edge = await startBilledEdge(slice, made.reach);
  }, 60_000);
  afterEach(() => {
    for (const stream of open.splice(0)) stream.leave();
    edge.billing.budgets.length = 0;
  });
  afterAll(async () => {
    await edge?.stop();
    await close?.();
  });

  const ask = async (query: string, token: string | null, headers: Record<string, string> = {}): Promise<{ status: number; body: Body }> => {
    const response = await fetch(edge.url, { method: 'POST', headers: { 'content-type': 'application/json', ...(token && { authorization: token }), ...headers }, body: JSON.stringify({ query }) });
    return { status: response.status, body: await response.json() as Body };
  };
  const follow = (name: string, call: StreamCall): Followed => {
    const stream = TRANSPORTS[name as keyof typeof TRANSPORTS](name === 'graphql-transport-ws' ? edge.socketUrl : edge.url, call);
    open.push(stream);
    return stream;
  };
  const toldOf = (userId: string | null) => edge.outbox.total('api.points', ({ attributes }) => attributes?.userId === userId);

  it('a change says its points, its tokens and its money, and is told of before it is answered', async () => {
    const { token, viewer } = edge.newcomer();
    const { body } = await ask('mutation { think(tokens: 30) { thought { text } } }', token);
    const { cost, ...others } = body.extensions;
    expect(others).toEqual({});
    expect(cost).toEqual({ requested: 11, actual: 11, budget: expect.objectContaining({ limit: expect.any(Number) }), tokens: { input: '10', output: '30' }, money: { amount: worth(11, 30), currency: 'EUR' } });
    expect(toldOf(viewer.userId)).toBe(11);
  });

  it.each(['graphql-transport-ws', 'event streams'])('a question and a change say the same over %s', async (name) => {
    const { token, viewer } = edge.newcomer();
    for (const [query, points] of [['{ thought(tokens: 4) { text } }', 1], ['mutation { think(tokens: 4) { thought { text } } }', 11]] as const) {
      const stream = follow(name, { query, token });
      await stream.ended;
      expect(stream.got[0]!.extensions!.cost).toMatchObject({ actual: points, tokens: { input: '10', output: '4' }, money: { amount: worth(points, 4), currency: 'EUR' } });
    }
    expect(toldOf(viewer.userId)).toBe(12);
  });

  it.each(Object.keys(TRANSPORTS))('a stream over %s says what all its events have cost, and all of it is told of when it ends', async (name) => {
    const { token, viewer } = edge.newcomer();
    const stream = follow(name, { query: 'subscription { thoughts(count: 3) { text } }', token });
    expect(await stream.ended).toBe('complete');
    expect(stream.got.map(({ extensions }) => Object.keys(extensions!))).toEqual([['cost'], ['cost'], ['cost']]);
    expect(stream.got.map(({ extensions }) => extensions!.cost)).toMatchObject([
      { actual: 1, tokens: { input: '10', output: '1' }, money: { amount: worth(1, 1) } },
      { actual: 2, tokens: { input: '20', output: '3' }, money: { amount: worth(2, 1, 2) } },
      { actual: 3, tokens: { input: '30', output: '6' }, money: { amount: worth(3, 1, 2, 3) } },
    ]);
    expect(toldOf(viewer.userId)).toBe(3);
    expect(edge.outbox.total('api.operations', ({ attributes }) => attributes?.userId === viewer.userId)).toBe(1);
  });

  it('a stream that brought nothing and said nothing is not billed', async () => {
    const { token, viewer } = edge.newcomer();
    const stream = follow('event streams', { query: 'subscription { thoughts(count: 0) { text } }', token });
    expect(await stream.ended).toBe('complete');
    await ask('mutation { think(tokens: 1) { userErrors { code } } }', token); // told after whatever came before it
    expect(toldOf(viewer.userId)).toBe(10);
  });

  it('an answer in parts says at its end what all of them have cost', async () => {
    const { token } = edge.newcomer();
    const response = await fetch(edge.url, {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: token, accept: 'multipart/mixed;deferSpec=20220824, application/json' },
      body: JSON.stringify({ query: '{ thought(tokens: 7) { id ... @defer { depth } } }' }),
    });
    const parts = (await response.text()).split('\r\n---').map((part) => part.split('\r\n\r\n')[1]).filter(Boolean).map((part) => JSON.parse(part!.split('\r\n-----')[0]!) as Body);
    expect(parts.at(-1)!.extensions.cost).toMatchObject({ tokens: { input: '10', output: '12' }, money: { amount: sum(worth(parts.at(-1)!.extensions.cost.actual, 7), times(PRICES['ai.output-tokens'], 5)) } });
    expect(parts.slice(0, -1).flatMap(({ extensions }) => Object.keys(extensions ?? {}))).toEqual([]);
  });

  it('what equal questions ask once is paid for by each in points, and said once in tokens', async () => {
    const { token, viewer } = edge.newcomer();
    const before = thinking.count;
    const answers = await Promise.all(Array.from({ length: 20 }, (__, n) => ask(n % 2 ? '{ thought(tokens: 9) { text } }' : '{ thought(tokens: 9) { id text } }', token)));
    const thoughts = thinking.count - before;
    expect(thoughts).toBeLessThan(20);
    const costs = answers.map(({ body }) => body.extensions.cost);
    expect(sum(...costs.map(({ tokens }) => tokens!.output as Decimal))).toBe(times(decimal(9), thoughts));
    expect(sum(...costs.map(({ money }) => money!.amount as Decimal))).toBe(worth(20, ...Array.from({ length: thoughts }, () => 9)));
    await eventually('all are told of', () => toldOf(viewer.userId) === 20);
  });

  it('a stranger pays nothing, and is told of no money', async () => {
    const before = edge.outbox.total('api.points');
    const { body } = await ask('mutation { think(tokens: 3) { thought { text } } }', null);
    expect(body.extensions.cost).toMatchObject({ actual: 11, tokens: null, money: null });
    expect(edge.outbox.total('api.points')).toBe(before);
  });

  it('what a hard budget does not reach for is refused before the work, for nothing, and says what is left', async () => {
    const { token, viewer } = edge.newcomer();
    edge.billing.add({ unit: 'POINTS', limit: decimal(25) });
    const change = 'mutation { think(tokens: 2) { thought { text } } }';
    for (let n = 0; n < 2; n += 1) expect((await ask(change, token)).body.data.think.thought.text).toBe('xx');
    const before = thinking.count;
    const { status, body } = await ask(change, token, { accept: 'application/graphql-response+json' });
    expect(status).toBe(402);
    expect(body.errors![0]!.extensions).toMatchObject({ code: 'BUDGET_EXCEEDED', status: 402, retryable: false, budget: { unit: 'POINTS', limit: '25', remaining: expect.any(String), resetAt: expect.any(String) } });
    expect(body.extensions.cost).toMatchObject({ requested: 0, actual: 0, budget: { remaining: expect.any(Number) }, tokens: { input: '0', output: '0' }, money: { amount: '0', currency: 'EUR' } });
    expect(thinking.count).toBe(before);
    expect(toldOf(viewer.userId)).toBe(22);
    for (let n = 0; n < 3; n += 1) expect((await ask('{ thought(tokens: 1) { id } }', token)).body.errors).toBeUndefined();
    for (const [name, query] of [['graphql-transport-ws', change], ['multipart', 'subscription { thoughts(count: 2) { text } }']] as const) {
      const stream = follow(name, { query, token });
      expect(await stream.ended).toBe('BUDGET_EXCEEDED');
      expect(stream.refused[0]).toMatchObject({ cost: { actual: 0 }, error: { extensions: { budget: { limit: '25' } } } });
    }
    const refused = await ask(change, token, { accept: 'text/event-stream' });
    expect(refused).toMatchObject({ status: 402, body: { errors: [{ extensions: { code: 'BUDGET_EXCEEDED', budget: { limit: '25' } } }], extensions: { cost: { actual: 0 } } } });
  });

  it('a stream ends when its budget does, with what it had cost by then', async () => {
    const { token, viewer } = edge.newcomer();
    edge.billing.add({ unit: 'MONEY', limit: times(PRICES['api.points'], 5) });
    const stream = follow('event streams', { query: 'subscription { thoughts(count: 50) { text } }', token });
    expect(await stream.ended).toBe('BUDGET_EXCEEDED');
    expect(stream.got).toHaveLength(5);
    expect(stream.refused[0]!.cost).toMatchObject({ actual: 5, money: { amount: worth(5, 1, 2, 3, 4, 5) } });
    expect(toldOf(viewer.userId)).toBe(5);
  });

  it('prices that change hold from the moment at which it is heard, for those that are known before', async () => {
    const { token, viewer } = edge.newcomer();
    await ask('mutation { think(tokens: 1) { userErrors { code } } }', token);
    const entitled = { ...edge.billing.entitled!, plan: 'BUSINESS', planVersion: 1, prices: { 'api.points': decimal('0.5') } };
    await edge.events.say({ type: 'billing.entitlements-changed', subjectVersion: 2, tenant: viewer.tenantId, body: { tenantId: viewer.tenantId, ...entitled } });
    await edge.events.say({ type: 'billing.entitlements-changed', subjectVersion: 1, tenant: viewer.tenantId, body: { tenantId: viewer.tenantId, ...entitled, prices: {} } });
    const { body } = await ask('mutation { think(tokens: 1) { userErrors { code } } }', token);
    expect(body.extensions.cost.money).toEqual({ amount: '5', currency: 'EUR' });
    expect(edge.outbox.rows.flatMap(({ usage }) => usage!).filter(({ attributes, metric }) => attributes!.userId === viewer.userId && metric === 'api.points').map(({ attributes }) => attributes!.plan)).toEqual(['TEAM@3', 'BUSINESS@1']);
  });

  it('requests are held to what the plan allows in a minute', async () => {
    const { token, viewer } = edge.newcomer();
    await ask('{ thought(tokens: 1) { id } }', token);
    await edge.events.say({ type: 'billing.entitlements-changed', subjectVersion: 2, tenant: viewer.tenantId, body: { tenantId: viewer.tenantId, ...edge.billing.entitled!, limits: { requestsPerMinute: 2 } } });
    for (let n = 0; n < 2; n += 1) expect((await ask('{ thought(tokens: 1) { id } }', token)).body.errors).toBeUndefined();
    const { body } = await ask('{ thought(tokens: 1) { id } }', token);
    expect(body.errors![0]!.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) });
    expect(body.extensions.cost.budget!.remaining).toBeGreaterThan(1_000);
  });

  it('while billing is away questions are answered, and say no money where nobody knew the prices', async () => {
    const known = edge.newcomer();
    await ask('{ thought(tokens: 1) { id } }', known.token);
    edge.billing.away = new Error('Away.');
    try {
      const stranger = edge.newcomer();
      expect((await ask('{ thought(tokens: 1) { id } }', stranger.token)).body).toMatchObject({ data: { thought: {} }, extensions: { cost: { actual: 1, money: null } } });
      expect((await ask('{ thought(tokens: 1) { id } }', known.token)).body.extensions.cost.money).toEqual({ amount: worth(1, 1), currency: 'EUR' });
      await eventually('it is told of', () => toldOf(stranger.viewer.userId) === 1);
    } finally {
      edge.billing.away = null;
    }
  });
});
