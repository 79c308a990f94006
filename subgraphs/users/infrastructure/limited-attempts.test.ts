import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseOpener, type Database } from '../../../platform/database/database.ts';
import { openLog } from '../../../platform/log.ts';
import { secretFrom } from '../../../platform/secret.ts';
import { startRedis } from '../../../test/kit/redis.ts';
import { freePort } from '../../../test/kit/free-port.ts';
import { freshDatabase, type TestDatabase } from '../../../test/kit/databases.ts';
import { limitedAttempts, type LimitedAttempts } from './limited-attempts.ts';
import { migrations } from './migrations/index.ts';

const log = openLog({ level: 'silent', pretty: false, destination: { write: () => undefined } });
const redis = await startRedis();
let place: TestDatabase;
let database: Database;
beforeAll(async () => {
  place = await freshDatabase();
  database = await databaseOpener({ url: place.url, ownerUrl: place.ownerUrl, poolMax: 4, statementMs: 5_000, log })({ service: 'users', tables: [], migrations });
});
afterAll(async () => {
  await database.close();
  await place.drop();
});

const tooMany = (seconds: number) => expect.objectContaining({ code: 'TOO_MANY_ATTEMPTS', retryAfterSeconds: seconds });
let accounts = 0;

function contract(name: string, redisUrl: () => Promise<string | undefined>): void {
  describe(`attempts, counted in ${name}`, () => {
    let attempts: LimitedAttempts;
    let others: LimitedAttempts;
    const open = async () => limitedAttempts({ database, log, secret: secretFrom('x'.repeat(32)), redisUrl: await redisUrl() });
    beforeAll(async () => { [attempts, others] = [await open(), await open()]; await new Promise((resolve) => setTimeout(resolve, 200)); });
    afterAll(() => Promise.all([attempts.close(), others.close()]));
    const somebody = () => ({ account: `${(accounts += 1)}@example.org`, address: `198.51.100.${accounts}` });

    it('refuse the sixth, whichever process counted the five', async () => {
      const ann = somebody();
      for (let i = 0; i < 5; i += 1) await (i % 2 ? attempts : others).begin('sign-in', ann);
      await expect(attempts.begin('sign-in', ann)).rejects.toEqual(tooMany(900));
      await expect(others.begin('sign-in', ann)).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
      await attempts.begin('sign-in', { ...ann, address: '203.0.113.1' });
    });
    it('forget after a success', async () => {
      const ann = somebody();
      for (let i = 0; i < 12; i += 1) await (await attempts.begin('sign-in', ann)).succeeded();
    });
    it('refuse an address after fifty failures', async () => {
      const address = somebody().address;
      for (let i = 0; i < 50; i += 1) await attempts.begin('reset-request', { account: somebody().account, address });
      await expect(attempts.begin('reset-request', { account: somebody().account, address })).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
    });
  });
}

contract('the table', async () => undefined);
if (redis) contract('Redis', async () => redis.url);
contract('the table while Redis is away', async () => `redis://127.0.0.1:${await freePort()}`);
