import type { ItemId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Ports } from '../domain/document-ports.ts';

export const INDEX_STATES = ['INDEXING', 'INDEXED', 'FAILED'] as const;
export type IndexState = (typeof INDEX_STATES)[number];
export type SeeIndexStates = ReturnType<typeof seeIndexStates>;

/** How far each item is, in the version that the caller holds. */
export const seeIndexStates = ({ look }: { look: Look<Ports> }) => (viewer: Viewer, items: readonly { id: ItemId; version: number }[]): Promise<IndexState[]> =>
  look(viewer, async ({ documents, unheard }) => {
    const ids = items.map(({ id }) => id);
    const docs = new Map((await documents.versions(ids)).map((doc) => [doc.itemId, doc]));
    const behind = items.filter(({ id, version }) => !isIn(docs.get(id), version)).map(({ id }) => id);
    const failed = behind.length > 0 ? await unheard.among(behind) : new Set<ItemId>();
    return items.map(({ id, version }) => (isIn(docs.get(id), version) ? 'INDEXED' : failed.has(id) ? 'FAILED' : 'INDEXING'));
  });

const isIn = (doc: { version: number; deleted: boolean } | undefined, version: number): boolean => doc !== undefined && !doc.deleted && doc.version >= version;
