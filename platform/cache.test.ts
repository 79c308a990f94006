import { describe, expect, it } from '@jest/globals';
import { memoryCache, redisCache } from './cache.ts';
import { cacheContract } from './cache.contract.ts';
import { startRedis } from '../test/kit/redis.ts';

cacheContract('in process', async () => memoryCache());

const redis = await startRedis();
if (redis) {
  cacheContract('Redis', async () => {
    const cache = await redisCache(redis.url, () => undefined);
    await cache.ready();
    return cache;
  });
  describe('a cache in Redis', () => {
    it('is shared by all who use it', async () => {
      const [one, other] = [await redisCache(redis.url, () => undefined), await redisCache(redis.url, () => undefined)];
      await Promise.all([one.ready(), other.ready()]);
      await one.set('test:shared', 'seen', 5_000);
      expect(await other.get('test:shared')).toBe('seen');
      await Promise.all([one.close(), other.close()]);
    });
  });
}

describe('a cache in process', () => {
  it('forgets the oldest when what it holds is more than it may be', async () => {
    const cache = memoryCache(100, 1_000);
    for (const name of ['a', 'b', 'c', 'd']) await cache.set(name, name.repeat(300), 10_000);
    expect([await cache.get('a'), (await cache.get('d'))?.length]).toEqual([null, 300]);
    await cache.set('e', 'e'.repeat(2_000), 10_000);
    expect(await cache.get('e')).toBeNull();
  });
});

describe('a cache whose Redis is away', () => {
  it('is empty, and neither waits nor fails', async () => {
    const troubles: unknown[] = [];
    const cache = await redisCache('redis://127.0.0.1:1', (error) => troubles.push(error));
    await cache.set('test:lost', 'x', 1_000);
    expect(await cache.get('test:lost')).toBeNull();
    expect(troubles.length).toBeGreaterThan(0);
    await cache.close();
  });
});
