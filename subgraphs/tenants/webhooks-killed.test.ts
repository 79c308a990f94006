import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../../test/kit/eventually.ts';
import { answering, openReceiver, verifies } from '../../test/kit/receiver.ts';
import { startServices } from '../../test/kit/services.ts';
import { done, newTenant } from '../../test/kit/tenants.ts';

const ENV = { ATLAS_SECRET: 'x'.repeat(32), WEBHOOKS_PRIVATE: 'on', WEBHOOKS_HTTP: 'on', WEBHOOKS_TIMEOUT_MS: '3000', WEBHOOKS_RETRY_SECONDS: '2,2,2' };
const ROOT = new URL('../../', import.meta.url);
const CREATE = 'mutation($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } secret userErrors { code } } }';
const HAPPEN = 'mutation { setFeature(input: { name: "beta", enabled: true }) { userErrors { code } } }';

const ends: (() => unknown)[] = [];
afterAll(async () => { for (const end of ends.reverse()) await end(); });

it('a sender that is killed in the middle of a delivery: another sends it again, under the same webhook-id', async () => {
  const kit = await startServices(['tenants'], { env: ENV });
  ends.push(() => kit.database.drop());
  const to = await openReceiver(answering(503));
  ends.push(() => to.close());
  const tenant = await newTenant(kit);
  const { secret } = done(await kit.ask('tenants', CREATE, { input: { url: to.url, eventTypes: ['tenants.feature-set'] } }, tenant.owner.viewer));
  done(await kit.ask('tenants', HAPPEN, {}, tenant.owner.viewer));
  await eventually('a first attempt', () => to.arrived.length === 1);
  await kit.atlas.stop(); // what is left to do is in the database alone

  to.reply = () => undefined;
  const process1 = sender(kit.database);
  await eventually('an attempt by the first process', () => to.arrived.length === 2, 60_000);
  process1.kill('SIGKILL');

  to.reply = answering(200);
  sender(kit.database);
  await eventually('the delivery, taken', () => delivered(kit.database.url, tenant.id), 60_000);
  expect(to.arrived).toHaveLength(3);
  expect(new Set(to.arrived.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(to.arrived.every((arrived) => verifies(secret, arrived))).toBe(true);
}, 150_000);

function sender({ url, ownerUrl }: { url: string; ownerUrl: string }): ChildProcess {
  const data = mkdtempSync(join(tmpdir(), 'atlas-test-'));
  const child = spawn(process.execPath, ['platform/start.mjs', 'tenants'], { cwd: ROOT, stdio: 'ignore', env: { ...process.env, ...ENV, NODE_OPTIONS: '', DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl, ATLAS_DATA: data, TENANTS_PORT: '0' } });
  const gone = new Promise((resolve) => { child.once('exit', resolve); });
  ends.push(async () => { child.kill('SIGKILL'); await gone; rmSync(data, { recursive: true, force: true }); });
  return child;
}

async function delivered(url: string, tenantId: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`BEGIN; SET LOCAL ROLE atlas_tenants; SET LOCAL app.tenant_id = '${tenantId}'`);
  const { rows } = await client.query<{ state: string }>('SELECT state FROM tenants.webhook_delivery');
  await client.end();
  return rows[0]?.state === 'DELIVERED';
}
