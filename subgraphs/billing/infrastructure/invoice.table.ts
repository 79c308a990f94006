import { EntitySchema } from '@mikro-orm/postgresql';
import { Invoice } from '../domain/invoice.ts';

const at = { type: 'Date', columnType: 'timestamptz(3)' } as const;
const exact = { type: 'string', columnType: 'numeric' } as const;

export const InvoiceTable = new EntitySchema<Invoice>({
  class: Invoice,
  tableName: 'invoice',
  properties: {
    id: { type: 'string', primary: true },
    tenantId: { type: 'string' },
    number: { type: 'string' },
    state: { type: 'string' },
    plan: { type: 'string' },
    periodFrom: at,
    periodTo: at,
    currency: { type: 'string' },
    lines: { type: 'json' },
    total: exact,
    credited: exact,
    due: exact,
    closedAt: at,
    settledAt: { ...at, nullable: true },
    version: { type: 'integer', version: true },
  },
});
