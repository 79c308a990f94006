/**
 * Guessing, held by counting failures in four ways:
 * - by account and address: 5 in 15 minutes, then a block that doubles each time within a day. It holds whoever guesses
 *   from one place, and leaves the owner, who sits elsewhere, alone: nobody can lock another out by failing in his name.
 * - by account from everywhere: a much higher ceiling, for the guesser with a thousand addresses. It does reach the owner,
 *   and has to: without it such a guesser has a thousand times five tries. A hundred an hour find no password that
 *   password.ts lets through, and whoever wants to keep the owner out has to go on paying for it every hour.
 * - by address: 50 an hour over all accounts, for the guesser who tries one password on every account.
 * - accounts made from one address: 600 an hour, which a school on its first day does not reach.
 * A blocked account-and-address no longer adds to the account's ceiling: one place alone can never reach it.
 */
import ipaddr from 'ipaddr.js';
import { RateLimiterPostgres, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Database } from '../../../platform/database/database.ts';
import { AtlasError } from '../../../platform/errors.ts';
import type { Log } from '../../../platform/log.ts';
import { openRedis } from '../../../platform/redis.ts';
import type { Secret } from '../../../platform/secret.ts';
import type { Attempts, Door } from '../domain/attempts.ts';
import { attemptStore } from './attempt-store.ts';

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const PAIR = { points: 5, duration: 900 };
const ADDRESS = { points: 50, duration: HOUR_SECONDS };
const MADE = { points: 600, duration: HOUR_SECONDS };
/** A reset sends a letter each time: nobody's mailbox is to be filled by way of us. */
const ACCOUNT: Record<Door, { points: number; duration: number }> = {
  'sign-in': { points: 100, duration: HOUR_SECONDS },
  'reset-request': { points: 20, duration: HOUR_SECONDS },
  register: { points: 100, duration: HOUR_SECONDS },
  token: { points: 100, duration: HOUR_SECONDS },
};

type Limit = { points: number; duration: number };
export interface LimitedAttempts extends Attempts { close(): Promise<void> }

export async function limitedAttempts(given: { database: Database; secret: Secret; log: Log; redisUrl: string | undefined }): Promise<LimitedAttempts> {
  const { open, close } = await limiters(given);
  const pair = open('pair', PAIR);
  const streak = open('streak', { points: Number.MAX_SAFE_INTEGER, duration: DAY_SECONDS });
  const address = open('address', ADDRESS);
  const made = open('made', MADE);
  const account = Object.fromEntries(Object.entries(ACCOUNT).map(([door, limit]) => [door, open('account', limit)])) as Record<Door, RateLimiterAbstract>;
  const key = (...parts: string[]) => given.secret.mark('attempt', JSON.stringify(parts));

  const takePair = async (pairKey: string): Promise<void> => {
    const over = await refusalOf(pair, pairKey);
    if (!over) return;
    if (over.consumedPoints !== PAIR.points + 1) throw tooMany(over.msBeforeNext);
    // The first refusal of this block begins it: twice as long as the one before.
    const { consumedPoints: blocks } = await streak.penalty(pairKey);
    const seconds = Math.min(PAIR.duration * 2 ** (blocks - 1), DAY_SECONDS);
    await pair.block(pairKey, seconds);
    throw tooMany(seconds * 1_000);
  };
  const take = async (limiter: RateLimiterAbstract, its: string): Promise<void> => {
    const over = await refusalOf(limiter, its);
    if (over) throw tooMany(over.msBeforeNext);
  };

  return {
    close,
    async begin(door, who) {
      const from = bucketOf(who.address);
      const fromKey = key(door, 'from', from);
      const pairKey = who.account === null ? null : key(door, 'pair', who.account, from);
      const accountKey = who.account === null ? null : key(door, 'account', who.account);
      if (door === 'register') await take(made, fromKey);
      await take(address, fromKey);
      if (pairKey) await takePair(pairKey);
      if (accountKey) await take(account[door], accountKey);
      return {
        async succeeded() {
          try {
            await address.reward(fromKey);
            if (accountKey) await account[door].reward(accountKey);
            if (pairKey) await pair.delete(pairKey);
            if (pairKey) await streak.delete(pairKey);
          } catch (error) {
            // What was tried has been done: a count that stays too high must not make it look undone.
            given.log.warn({ err: error }, 'A success could not be taken off the count of attempts.');
          }
        },
      };
    },
  };
}

/** Counted in Redis when there is one, otherwise (and while it is away) in the table: shared by all processes either way. */
async function limiters(given: { database: Database; log: Log; redisUrl: string | undefined }) {
  const table = { storeClient: attemptStore(given.database), storeType: 'client', schemaName: 'users', tableName: 'attempt', tableCreated: true, clearExpiredByTimeout: false };
  const redis = given.redisUrl ? await openRedis(given.redisUrl, { maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: 500, connectTimeout: 1_000 }) : null;
  redis?.on('error', (error) => given.log.warn({ err: error }, 'Redis does not answer; attempts are counted in the database in the meantime.'));
  return {
    open(name: string, limit: Limit): RateLimiterAbstract {
      const keyed = { ...limit, keyPrefix: redis ? `atlas:attempt:${name}` : name };
      const kept = new RateLimiterPostgres({ ...keyed, ...table });
      return redis ? new RateLimiterRedis({ ...keyed, storeClient: redis, insuranceLimiter: kept }) : kept;
    },
    close: async () => void redis?.disconnect(),
  };
}

async function refusalOf(limiter: RateLimiterAbstract, key: string): Promise<RateLimiterRes | null> {
  try {
    await limiter.consume(key);
    return null;
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return refused;
    throw refused;
  }
}

const tooMany = (ms: number): AtlasError => new AtlasError('TOO_MANY_ATTEMPTS', undefined, { retryAfterSeconds: Math.max(1, Math.ceil(ms / 1_000)) });

/** Somebody with IPv6 has 2⁶⁴ addresses: they count as one. */
function bucketOf(address: string | null): string {
  if (!address || !ipaddr.isValid(address)) return 'nowhere';
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv6' ? parsed.toNormalizedString().split(':').slice(0, 4).join(':') : parsed.toString();
}
