import { ArrayType, EntitySchema } from '@mikro-orm/postgresql';
import { ApiKey } from '../domain/api-key.ts';

const at = { type: 'Date', columnType: 'timestamptz(3)' } as const;

export const ApiKeyTable = new EntitySchema<ApiKey>({
  class: ApiKey,
  tableName: 'api_key',
  properties: {
    id: { type: 'string', primary: true },
    tenantId: { type: 'string' },
    createdBy: { type: 'string' },
    createdAt: at,
    name: { type: 'string' },
    hash: { type: 'string' },
    prefix: { type: 'string' },
    formerHash: { type: 'string', nullable: true },
    formerUntil: { ...at, nullable: true },
    scopes: { type: ArrayType },
    collectionIds: { type: ArrayType, nullable: true },
    allowedAddresses: { type: ArrayType, nullable: true },
    expiresAt: { ...at, nullable: true },
    trustedDocumentsOnly: { type: 'boolean' },
    lastUsedAt: { ...at, nullable: true },
    revokedAt: { ...at, nullable: true },
    version: { type: 'integer', version: true },
  },
});
