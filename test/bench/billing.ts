/**
 * `npm run bench billing`: what the usage of a tenant with ten million events behind it takes to be summed up, how many events
 * the meter counts a second, and what it costs to reserve of a budget. One process, an embedded server of its own.
 * Options: `--events 10000000`, `--told 3000`, `--keep` to leave the docs alone.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { startAtlas, type Atlas } from '../../atlas.ts';
import { readSettings } from '../../platform/config.ts';
import { adminLogin } from '../../platform/embedded/postgres-cluster.ts';
import { embeddedPostgres } from '../../platform/embedded/postgres.ts';
import type { Envelope } from '../../platform/event.ts';
import { newId, type TenantId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import { systemViewer, userViewer, type Viewer } from '../../platform/viewer.ts';
import { eventually } from '../kit/eventually.ts';
import { line, METER_GROUP, tellUsage, usageEvent } from '../kit/usage.ts';
import { fillUsage, rawDayMs } from './billing/usage-world.ts';
import { digits, machine, publish, table } from './table.ts';

const ROUNDS = 200;
const DAY_MS = 86_400_000;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { events: { type: 'string', default: '10000000' }, told: { type: 'string', default: '3000' }, keep: { type: 'boolean', default: false } } });
  const at = await open();
  try {
    const parts = [await asked(at, Number(values.events)), await counted(at, Number(values.told)), await leased(at)];
    const text = `${machine()}. One process of tenants and billing.\n\n${parts.join('\n\n')}`;
    if (values.keep) process.stdout.write(`\n${text}\n`);
    else publish('billing', text);
  } finally {
    await at.stop();
  }
}

interface Stand { atlas: Atlas; url: string; adminUrl: string; newTenant(): Promise<TenantId>; ask(document: string, variables: object, viewer: Viewer): Promise<Record<string, unknown>>; stop(): Promise<void> }

async function open(): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-bench-'));
  const postgres = await embeddedPostgres({ folder: join(folder, 'postgres') });
  const passwords = JSON.parse(readFileSync(join(dirname(postgres.dataFolder), 'passwords.json'), 'utf8')) as { admin: string };
  const settings = readSettings({ DATABASE_URL: postgres.url, DATABASE_OWNER_URL: postgres.ownerUrl, ATLAS_DATA: join(folder, 'data'), LOG_LEVEL: 'error', TENANTS_PORT: '0', BILLING_PORT: '0', PORT: '0' });
  const atlas = await startAtlas({ names: ['tenants', 'billing'], settings, log: openLog({ level: 'error', pretty: false }) });
  const put = async (service: 'tenants' | 'billing', document: string, variables: object, viewer: Viewer) => {
    const { data, errors } = await atlas.services.get(service)!.graph.answer({ document, variables: variables as Record<string, unknown>, viewer });
    if (errors) throw new Error(JSON.stringify(errors));
    return data as Record<string, any>;
  };
  return {
    atlas, url: postgres.url, adminUrl: Object.assign(new URL(postgres.url), { username: adminLogin, password: passwords.admin }).href,
    async newTenant() {
      const founder = userViewer({ userId: newId('usr'), sessionId: null, tenantId: null, role: null });
      const { createTenant } = await put('tenants', 'mutation { createTenant(input: { name: "Bench" }) { tenant { id } } }', {}, founder);
      const { id } = (createTenant as { tenant: { id: TenantId } }).tenant;
      await eventually('billing to know it', async () => ((await put('billing', 'query($id: ID!) { entitlements(tenantId: $id) { version } }', { id }, systemViewer('gateway'))).entitlements as { version: number }).version > 0);
      return id;
    },
    ask: (document, variables, viewer) => put('billing', document, variables, viewer),
    async stop() {
      await atlas.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const ownerOf = (tenantId: TenantId): Viewer => userViewer({ userId: newId('usr'), sessionId: null, tenantId, role: 'OWNER' });
const parted = (took: readonly number[]) => { const sorted = took.toSorted((a, b) => a - b); return (part: number) => digits(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!); };
async function timed(rounds: number, body: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < rounds; n += 1) { const since = performance.now(); await body(); took.push(performance.now() - since); }
  return took;
}

const USAGE = `query($r: [_Any!]!, $from: DateTime, $to: DateTime, $granularity: Granularity, $by: [UsageDimension!]) { _entities(representations: $r) { ... on Tenant { usage(from: $from, to: $to, granularity: $granularity, by: $by) {
  total { metric dimension quantity amount { amount currency } latencyMsP50 } series { from lines { metric dimension quantity amount { amount currency } } } } } } }`;

async function asked(at: Stand, events: number): Promise<string> {
  const tenant = await at.newTenant();
  say(`${events} events are put in; that takes some minutes.`);
  const world = await fillUsage(at.adminUrl, tenant, events, say);
  say(`The lines took ${digits(world.took.copyMs / 1_000, 0)} s, the sums ${digits(world.took.sumMs / 1_000, 0)} s.`);
  const viewer = ownerOf(tenant);
  const day = world.days[3]!;
  const of = (what: object) => () => at.ask(USAGE, { r: [{ __typename: 'Tenant', id: tenant, viewerRole: 'OWNER' }], from: day.toISOString(), to: new Date(day.getTime() + DAY_MS).toISOString(), granularity: 'DAY', ...what }, viewer);
  const month = { from: world.days.at(-1)!.toISOString(), to: new Date(world.days[0]!.getTime() + DAY_MS).toISOString() };
  const rows: (string | number)[][] = [];
  for (const [what, question] of [['a day', {}], ['a day, by person', { by: ['USER'] }], ['a day, hour by hour', { granularity: 'HOUR' }], ['30 days, day by day', month]] as const) {
    await timed(10, of(question));
    const part = parted(await timed(ROUNDS, of(question)));
    rows.push([what, part(0.5), part(0.95), part(0.99)]);
  }
  const raw = await rawDayMs(at.adminUrl, tenant, day);
  return `\`Tenant.usage\` of a tenant with ${events.toLocaleString('en')} events in 30 days (${world.rows.hour.toLocaleString('en')} rows of hours, ${world.rows.day.toLocaleString('en')} of days), ${ROUNDS} times each; goal for a day ≤ 50 ms. The same day summed up from the lines themselves: ${digits(raw, 0)} ms.\n\n${table(['asked for', 'p50 ms', 'p95 ms', 'p99 ms'], rows)}`;
}

async function counted(at: Stand, told: number): Promise<string> {
  const rows: (string | number)[][] = [];
  const one = await at.newTenant();
  const many = await Promise.all(Array.from({ length: 20 }, () => at.newTenant()));
  const held = await at.newTenant();
  for (let n = 0; n < 5; n += 1) await at.ask('mutation($input: SetBudgetInput!) { setBudget(input: $input) { userErrors { message } } }', { input: { period: 'MONTH', points: String(10 ** 12 + n), hard: true, ...(n > 0 && { userId: newId('usr') }) } }, ownerOf(held));
  const people = Array.from({ length: 50 }, () => newId('usr'));
  const lineOf = (n: number) => line('api.points', 1 + (n % 90), { userId: people[n % 50]!, holder: 'bench' });
  const lines = (n: number, count: number) => Array.from({ length: count }, (_, at2) => lineOf(n + at2));
  const kinds: [string, number, (n: number) => Envelope][] = [
    ['one tenant, a line each', 1, (n) => usageEvent(one, lines(n, 1))], ['20 tenants, a line each', 1, (n) => usageEvent(many[n % 20]!, lines(n, 1))],
    ['one tenant with 5 budgets, a line each', 1, (n) => usageEvent(held, lines(n, 1))], ['20 tenants, 50 lines each', 50, (n) => usageEvent(many[n % 20]!, lines(n, 50))],
  ];
  for (const [what, each, make] of kinds) {
    const events = Array.from({ length: each === 1 ? told : Math.ceil(told / 5) }, (_, n) => make(n));
    await tellUsage(at.url, events);
    const since = performance.now();
    at.atlas.bus.told('tenants');
    await eventually('the log to have them', async () => (await waiting(at)) > 0, 60_000);
    await eventually('all to be counted', async () => (await waiting(at)) === 0, 600_000);
    const perSecond = events.length / ((performance.now() - since) / 1_000);
    rows.push([what, digits(perSecond, 0), digits(perSecond * each, 0)]);
  }
  return `Counted, booked and charged, from the outbox to the last commit; one event is one transaction, three at once.\n\n${table(['events', 'events/s', 'lines/s'], rows)}`;
}
const waiting = async ({ atlas }: Stand): Promise<number> => (await atlas.bus.lag()).find(({ group }) => group === METER_GROUP)?.waiting ?? 0;

const LEASE = 'mutation($input: LeaseBudgetsInput!) { leaseBudgets(input: $input) { leases { granted } refusal { remaining } userErrors { message } } }';
async function leased(at: Stand): Promise<string> {
  const rows: (string | number)[][] = [];
  for (const holders of [1, 4, 20]) {
    const tenant = await at.newTenant();
    await at.ask('mutation($input: SetBudgetInput!) { setBudget(input: $input) { userErrors { message } } }', { input: { period: 'MONTH', points: '900000000000', hard: true } }, ownerOf(tenant));
    const since = performance.now();
    const took = (await Promise.all(Array.from({ length: holders }, (_, n) => timed(Math.ceil(600 / holders), () =>
      at.ask(LEASE, { input: { tenantId: tenant, holder: `bench-${n}`, wants: [{ unit: 'POINTS', amount: '1000', atLeast: '1' }] } }, systemViewer('gateway')))))).flat();
    const part = parted(took);
    rows.push([holders, part(0.5), part(0.99), digits(took.length / ((performance.now() - since) / 1_000), 0)]);
  }
  return `A block of one hard budget reserved (\`leaseBudgets\`), by so many holders at once.\n\n${table(['holders', 'p50 ms', 'p99 ms', 'leases/s'], rows)}`;
}
