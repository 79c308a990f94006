/** How much a caller may ask for in a minute: a bucket of points by principal, shared by all gateways when there is a Redis. */
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterAbstract, type RateLimiterRes } from 'rate-limiter-flexible';
import type { Settings } from '../../platform/config.ts';
import { AtlasError } from '../../platform/errors.ts';
import type { Viewer } from '../../platform/viewer.ts';

export interface RateState { cost: number; limit: number; remaining: number; resetAt: Date }
export interface Rate {
  /** Takes the points, or refuses with when to come again. A limiter that is away lets requests through. */
  spend(viewer: Viewer, address: string | null, cost: number): Promise<RateState>;
  /** Refuses an address that is refused again and again, before anything is looked up for it. */
  admit(address: string | null): Promise<void>;
  /** Counts a request that was refused before it had paid. */
  refused(address: string | null): Promise<void>;
  close(): void;
}

const SECONDS = 60;
/** Refusals that one address may collect in a minute: enough for a mistaken program, too few for a guessing one. */
const REFUSALS_MAX = 1_200;

export function rateLimiter(settings: Pick<Settings, 'REDIS_URL' | 'RATE_LIMIT_PER_MINUTE'>): Rate {
  const limit = settings.RATE_LIMIT_PER_MINUTE;
  const redis = settings.REDIS_URL ? new Redis(settings.REDIS_URL, { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 250 }) : null;
  redis?.on('error', () => undefined); // requests pass while it is away; the cache beside it logs the outage
  const memory = new RateLimiterMemory({ points: limit, duration: SECONDS });
  const limiter: RateLimiterAbstract = redis
    ? new RateLimiterRedis({ storeClient: redis, points: limit, duration: SECONDS, keyPrefix: 'atlas:rate', insuranceLimiter: memory })
    : memory;

  const refusals: RateLimiterAbstract = redis
    ? new RateLimiterRedis({ storeClient: redis, points: REFUSALS_MAX, duration: SECONDS, keyPrefix: 'atlas:refused', insuranceLimiter: new RateLimiterMemory({ points: REFUSALS_MAX, duration: SECONDS }) })
    : new RateLimiterMemory({ points: REFUSALS_MAX, duration: SECONDS, keyPrefix: 'refused' });

  const state = (result: RateLimiterRes, cost: number): RateState =>
    ({ cost, limit, remaining: Math.max(0, result.remainingPoints), resetAt: new Date(Date.now() + result.msBeforeNext) });

  return {
    async spend(viewer, address, cost) {
      const key = viewer.kind === 'anonymous' ? `address ${address ?? 'unknown'}` : viewer.id;
      try {
        return state(await limiter.consume(key, cost), cost);
      } catch (refused) {
        if (refused instanceof Error) throw new AtlasError('INTERNAL', undefined, { cause: refused });
        const { msBeforeNext } = refused as RateLimiterRes;
        throw new AtlasError('RATE_LIMITED', undefined, { retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1_000)) });
      }
    },
    async admit(address) {
      const known = await refusals.get(address ?? 'unknown').catch(() => null);
      if (known && known.consumedPoints > REFUSALS_MAX) throw new AtlasError('RATE_LIMITED', 'Too many requests of this address were refused; mend them and come again.', { retryAfterSeconds: Math.max(1, Math.ceil(known.msBeforeNext / 1_000)) });
    },
    refused: (address) => refusals.consume(address ?? 'unknown').then(() => undefined, () => undefined),
    close: () => void redis?.disconnect(),
  };
}
