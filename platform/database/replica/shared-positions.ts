/**
 * Positions that all processes share, in Redis. Whoever cannot ask is told UNKNOWN, and so is everybody for a while after
 * Redis was away: it may have come back empty, and others could not say in the meantime what they had written.
 */
import { openRedis } from '../../redis.ts';
import { UNKNOWN } from './positions.ts';

export interface SharedPositions {
  read(principal: string): Promise<number>;
  /** Never lowers one. Does not fail: a change has been made, whoever hears of it. */
  raise(principals: readonly string[], position: number): Promise<void>;
  close(): Promise<void>;
}

const READY_MS = 1_000;
const RAISE = `
  local known = tonumber(redis.call('GET', KEYS[1]) or '0')
  if tonumber(ARGV[1]) > known then redis.call('SET', KEYS[1], ARGV[1]) end
  redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

export async function sharedPositions(url: string, given: { keepMs: number; onTrouble: (error: unknown) => void }): Promise<SharedPositions> {
  const { keepMs, onTrouble } = given;
  let isClosing = false;
  let doubtedUntilMs = 0;
  const doubt = (error: unknown): void => {
    if (isClosing) return;
    doubtedUntilMs = performance.now() + keepMs;
    onTrouble(error);
  };
  const redis = await openRedis(url, { maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: 250, connectTimeout: 1_000, keyPrefix: 'atlas:written:' });
  redis.on('error', doubt);
  redis.on('close', () => doubt(new Error('The connection to Redis was lost.')));
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, READY_MS);
    redis.once('ready', () => { clearTimeout(timer); resolve(); });
  });

  return {
    async read(principal) {
      if (doubtedUntilMs > performance.now()) return UNKNOWN;
      try {
        return Number(await redis.get(principal) ?? 0);
      } catch (error) {
        doubt(error);
        return UNKNOWN;
      }
    },
    async raise(principals, position) {
      try {
        await Promise.all(principals.map((principal) => redis.eval(RAISE, 1, principal, String(position), String(keepMs))));
      } catch (error) {
        doubt(error);
      }
    },
    async close() {
      isClosing = true;
      redis.disconnect();
    },
  };
}
