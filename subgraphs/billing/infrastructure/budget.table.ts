import { EntitySchema } from '@mikro-orm/postgresql';
import { Budget } from '../domain/budget.ts';

export const BudgetTable = new EntitySchema<Budget>({
  class: Budget,
  tableName: 'budget',
  properties: {
    id: { type: 'string', primary: true },
    tenantId: { type: 'string' },
    period: { type: 'string' },
    unit: { type: 'string' },
    userId: { type: 'string', nullable: true },
    keyId: { type: 'string', nullable: true },
    collectionId: { type: 'string', nullable: true },
    amount: { type: 'string', columnType: 'numeric' },
    currency: { type: 'string', nullable: true },
    hard: { type: 'boolean' },
    createdAt: { type: 'Date', columnType: 'timestamptz(3)' },
    version: { type: 'integer', version: true },
  },
});
