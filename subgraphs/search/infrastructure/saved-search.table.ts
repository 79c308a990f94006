import { EntitySchema } from '@mikro-orm/postgresql';
import { SavedSearch } from '../domain/saved-search.ts';

export const SavedSearchTable = new EntitySchema<SavedSearch>({
  class: SavedSearch,
  tableName: 'saved_search',
  properties: {
    id: { type: 'string', primary: true },
    tenantId: { type: 'string' },
    owner: { type: 'string' },
    name: { type: 'string' },
    query: { type: 'string' },
    filter: { type: 'json' },
    mode: { type: 'string' },
    createdAt: { type: 'Date', columnType: 'timestamptz(3)' },
    version: { type: 'integer', version: true },
  },
});
