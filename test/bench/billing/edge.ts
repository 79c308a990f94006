/** What billing adds to an operation at the edge: the draw on a budget and the line of usage, in process; and how much use can be told. */
import { openBudgets } from '../../../gateway/billing/budgets.ts';
import { Tab } from '../../../gateway/billing/tab.ts';
import { tariffOf } from '../../../platform/billing/tariff.ts';
import { openUsage } from '../../../gateway/billing/usage.ts';
import { outbox, usageOfAll } from '../../../gateway/outbox.ts';
import { databaseOpener } from '../../../platform/database/database.ts';
import { decimal } from '../../../platform/decimal.ts';
import type { EmbeddedPostgres } from '../../../platform/embedded/postgres.ts';
import { newId } from '../../../platform/ids.ts';
import { openLog } from '../../../platform/log.ts';
import { fakeBilling, fakeOutbox, fakeTail, PRICES } from '../../kit/fake-billing.ts';
import { digits, table } from '../table.ts';

const OPERATIONS = 200_000;
const CHANGES = 5_000;
const CHANGES_AT_ONCE = 50;
const silent = openLog({ level: 'silent', pretty: false });
const tariff = tariffOf({ plan: 'TEAM', planVersion: 1, currency: 'EUR', limits: {}, prices: PRICES });
const part = (sorted: Float64Array, share: number): string => digits(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]! * 1_000, 1);

/** Of each operation: drawn, recorded, priced and settled, while the use is written beside it. */
async function checked(name: string, limits: readonly ('POINTS' | 'MONEY')[]): Promise<string[]> {
  const billing = fakeBilling();
  for (const unit of limits) billing.add({ unit, limit: decimal(1_000_000_000) });
  const kept = fakeOutbox();
  const usage = openUsage({ database: kept.database, told: () => undefined, log: silent });
  const budgets = openBudgets({ billing, holder: usage.holder, tail: fakeTail().tail as never, log: silent });
  const spender = { tenantId: newId('tnt'), userId: newId('usr'), keyId: null };
  const till = { usage, budgets };
  const took = new Float64Array(OPERATIONS);
  let waited = 0;
  for (let n = -5_000; n < OPERATIONS; n += 1) {
    const points = 1 + (n & 31);
    const since = performance.now();
    const drawn = budgets.draw(spender, points, tariff);
    if (drawn instanceof Promise) waited += 1;
    const tab = new Tab(till, spender, tariff, drawn instanceof Promise ? await drawn : drawn, points);
    tab.add(Math.max(1, points >> 1), undefined);
    tab.settle();
    void tab.billed;
    if (n >= 0) took[n] = performance.now() - since;
    if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all([usage.stop(), budgets.stop()]);
  took.sort();
  return [name, part(took, 0.5), part(took, 0.99), part(took, 0.999), part(took, 1), String(waited), String(billing.asked)];
}

/** What a change waits for: its line of usage on disk, with those of everybody who changes something at the same moment. */
async function kept(postgres: EmbeddedPostgres): Promise<string> {
  const database = await databaseOpener({ url: postgres.url, ownerUrl: postgres.ownerUrl, poolMax: 6, statementMs: 10_000, log: silent })({ service: 'gateway', tables: [], migrations: [outbox, usageOfAll] });
  const usage = openUsage({ database, told: () => undefined, log: silent });
  const spenders = Array.from({ length: 200 }, () => ({ tenantId: newId('tnt'), userId: newId('usr'), keyId: null }));
  const took = new Float64Array(CHANGES);
  let begun = 0;
  const since = performance.now();
  await Promise.all(Array.from({ length: CHANGES_AT_ONCE }, async () => {
    for (let n = begun++; n < CHANGES; n = begun++) {
      const at = performance.now();
      usage.add(spenders[n % spenders.length]!, { points: 11, operations: 1 }, tariff);
      await usage.kept();
      took[n] = performance.now() - at;
    }
  }));
  const seconds = (performance.now() - since) / 1_000;
  const sinceMany = performance.now();
  for (let n = 0; n < 1_000_000; n += 1) usage.add(spenders[n % spenders.length]!, { points: 3, operations: 1 }, tariff);
  const inMemory = performance.now() - sinceMany;
  await usage.stop();
  await database.close();
  took.sort();
  return `${CHANGES_AT_ONCE} changes at a time, of 200 tenants: ${Math.round(CHANGES / seconds)} a second are on disk before they are answered, after ${digits(took[CHANGES >> 1]!, 1)} ms (p50) and ${digits(took[Math.floor(CHANGES * 0.99)]!, 1)} ms (p99). Of questions a million a ${digits(inMemory / 1_000)} s are added up.`;
}

export async function edge(postgres: EmbeddedPostgres): Promise<string> {
  const rows = [await checked('no budget', []), await checked('a budget in points', ['POINTS']), await checked('one in points and one in money', ['POINTS', 'MONEY'])];
  return `What billing adds to an operation in the gateway, in microseconds: ${OPERATIONS} operations, one after the other.\n\n${table(['under', 'p50 µs', 'p99 µs', 'p99.9 µs', 'longest µs', 'that waited', 'blocks asked for'], rows)}\n\n${await kept(postgres)}`;
}
