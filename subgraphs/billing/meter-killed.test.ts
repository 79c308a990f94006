/** R1 for the meter: its process is ended without warning, again and again, while events come in. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { decimal, sum, times } from '../../platform/decimal.ts';
import { newId } from '../../platform/ids.ts';
import { systemViewer } from '../../platform/viewer.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { startServices } from '../../test/kit/services.ts';
import { done, newTenant } from '../../test/kit/tenants.ts';
import { keptOf, knownToBilling, line, METER_GROUP, tellUsage, usageEvent } from '../../test/kit/usage.ts';

const ENV = { ATLAS_SECRET: 'x'.repeat(32) };
const ROOT = new URL('../../', import.meta.url);
const EVENTS = 600;
const KILLS = 3;
const SET = 'mutation($input: SetBudgetInput!) { setBudget(input: $input) { budget { id } userErrors { message } } }';
const LEASE = 'mutation($input: LeaseBudgetsInput!) { leaseBudgets(input: $input) { leases { granted } userErrors { code } } }';

const ends: (() => unknown)[] = [];
afterAll(async () => { for (const end of ends.reverse()) await end(); });

it(`a meter that is killed ${KILLS} times while ${EVENTS} events come in counts, books and charges each of them once`, async () => {
  const kit = await startServices(['tenants', 'billing'], { env: ENV });
  ends.push(() => kit.database.drop());
  const { url } = kit.database;
  const tenant = await newTenant(kit);
  await knownToBilling(kit, tenant.id);
  done(await kit.ask('billing', SET, { input: { period: 'MONTH', points: '100000', hard: true } }, tenant.owner.viewer));
  const wants = [{ unit: 'POINTS', amount: '1000', atLeast: '1' }];
  done(await kit.ask('billing', LEASE, { input: { tenantId: tenant.id, holder: 'gateway-1', wants } }, systemViewer('gateway')));
  await kit.atlas.stop();

  const people = [newId('usr'), newId('usr'), newId('usr')];
  const events = Array.from({ length: EVENTS }, (_, n) => usageEvent(tenant.id, [
    line('api.points', `${n % 7}.${(n % 9) + 1}`, { userId: people[n % 3]!, holder: n % 2 ? 'gateway-1' : 'gateway-2' }), line('ai.output-tokens', 11 + n, { userId: people[n % 3]! }),
  ]));
  const counted = () => countedIn(url, tenant.id);
  let process1 = meterOf(kit.database);
  for (let part = 0; part < KILLS; part += 1) {
    const before = await counted();
    await tellUsage(url, events.slice((part * EVENTS) / KILLS, ((part + 1) * EVENTS) / KILLS));
    await eventually('some of them to be counted', async () => (await counted()) > before, 90_000);
    process1.kill('SIGKILL');
    process1 = meterOf(kit.database);
  }
  await eventually('all of them to be counted', async () => (await counted()) === EVENTS * 2, 120_000);

  const points = sum(...events.map(({ usage }) => usage![0]!.quantity));
  const tokens = sum(...events.map(({ usage }) => usage![1]!.quantity));
  const kept = await keptOf(url, tenant.id);
  const quantityOf = (rows: object[], metric: string) => sum(...(rows as { metric: string; quantity: string }[]).filter((row) => row.metric === metric).map(({ quantity }) => decimal(quantity)));
  for (const rows of [kept.raw, kept.hour, kept.day]) expect([quantityOf(rows, 'api.points'), quantityOf(rows, 'ai.output-tokens')]).toEqual([points, tokens]);
  expect(kept.booked).toBe(sum(times(points, decimal('0.000001')), times(tokens, decimal('0.0000024'))));
  // All that gateway-1 had reserved was used: nothing of it counts twice.
  expect(kept.spent).toEqual([expect.objectContaining({ spent: points, leased: '0' })]);
  await eventually('the process to have nothing left', async () => (await waitingFor(kit.database)) === 0, 90_000);
}, 400_000);

function meterOf({ url, ownerUrl }: { url: string; ownerUrl: string }): ChildProcess {
  const data = mkdtempSync(join(tmpdir(), 'atlas-test-'));
  const child = spawn(process.execPath, ['platform/start.mjs', 'billing'], { cwd: ROOT, stdio: 'ignore', env: { ...process.env, ...ENV, NODE_OPTIONS: '', DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl, ATLAS_DATA: data, BILLING_PORT: '0' } });
  const gone = new Promise((resolve) => { child.once('exit', resolve); });
  ends.push(async () => { child.kill('SIGKILL'); await gone; rmSync(data, { recursive: true, force: true }); });
  return child;
}

async function asBilling<T>(url: string, tenantId: string, body: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`BEGIN; SET LOCAL ROLE atlas_billing; SET LOCAL app.tenant_id = '${tenantId}'`);
    return await body(client);
  } finally {
    await client.end();
  }
}
const countedIn = (url: string, tenantId: string): Promise<number> => asBilling(url, tenantId, async (client) =>
  Number((await client.query<{ count: string }>(`SELECT count(*) FROM billing.usage_event WHERE metric IN ('api.points', 'ai.output-tokens')`)).rows[0]!.count));
/** What no meter has handled yet: of every event of the log there is a mark or it counts for nothing. */
/** What the log has for the meter still. */
async function waitingFor({ url, ownerUrl }: { url: string; ownerUrl: string }): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['platform/start.mjs', 'events', 'lag'], { cwd: ROOT, env: { ...process.env, ...ENV, NODE_OPTIONS: '', DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl } });
  return Number(new RegExp(`^ *${METER_GROUP} {2,}(\\d+)`, 'm').exec(stdout)?.[1]);
}
