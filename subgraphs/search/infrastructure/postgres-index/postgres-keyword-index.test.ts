import { afterAll, beforeAll } from '@jest/globals';
import { freshDatabase, type TestDatabase } from '../../../../test/kit/databases.ts';
import { openSearchDatabase, processOver, writeDocuments } from '../../../../test/kit/search-documents.ts';
import { keywordIndexContract } from '../keyword-index.contract.ts';

let place: TestDatabase;
beforeAll(async () => { place = await freshDatabase(); });
afterAll(() => place?.drop());

const open = (after: 'left as they are' | 'folded') => async () => {
  const database = await openSearchDatabase(place);
  const { index, upkeep } = processOver(database);
  return {
    index, close: () => database.close(),
    tell: async (tenantId: Parameters<typeof writeDocuments>[1], docs: Parameters<typeof writeDocuments>[2]) => {
      await writeDocuments(database, tenantId, docs);
      if (after === 'folded') await upkeep.settle(tenantId);
    },
  };
};
keywordIndexContract('Postgres, out of documents', open('left as they are'));
keywordIndexContract('Postgres, out of segments', open('folded'));
