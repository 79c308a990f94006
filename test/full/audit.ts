/**
 * R7 at length: every row of an audit trail changed, deleted, doubled and moved by whoever owns the database, and then
 * rewritten from every place on without the secret; each time the first row that is not right must be named. Before that,
 * how fast events come to stand in their trails. `npm run test:full audit [rows]`
 */
import start from '../database.ts';
import stop from '../database-stop.ts';
import { tampering, tellMany, WAYS, type Way } from '../kit/audit-trail.ts';
import { eventually } from '../kit/eventually.ts';
import { startServices, type Kit } from '../kit/services.ts';
import { dataOf, newTenant, type TestTenant } from '../kit/tenants.ts';

const ROWS = 1_000;
const TENANTS = 10;

interface Trail { verified: boolean; count: number; firstBroken: string | null }
const trailOf = async (kit: Kit, tenant: TestTenant): Promise<Trail> =>
  dataOf(await kit.ask('tenants', '{ tenant { auditTrail { verified count firstBroken } } }', {}, tenant.owner.viewer)).tenant.auditTrail;

export async function run([rows = String(ROWS)]: readonly string[]): Promise<void> {
  await start();
  const kit = await startServices(['tenants'], { env: { LOG_LEVEL: 'warn' } });
  try {
    await pace(kit, 'one tenant', 1, Number(rows));
    await pace(kit, `${TENANTS} tenants`, TENANTS, Number(rows));
    await tamper(kit, Number(rows));
  } finally {
    await kit.stop();
    await stop();
  }
}

async function pace(kit: Kit, name: string, tenants: number, rows: number): Promise<void> {
  const made = await Promise.all(Array.from({ length: tenants }, () => newTenant(kit)));
  await eventually('the beginnings', async () => (await Promise.all(made.map((tenant) => trailOf(kit, tenant)))).every(({ count }) => count === 2));
  const since = performance.now();
  await Promise.all(made.map((tenant) => tellMany(kit, tenant.id, rows / tenants)));
  const told = performance.now() - since;
  // How far the group has come is written now and then: asked of the bus, so that asking costs the trail nothing.
  await eventually('everything is handled', async () => {
    if ((await kit.atlas.bus.lag()).some(({ group, waiting }) => group === 'tenants:audit' && waiting > 0)) return false;
    return (await Promise.all(made.map((tenant) => trailOf(kit, tenant)))).every(({ count }) => count === rows / tenants + 2);
  }, 120_000);
  const seconds = (performance.now() - since) / 1_000;
  process.stdout.write(`${rows} events of ${name}: in their trails after ${seconds.toFixed(1)} s (telling them took ${(told / 1_000).toFixed(1)} s), ${Math.round(rows / seconds)} a second\n`);
}

async function tamper(kit: Kit, rows: number): Promise<void> {
  const tenant = await newTenant(kit);
  await tellMany(kit, tenant.id, rows - 2);
  await eventually('the trail holds everything', async () => (await trailOf(kit, tenant)).count === rows, 120_000);
  const attacker = await tampering(kit, tenant.id);
  try {
    for (const way of [...WAYS, 'truncate', 'forge'] as Way[]) {
      const missed: number[] = [];
      // To write a chain anew takes a statement for each row: from every tenth place on.
      for (let place = 1; place <= rows; place += way === 'forge' ? 10 : 1) {
        const first = await attacker.attempt(way, place);
        const { verified, firstBroken } = await trailOf(kit, tenant);
        if (verified || firstBroken !== first) missed.push(place);
        await attacker.undo();
      }
      process.stdout.write(`${way.padEnd(9)} ${way === 'forge' ? rows / 10 : rows} attempts, ${missed.length} not found or not named${missed.length > 0 ? `: places ${missed.slice(0, 20).join(', ')}` : ''}\n`);
      if (missed.length > 0) process.exitCode = 1;
    }
    const { verified } = await trailOf(kit, tenant);
    if (!verified) throw new Error('What was undone is not whole: the attempts prove nothing.');
  } finally {
    await attacker.close();
  }
}
