import { afterAll, describe, expect, it } from '@jest/globals';
import { startRedis } from '../../test/kit/redis.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { newId, type TenantId } from '../../platform/ids.ts';
import { anonymous, keyViewer, userViewer } from '../../platform/viewer.ts';
import { charge, settle } from './charge.ts';
import { rateLimiter, type RateRefusal, type Rate } from './rate.ts';
import { costExtension, rateHeaders, withExtensions } from './spent.ts';

const LIMITS = { RATE_LIMIT_PER_MINUTE: 100, TENANT_RATE_LIMIT_PER_MINUTE: 250 };
const key = (tenantId: TenantId = newId('tnt')) => keyViewer({ keyId: newId('key'), tenantId, scopes: [], collectionIds: null, sandbox: false });
const refusalOf = (asked: Promise<unknown>): Promise<RateRefusal> => asked.then(() => { throw new Error('It was let through.'); }, (error: RateRefusal) => error);

function bucketContract(name: string, rate: Rate): void {
  describe(`the points of a minute: ${name}`, () => {
    it('are taken until they are gone, and then say when to come again', async () => {
      const viewer = key();
      expect(await rate.spend(viewer, null, 60)).toMatchObject({ cost: 60, limit: 100, remaining: 40 });
      const refused = await refusalOf(rate.spend(viewer, null, 41));
      expect(refused).toMatchObject({ code: 'RATE_LIMITED', status: 429, state: { remaining: 40 } });
      expect(refused.retryAfterSeconds).toBeGreaterThan(0);
      expect(refused.retryAfterSeconds).toBeLessThanOrEqual(60);
      // Who was refused has paid nothing: what fits is answered.
      expect(await rate.spend(viewer, null, 40)).toMatchObject({ remaining: 0 });
    });

    it('are given back for what an answer was not worth', async () => {
      const payer = { viewer: key(), address: null };
      const charged = await charge({ rate }, payer, { requested: 90, fixed: 5 });
      const { extension, state } = await settle(rate, payer, charged, { points: 10 }, false);
      expect(extension).toMatchObject({ requested: 90, actual: 15, budget: { limit: 100, remaining: 85 }, tokens: null, money: null });
      expect(state!.remaining).toBe(85);
      expect(await rate.look(payer.viewer, null)).toMatchObject({ remaining: 85 });
      expect(await settle(rate, payer, await charge({ rate }, payer, { requested: 10, fixed: 0 }), { points: 50 }, false)).toMatchObject({ extension: { requested: 10, actual: 50, budget: { remaining: 75 } } });
    });

    it('are a tenant’s as well as a caller’s, and neither pays when the other is empty', async () => {
      const tenant = newId('tnt');
      const [one, two, three] = [key(tenant), key(tenant), key(tenant)];
      await rate.spend(one, null, 100);
      await rate.spend(two, null, 100);
      expect(await rate.spend(three, null, 40)).toMatchObject({ limit: 250, remaining: 10, buckets: [{ name: 'caller', remaining: 60 }, { name: 'tenant', remaining: 10 }] });
      expect(await refusalOf(rate.spend(three, null, 20))).toMatchObject({ code: 'RATE_LIMITED' });
      expect((await rate.look(three, null)).buckets).toMatchObject([{ name: 'caller', remaining: 60 }, { name: 'tenant', remaining: 10 }]);
      const elsewhere = key();
      expect(await rate.spend(elsewhere, null, 100)).toMatchObject({ remaining: 0, limit: 100 });
    });

    it('are never enough for what costs more than a minute allows, and that is said otherwise', async () => {
      expect(await refusalOf(rate.spend(key(), null, 101))).toMatchObject({ code: 'COST_TOO_HIGH', status: 400, retryable: false, state: { remaining: 100 } });
      const viewer = key();
      for (const cost of [NaN, Infinity]) expect(await refusalOf(rate.spend(viewer, null, cost))).toMatchObject({ code: 'COST_TOO_HIGH', state: { remaining: 100 } });
    });

    it('are one network’s for strangers who have a whole one of IPv6', async () => {
      const network = `2001:db8:${Math.floor(Math.random() * 65_536).toString(16)}`;
      await rate.spend(anonymous, `${network}:1::1`, 60);
      expect(await refusalOf(rate.spend(anonymous, `${network}:1:ffff:1:2:3`, 60))).toMatchObject({ code: 'RATE_LIMITED' });
      expect(await rate.spend(anonymous, `${network}:2::1`, 60)).toMatchObject({ remaining: 40 });
    });

    it('are an address’s for strangers, and a person’s wherever they act', async () => {
      const [here, there] = ['192.0.2.7', '192.0.2.8'].map((address) => `${address}-${newId('req')}`) as [string, string];
      await rate.spend(anonymous, here, 100);
      expect(await refusalOf(rate.spend(anonymous, here, 1))).toMatchObject({ code: 'RATE_LIMITED' });
      expect(await rate.spend(anonymous, there, 1)).toMatchObject({ remaining: 99 });
      const userId = newId('usr');
      const person = (tenantId: TenantId | null) => userViewer({ userId, sessionId: null, tenantId, role: tenantId && 'OWNER' });
      await rate.spend(person(newId('tnt')), null, 30);
      expect(await rate.spend(person(null), null, 30)).toMatchObject({ remaining: 40 });
    });

    it('are exact among many at once', async () => {
      const viewer = key();
      const answers = await Promise.allSettled(Array.from({ length: 150 }, () => rate.spend(viewer, null, 1)));
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
    });
  });
}

