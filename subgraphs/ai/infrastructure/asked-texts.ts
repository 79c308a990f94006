/** What items say, asked in this service's own name: for what is said of them, which is shown to nobody who may not see the item. */
import type { Ask } from '../../../platform/ask.ts';
import type { TenantId } from '../../../platform/ids.ts';
import { systemViewer } from '../../../platform/viewer.ts';
import type { ItemTexts } from '../domain/enrichment.ts';

const TRUTHS = 'query($ids: [ID!]!) { truths(ids: $ids) { items { id collectionId title body version } left } }';

export const askedTexts = (ask: Ask): ItemTexts => ({
  async of(tenantId, ids) {
    const { truths } = await ask('collections', { document: TRUTHS, variables: { ids } }, systemViewer('ai', tenantId as TenantId));
    return truths as Awaited<ReturnType<ItemTexts['of']>>;
  },
});
