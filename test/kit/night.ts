/** Nights of collections, come when a test wants one: what is done in them is asked for by the service's own schedule. */
import { databaseOpener, type Database, type OpenDatabase } from '../../platform/database/database.ts';
import type { Handler, Schedule } from '../../platform/jobs/jobs.ts';
import { openLog } from '../../platform/log.ts';
import type { Service } from '../../platform/service.ts';
import { inCollections } from './attachments.ts';
import { eventually } from './eventually.ts';
import type { Kit } from './services.ts';
import type { TestTenant } from './tenants.ts';

interface Purge { id: string; state: string; result: object }
export interface Night {
  comes(): Promise<void>;
  /** One night, to its end; what the jobs of a tenant have cleared in it. */
  clears(tenant: TestTenant): Promise<object[]>;
  purgesOf(tenant: TestTenant): Promise<Purge[]>;
  close(): Promise<void>;
}

/** The same service once more, aside, to get hold of what its night begins with. */
export async function nightOf(kit: Kit): Promise<Night> {
  const open = databaseOpener({ ...kit.database, poolMax: 2, statementMs: 10_000, log: openLog({ level: 'silent', pretty: false }) });
  let aside: Database | undefined;
  const openDatabase: OpenDatabase = async (wanted) => (aside = await open(wanted));
  const resources = kit.atlas.host.resourcesFor('collections');
  let schedule: Schedule | undefined;
  const { start } = (await import('../../subgraphs/collections/index.ts')) as { start(given: typeof resources): Promise<Service> };
  await start({ ...resources, openDatabase, events: { ...resources.events, listen: () => undefined, sweep: () => ({ nudge: () => undefined }) }, jobs: { ...resources.jobs, handle: (_handlers: readonly Handler[]) => undefined, schedule: (task) => { schedule = task; } } });
  if (schedule?.name !== 'collections.purge' || schedule.cron !== '17 2 * * *') throw new Error(`Collections is cleared at another time: ${schedule?.name} ${schedule?.cron}`);
  const { run } = schedule;
  const comes = () => run(new AbortController().signal);
  const purgesOf = (tenant: TestTenant) => inCollections(kit, tenant.id, async (sql) => (await sql.query<Purge>(`SELECT id, state, result FROM jobs.job WHERE kind = 'collections.purge-deleted' ORDER BY id`)).rows);
  return {
    comes, purgesOf,
    async clears(tenant) {
      const before = (await purgesOf(tenant)).length;
      await comes();
      const ended = await eventually('the end of the night', async () => { const all = await purgesOf(tenant); return all.every(({ state }) => state === 'SUCCEEDED') && all; });
      return ended.slice(before).map(({ result }) => result);
    },
    close: async () => aside?.close(),
  };
}
