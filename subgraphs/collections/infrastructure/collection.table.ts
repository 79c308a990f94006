import { EntitySchema } from '@mikro-orm/postgresql';
import { Collection } from '../domain/collection.ts';
import { Share } from '../domain/share.ts';

const at = { type: 'Date', columnType: 'timestamptz(3)' } as const;

export const CollectionTable = new EntitySchema<Collection>({
  class: Collection,
  tableName: 'collection',
  properties: {
    id: { type: 'string', primary: true },
    tenantId: { type: 'string' },
    name: { type: 'string' },
    description: { type: 'string', nullable: true },
    settings: { type: 'json' },
    createdAt: at,
    updatedAt: at,
    createdBy: { type: 'string' },
    deletedAt: { ...at, nullable: true },
    version: { type: 'integer', version: true },
  },
});

export const ShareTable = new EntitySchema<Share>({
  class: Share,
  tableName: 'member',
  properties: {
    tenantId: { type: 'string', primary: true },
    collectionId: { type: 'string', primary: true },
    who: { type: 'string', primary: true },
    role: { type: 'string' },
    addedAt: at,
  },
});
