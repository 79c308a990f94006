/** What items say, collections knows: it is asked in this service's own name, for one tenant. */
import type { Ask } from '../../../platform/ask.ts';
import { systemViewer } from '../../../platform/viewer.ts';
import type { Items } from '../domain/document-ports.ts';
import type { Truth } from '../domain/document.ts';

const TRUTHS = 'query($ids: [ID!]!) { truths(ids: $ids) { items { id collectionId title body tags metadata version createdBy createdAt updatedAt attached language mark } left } }';
const MARKS = 'query($ids: [ID!]!) { marks(ids: $ids) { id mark } }';
const WALK = 'query($collectionId: ID, $after: String, $first: Int!) { walkItems(collectionId: $collectionId, after: $after, first: $first) { items { id mark } next } }';

type Written = Omit<Truth, 'createdAt' | 'updatedAt'> & { createdAt: string; updatedAt: string };

export const askedItems = (ask: Ask): Items => ({
  async of(tenantId, ids) {
    const { truths } = await ask('collections', { document: TRUTHS, variables: { ids } }, systemViewer('search', tenantId));
    const { items, left } = truths as { items: Written[]; left: Awaited<ReturnType<Items['of']>>['left'] };
    return { left, items: items.map((item) => ({ ...item, createdAt: new Date(item.createdAt), updatedAt: new Date(item.updatedAt) })) };
  },
  async walk(tenantId, given) {
    const { walkItems } = await ask('collections', { document: WALK, variables: given }, systemViewer('search', tenantId));
    return walkItems as Awaited<ReturnType<Items['walk']>>;
  },
  async marks(tenantId, ids) {
    const { marks } = await ask('collections', { document: MARKS, variables: { ids } }, systemViewer('search', tenantId));
    return marks as Awaited<ReturnType<Items['marks']>>;
  },
});
