/** What every cache promises, tried on each adapter. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cache } from './cache.ts';

export function cacheContract(name: string, open: () => Promise<Cache>): void {
  describe(`the cache: ${name}`, () => {
    let cache: Cache;
    const key = () => `test:${randomUUID()}`;
    beforeEach(async () => { cache = await open(); });
    afterEach(() => cache.close());

    it('gives back what was set, until it is deleted', async () => {
      const at = key();
      expect(await cache.get(at)).toBeNull();
      await cache.set(at, 'a value with ünïcode and "quotes"', 10_000);
      expect(await cache.get(at)).toBe('a value with ünïcode and "quotes"');
      await cache.set(at, 'another', 10_000);
      expect(await cache.get(at)).toBe('another');
      await cache.delete(at);
      expect(await cache.get(at)).toBeNull();
    });

    it('forgets when the time is over, and not before', async () => {
      const at = key();
      await cache.set(at, 'soon gone', 300);
      expect(await cache.get(at)).toBe('soon gone');
      await sleep(450);
      expect(await cache.get(at)).toBeNull();
    });

    it('keeps keys apart', async () => {
      const [one, other] = [key(), key()];
      await cache.set(one, '1', 10_000);
      await cache.set(other, '2', 10_000);
      await cache.delete(one);
      expect([await cache.get(one), await cache.get(other)]).toEqual([null, '2']);
    });
  });
}
