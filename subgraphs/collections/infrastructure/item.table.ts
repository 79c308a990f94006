import { ArrayType, EntitySchema } from '@mikro-orm/postgresql';
import { Item } from '../domain/item.ts';

const at = { type: 'Date', columnType: 'timestamptz(3)' } as const;

export const ItemTable = new EntitySchema<Item>({
  class: Item,
  tableName: 'item',
  properties: {
    id: { type: 'string', primary: true },
    tenantId: { type: 'string' },
    collectionId: { type: 'string' },
    title: { type: 'string' },
    body: { type: 'string' },
    url: { type: 'string', nullable: true },
    tags: { type: ArrayType },
    metadata: { type: 'json' },
    createdAt: at,
    updatedAt: at,
    createdBy: { type: 'string' },
    updatedBy: { type: 'string' },
    deletedAt: { ...at, nullable: true },
    restoredFrom: { type: 'integer', nullable: true },
    version: { type: 'integer', version: true },
  },
});
