import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../../platform/database/database.ts';
import { PLAN_KEYS, type Plan, type PlanKey } from '../domain/plan.ts';
import type { Plans } from '../domain/ports.ts';

type Row = { key: PlanKey; version: number; terms: Omit<Plan, 'key' | 'version'> };
const planOf = ({ key, version, terms }: Row): Plan => ({ key, version, ...terms });

/** `known`: rows never change, so one that was read once is read no more. */
export class PostgresPlans implements Plans {
  constructor(private readonly em: EntityManager, private readonly known: Map<string, Plan>) {}

  async of(key: PlanKey, version: number): Promise<Plan> {
    const known = this.known.get(`${key} ${version}`);
    if (known) return known;
    const [row] = await this.em.execute<Row[]>('SELECT key, version, terms FROM billing.plan WHERE key = ? AND version = ?', [key, version], 'all');
    if (!row) throw new Error(`There is no plan ${key} of version ${version}.`);
    const plan = planOf(row);
    this.known.set(`${key} ${version}`, plan);
    return plan;
  }

  async onSale(): Promise<Plan[]> {
    const rows = await this.em.execute<Row[]>('SELECT DISTINCT ON (key) key, version, terms FROM billing.plan ORDER BY key, version DESC', [], 'all');
    return rows.map(planOf).sort((a, b) => PLAN_KEYS.indexOf(a.key) - PLAN_KEYS.indexOf(b.key));
  }
}

/** Adds what the catalog has and the table has not; stops the start when a version says something else than it was sold as. */
export const sellPlans = (database: Database, catalog: readonly Plan[]): Promise<void> =>
  database.transaction({ kind: 'system', id: 'system:billing', userId: null, tenantId: null }, 'write', async (em) => {
    for (const { key, version, ...terms } of catalog) {
      await em.execute('INSERT INTO billing.plan (key, version, terms) VALUES (?, ?, ?::jsonb) ON CONFLICT DO NOTHING', [key, version, JSON.stringify(terms)], 'run');
      const [{ same }] = await em.execute<[{ same: boolean }]>('SELECT terms = ?::jsonb AS same FROM billing.plan WHERE key = ? AND version = ?', [JSON.stringify(terms), key, version], 'all');
      if (!same) throw new Error(`The plan ${key} was sold as version ${version} with other terms: give it the next version in subgraphs/billing/domain/catalog.ts.`);
    }
  });
