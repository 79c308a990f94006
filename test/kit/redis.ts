/**
 * A real Redis: the one at REDIS_TEST_URL, else a server of our own when the machine has one. Where neither is, a suite
 * says so; ATLAS_TEST_REAL insists.
 */
import { afterAll } from '@jest/globals';
import { launchRedis, whyNoRedis } from './redis-server.ts';

/** For one suite: it ends with it. */
export async function startRedis(): Promise<{ url: string } | null> {
  const { REDIS_TEST_URL, ATLAS_TEST_REAL } = process.env;
  if (REDIS_TEST_URL) return { url: REDIS_TEST_URL };
  const why = whyNoRedis();
  if (why) {
    if (ATLAS_TEST_REAL) throw new Error(`There is no Redis: ${why}. Install it, or set REDIS_TEST_URL.`);
    process.stderr.write('No redis-server here and no REDIS_TEST_URL: the contract is not tried on Redis.\n');
    return null;
  }
  const server = await launchRedis();
  afterAll(() => server.stop());
  return server;
}
