import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { see, SELF, startConsuming, thing, thingHappened, type Consuming } from '../../test/kit/consuming.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { oldestEvent } from '../bus/retention.ts';
import { forgetHandled } from './forget-handled.ts';
import { consume } from './inbox.ts';

const DAYS = 7;
let at: Consuming;
beforeAll(async () => { at = await startConsuming(); });
afterAll(() => at?.stop());

const age = (table: string, days: number) => at.database.transaction(SELF, 'write', async (em) => void (await em.execute(`UPDATE ${table} SET at = at - make_interval(days => ?)`, [days], 'run')));
const inbox = () => at.database.transaction(SELF, 'read', async (em) => (await em.execute<unknown[]>('SELECT 1 FROM tenants.inbox')).length);
const forget = async () => forgetHandled(at.database, { oldestEvent: await oldestEvent(at.bus.pool), logDays: DAYS });

it('what was handled long ago is forgotten, but nothing that a rewind could hand over again', async () => {
  const consumer = consume(thingHappened, (event) => at.desk.work(SELF, ({ em }) => see(em, event)));
  at.listen(consumer);
  await at.tell([thing('old'), thing('older')]);
  await eventually('both to be handled', async () => (await at.seen()).length === 2);
  await at.quiet();
  await forget();
  expect(await inbox()).toBe(2); // young

  await asOwner(at, `GRANT UPDATE ON tenants.inbox TO atlas_tenants; UPDATE bus.event_log SET at = at - interval '100 days'`);
  await age('tenants.inbox', 99);
  await forget();
  expect(await inbox()).toBe(2); // old, and so is the log
  await at.bus.rewind('tenants:tenants.thing-happened', 'start');
  await at.quiet();
  expect((await at.seen()).map(({ times }) => times)).toEqual([1, 1]);

  await asOwner(at, 'DELETE FROM bus.event_log');
  expect(await forget()).toBe(false);
  expect(await inbox()).toBe(0);
});

async function asOwner({ at: { ownerUrl } }: Consuming, sql: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  // It is forced on the owner of the log too.
  await owner.query('ALTER TABLE bus.event_log DISABLE ROW LEVEL SECURITY').then(() => owner.query(sql)).finally(() => owner.query('ALTER TABLE bus.event_log ENABLE ROW LEVEL SECURITY'));
  await owner.end();
}
