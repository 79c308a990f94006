/**
 * How much may be asked for in a minute: a bucket of points a caller and one a tenant, and one of requests where the
 * tenant's plan has a limit, shared by all gateways when there is a Redis. What an operation may cost is taken before it
 * runs; what its answer was not worth is given back.
 */
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Settings } from '../../platform/config.ts';
import { AtlasError } from '../../platform/errors.ts';
import type { TenantId } from '../../platform/ids.ts';
import { openRedis } from '../../platform/redis.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { originOf } from './origin.ts';

export type BucketName = 'caller' | 'tenant' | 'requests';
export interface Bucket { name: BucketName; limit: number; remaining: number; resetAt: Date }
/** What a request has spent, and what its caller has left: of the bucket of points that has less. */
export interface RateState { cost: number; limit: number; remaining: number; resetAt: Date; buckets: readonly Bucket[] }
/** A request that its buckets do not allow. */
export class RateRefusal extends AtlasError {
  constructor(code: 'RATE_LIMITED' | 'COST_TOO_HIGH', sentence: string | undefined, readonly state: RateState, retryAfterSeconds?: number) {
    super(code, sentence, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
  }
}

export interface Rate {
  /** Takes the points, or refuses with when to come again. A limiter that is away lets requests through. */
  spend(viewer: Viewer, address: string | null, cost: number): Promise<RateState>;
  /** Gives back what was taken for nothing. */
  giveBack(viewer: Viewer, address: string | null, spent: RateState, points: number): Promise<RateState>;
  /** What is left, without taking any. */
  look(viewer: Viewer, address: string | null): Promise<RateState>;
  /** Refuses an address that is refused again and again, before anything is looked up for it. */
  admit(address: string | null): Promise<void>;
  /** Counts a request that was refused before it had paid. */
  refused(address: string | null): Promise<void>;
  close(): void;
}

export const WINDOW_SECONDS = 60;
/** Refusals that one address may collect in a minute: enough for a mistaken program, too few for a guessing one. */
const REFUSALS_MAX = 1_200;
/** A window that is about to end ends with what it has: points given back to the next one would be a present. */
const GIVE_BACK_MS = 1_000;

interface Kept { name: BucketName; key: string; limiter: RateLimiterAbstract; limit: number }

/** `requestsMax`: what a tenant's plan allows in a minute. */
export async function rateLimiter(settings: Pick<Settings, 'REDIS_URL' | 'RATE_LIMIT_PER_MINUTE' | 'TENANT_RATE_LIMIT_PER_MINUTE'>, requestsMax: (tenantId: TenantId) => number | null = () => null): Promise<Rate> {
  const redis = settings.REDIS_URL ? await openRedis(settings.REDIS_URL, { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 250 }) : null;
  redis?.on('error', () => undefined); // requests pass while it is away; the cache beside it logs the outage
  const limiterOf = (points: number, keyPrefix: string): RateLimiterAbstract => {
    const memory = new RateLimiterMemory({ points, duration: WINDOW_SECONDS, keyPrefix });
    return redis ? new RateLimiterRedis({ storeClient: redis, points, duration: WINDOW_SECONDS, keyPrefix: `atlas:${keyPrefix}`, insuranceLimiter: memory }) : memory;
  };
  const limits = { caller: settings.RATE_LIMIT_PER_MINUTE, tenant: settings.TENANT_RATE_LIMIT_PER_MINUTE };
  const limiters = { caller: limiterOf(limits.caller, 'rate'), tenant: limiterOf(limits.tenant, 'rate-tenant') };
  const refusals = limiterOf(REFUSALS_MAX, 'refused');

  /** One a limit: there are as many as plans. */
  const plans = new Map<number, RateLimiterAbstract>();
  const ofPlan = (key: TenantId): Kept[] => {
    const limit = requestsMax(key);
    if (limit === null) return [];
    const limiter = plans.get(limit) ?? limiterOf(limit, 'rate-requests');
    plans.set(limit, limiter);
    return [{ name: 'requests', key, limiter, limit }];
  };

  const keptFor = (viewer: Viewer, address: string | null): Kept[] => [
    { name: 'caller', key: viewer.kind === 'anonymous' ? `address ${originOf(address)}` : viewer.id, limiter: limiters.caller, limit: limits.caller },
    ...(viewer.tenantId ? [{ name: 'tenant' as const, key: viewer.tenantId, limiter: limiters.tenant, limit: limits.tenant }, ...ofPlan(viewer.tenantId)] : []),
  ];
  const look = async (viewer: Viewer, address: string | null, cost: number): Promise<RateState> =>
    stateOf(cost, await Promise.all(keptFor(viewer, address).map(async (kept) => bucketOf(kept, await kept.limiter.get(kept.key).catch(() => null)))));

  return {
    async spend(viewer, address, cost) {
      const kept = keptFor(viewer, address);
      // A cost that is no number would be less than every limit, and so would the bucket that it is added to.
      const tooSmall = kept.find(({ name, limit }) => name !== 'requests' && !(cost <= limit));
      if (tooSmall) throw new RateRefusal('COST_TOO_HIGH', `This could cost ${cost} points; ${tooSmall.limit} is what a minute allows. Ask for smaller pages, or for less at once.`, await look(viewer, address, 0));
      const results = await Promise.all(kept.map((one) => consume(one, amountOf(one, cost))));
      const buckets = kept.map((one, at) => bucketOf(one, results[at]!.result));
      const full = results.filter(({ refused }) => refused);
      if (full.length === 0) return stateOf(cost, buckets);
      // Who is refused pays nothing, so a smaller question still fits.
      await Promise.all(kept.map((one, at) => reward(one, results[at]!.result.msBeforeNext, amountOf(one, cost))));
      const waitMs = Math.max(...full.map(({ result }) => result.msBeforeNext));
      throw new RateRefusal('RATE_LIMITED', undefined, await look(viewer, address, 0), Math.max(1, Math.ceil(waitMs / 1_000)));
    },
    async giveBack(viewer, address, spent, points) {
      if (points <= 0) return spent;
      const buckets = await Promise.all(keptFor(viewer, address).map(async (kept): Promise<Bucket> => {
        const before = spent.buckets.find(({ name }) => name === kept.name) ?? bucketOf(kept, null);
        const result = kept.name === 'requests' ? null : await reward(kept, before.resetAt.getTime() - Date.now(), points);
        return result ? bucketOf(kept, result) : before;
      }));
      return stateOf(spent.cost, buckets);
    },
    look: (viewer, address) => look(viewer, address, 0),
    async admit(address) {
      const known = await refusals.get(originOf(address)).catch(() => null);
      if (known && known.consumedPoints > REFUSALS_MAX) throw new AtlasError('RATE_LIMITED', 'Too many requests of this address were refused; mend them and come again.', { retryAfterSeconds: Math.max(1, Math.ceil(known.msBeforeNext / 1_000)) });
    },
    refused: (address) => refusals.consume(originOf(address)).then(() => undefined, () => undefined),
    close: () => void redis?.disconnect(),
  };
}

const amountOf = ({ name }: Kept, cost: number): number => (name === 'requests' ? 1 : cost);

async function consume({ limiter, key }: Kept, cost: number): Promise<{ result: RateLimiterRes; refused: boolean }> {
  try {
    return { result: await limiter.consume(key, cost), refused: false };
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return { result: refused, refused: true };
    throw new AtlasError('INTERNAL', undefined, { cause: refused });
  }
}

const reward = ({ limiter, key }: Kept, msLeft: number, points: number): Promise<RateLimiterRes | null> =>
  (msLeft > GIVE_BACK_MS ? limiter.reward(key, points).catch(() => null) : Promise.resolve(null));

const bucketOf = ({ name, limit }: Kept, result: RateLimiterRes | null): Bucket => ({
  name, limit,
  remaining: result ? Math.min(limit, Math.max(0, limit - result.consumedPoints)) : limit,
  resetAt: new Date(Date.now() + (result && result.msBeforeNext > 0 ? result.msBeforeNext : WINDOW_SECONDS * 1_000)),
});

function stateOf(cost: number, buckets: readonly Bucket[]): RateState {
  const { limit, remaining, resetAt } = buckets.reduce((least, bucket) => (bucket.name !== 'requests' && bucket.remaining < least.remaining ? bucket : least));
  return { cost, limit, remaining, resetAt, buckets };
}
