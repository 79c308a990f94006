import type { Database, Scope } from '../../../platform/database/database.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { CustomerBook } from './stripe/customers.ts';

const within = (tenantId: TenantId): Scope => ({ kind: 'system', id: 'system:billing', userId: null, tenantId });

export const postgresCustomerBook = (database: Database): CustomerBook => {
  const find = (tenantId: TenantId) => database.transaction(within(tenantId), 'read', async (em) => {
    const [row] = await em.execute<{ customer: string }[]>('SELECT customer FROM billing.provider_customer WHERE tenant_id = ?', [tenantId], 'all');
    return row?.customer ?? null;
  });
  return {
    find,
    async keep(tenantId, customer) {
      await database.transaction(within(tenantId), 'write', (em) =>
        em.execute('INSERT INTO billing.provider_customer (tenant_id, customer) VALUES (?, ?) ON CONFLICT DO NOTHING', [tenantId, customer], 'run'));
      return (await find(tenantId)) ?? customer;
    },
  };
};
