/** What may be forgotten at any time: a value by key, for a while. Never the only place where a fact is kept. */
import { LRUCache } from 'lru-cache';
import { openRedis } from './redis.ts';

export interface Cache {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Resolves once it is within reach, at most a second later: a start need not wait for it. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Held to a size as well as to a number: some keep documents of clients in it. */
export function memoryCache(entriesMax = 50_000, charactersMax = 64_000_000): Cache {
  const entries = new LRUCache<string, string>({ max: entriesMax, maxSize: charactersMax, sizeCalculation: (value, key) => key.length + value.length + 1 });
  return {
    get: async (key) => entries.get(key) ?? null,
    set: async (key, value, ttlMs) => void entries.set(key, value, { ttl: ttlMs }),
    delete: async (key) => void entries.delete(key),
    ready: async () => undefined,
    close: async () => entries.clear(),
  };
}

const READY_MS = 1_000;

/** Shared by all processes. A Redis that is away is a cache that is empty: nothing waits for it, nothing fails. */
export async function redisCache(url: string, onTrouble: (error: unknown) => void): Promise<Cache> {
  const redis = await openRedis(url, { maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: 250, connectTimeout: 1_000, keyPrefix: 'atlas:' });
  redis.on('error', onTrouble);
  const orElse = <T>(asked: Promise<T>, otherwise: T): Promise<T> => asked.catch((error: unknown) => (onTrouble(error), otherwise));
  return {
    get: (key) => orElse(redis.get(key), null),
    set: async (key, value, ttlMs) => void (await orElse(redis.set(key, value, 'PX', Math.max(1, Math.round(ttlMs))), null)),
    delete: async (key) => void (await orElse(redis.del(key), 0)),
    ready: () => redis.status === 'ready' ? Promise.resolve() : new Promise((resolve) => {
      const timer = setTimeout(resolve, READY_MS);
      redis.once('ready', () => { clearTimeout(timer); resolve(); });
    }),
    close: async () => void redis.disconnect(),
  };
}
