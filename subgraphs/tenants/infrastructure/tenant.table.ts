import { ArrayType, EntitySchema } from '@mikro-orm/postgresql';
import { Tenant } from '../domain/tenant.ts';

export const TenantTable = new EntitySchema<Tenant>({
  class: Tenant,
  tableName: 'tenant',
  properties: {
    id: { type: 'string', primary: true },
    slug: { type: 'string' },
    name: { type: 'string' },
    sandbox: { type: 'boolean' },
    features: { type: ArrayType },
    createdAt: { type: 'Date', columnType: 'timestamptz(3)' },
    planFeatures: { type: ArrayType },
    seats: { type: 'integer', nullable: true },
    entitledVersion: { type: 'integer' },
    recalled: { type: 'boolean' },
    memberChanges: { type: 'integer' },
    version: { type: 'integer', version: true },
  },
});
