/** Something that a service tells, and that no field of its graph makes happen yet or as quickly: through its outbox, as it would itself. */
import { Aggregate } from '../../platform/aggregate.ts';
import { databaseOpener } from '../../platform/database/database.ts';
import type { Fact } from '../../platform/event.ts';
import type { TenantId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import type { SubgraphName } from '../../platform/names.ts';
import { deskOver } from '../../platform/work.ts';
import type { Kit } from './services.ts';

class Told extends Aggregate {
  override version = 1;
  constructor(readonly id: string, fact: Fact) {
    super();
    this.record(fact);
  }
}

export async function tellOutside({ atlas, database: at }: Kit, service: SubgraphName, { fact, subject, tenant }: { fact: Fact; subject: string; tenant: TenantId }): Promise<void> {
  const log = openLog({ level: 'silent', pretty: false });
  const database = await databaseOpener({ ...at, poolMax: 1, statementMs: 10_000, log })({ service, tables: [], migrations: [] });
  const { work } = deskOver(database, { ports: (_em, witness) => ({ witness }), told: () => atlas.bus.told(service) });
  await work({ kind: 'system', id: `system:${service}`, userId: null, tenantId: tenant }, async ({ witness }) => witness(new Told(subject, fact)));
  await database.close();
}
