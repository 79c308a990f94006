/** An item that was approved of, written by collections as whoever asked: under an idempotency key, so that it is there once. */
import type { Ask } from '../../../platform/ask.ts';
import { AtlasError, isErrorCode } from '../../../platform/errors.ts';
import { newId, type CollectionId, type ItemId } from '../../../platform/ids.ts';
import { withRequest } from '../../../platform/request.ts';
import type { Viewer } from '../../../platform/viewer.ts';

const CREATE = 'mutation($input: CreateItemInput!) { createItem(input: $input) { item { id } userErrors { code message } } }';
interface Created { item: { id: ItemId } | null; userErrors: { code: string; message: string }[] }

export const askedDrafts = (ask: Ask) => async (as: Viewer, { title, body, tags, collectionId }: { title: string; body: string; tags: readonly string[]; collectionId: CollectionId }, { key, answerId }: { key: string; answerId: string }): Promise<ItemId> => {
  const info = { requestId: newId('req'), address: null, userAgent: null, idempotencyKey: key };
  const input = { collectionId, title, body, tags, metadata: { draftedBy: answerId } };
  const { createItem } = await withRequest(info, () => ask('collections', { document: CREATE, variables: { input } }, as)) as { createItem: Created | null };
  const [refusal] = createItem?.userErrors ?? [];
  if (refusal) throw new AtlasError(isErrorCode(refusal.code) ? refusal.code : 'INTERNAL', refusal.message);
  if (!createItem?.item) throw new AtlasError('INTERNAL');
  return createItem.item.id;
};
