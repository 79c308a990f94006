/** The client of Redis, loaded where there is one to speak to: a process without is up the sooner for it. */
import type { Redis, RedisOptions } from 'ioredis';

export async function openRedis(url: string, options: RedisOptions): Promise<Redis> {
  const { Redis: Client } = await import('ioredis');
  return new Client(url, options);
}