bucketContract('in process', await rateLimiter({ REDIS_URL: undefined, ...LIMITS }));

const redis = await startRedis();
if (redis) {
  // Until it is connected a limiter counts by itself, so the suite waits for both to count together.
  const [one, other] = [await rateLimiter({ REDIS_URL: redis.url, ...LIMITS }), await rateLimiter({ REDIS_URL: redis.url, ...LIMITS })];
  afterAll(() => [one, other].forEach((rate) => rate.close()));
  await eventually('both to count in Redis', async () => {
    const viewer = key();
    await one.spend(viewer, null, 1);
    return (await other.look(viewer, null)).remaining === 99;
  });
  bucketContract('Redis', one);
  describe('points in Redis', () => {
    it('are shared by all gateways', async () => {
      const viewer = key();
      await one.spend(viewer, null, 30);
      expect(await other.spend(viewer, null, 30)).toMatchObject({ remaining: 40 });
    });
  });
}

describe('a Redis that is away', () => {
  it('lets requests through, counted in this process', async () => {
    const rate = await rateLimiter({ REDIS_URL: 'redis://127.0.0.1:1', ...LIMITS });
    const viewer = key();
    expect(await rate.spend(viewer, null, 60)).toMatchObject({ remaining: 40 });
    expect(await refusalOf(rate.spend(viewer, null, 60))).toMatchObject({ code: 'RATE_LIMITED' });
    rate.close();
  });
});

describe('what a caller is told', () => {
  const stateIn = (resetAt: Date) => ({ cost: 1, limit: 100, remaining: 7, resetAt, buckets: [{ name: 'caller' as const, limit: 100, remaining: 7, resetAt }, { name: 'tenant' as const, limit: 250, remaining: 90, resetAt }] });
  it('in headers, old and drafted', () => {
    expect(rateHeaders(stateIn(new Date(Date.now() + 30_500)))).toEqual({
      'ratelimit-limit': '100', 'ratelimit-remaining': '7', 'ratelimit-reset': expect.stringMatching(/^3[01]$/),
      'ratelimit-policy': '"caller";q=100;w=60, "tenant";q=250;w=60', ratelimit: expect.stringMatching(/^"caller";r=7;t=3[01], "tenant";r=90;t=3[01]$/),
    });
  });
  it.each([['{"data":{"a":"}"}}', { a: '}' }], ['{}', undefined], ['{"data":null}\n', null]])('in the extensions of %s', (body, data) => {
    expect(JSON.parse(withExtensions(body, { cost: costExtension(3, 2, null) }))).toEqual({ ...(data !== undefined && { data }), extensions: { cost: { requested: 3, actual: 2, budget: null, tokens: null, money: null } } });
  });
});
