import type { Viewer } from '../../../platform/viewer.ts';
import type { Look, Work } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import { besideConflict, type Changed } from './beside-conflict.ts';
import { holdItem } from './hold-item.ts';
import { notFound } from './reach-collection.ts';

export interface RestoreRevisionInput { itemId: string; version: number; expectedVersion: number }
export type RestoreRevision = ReturnType<typeof restoreRevision>;

/** A new version that says what an older one said: nothing of what came between is lost. A deleted item is brought back first, by restoreItem. */
export const restoreRevision = ({ work, look }: { work: Work<Ports>; look: Look<Ports> }) => (viewer: Viewer, { itemId, version, expectedVersion }: RestoreRevisionInput): Promise<Changed> =>
  besideConflict({ look, viewer, id: itemId }, () => work(viewer, async (ports) => {
    const item = await holdItem(viewer, itemId, ports, 'itemId');
    item.refuseDeleted('itemId');
    const content = await ports.revisions.content(item.id, version);
    if (!content) throw notFound('version');
    item.update(content, { by: viewer.id, expectedVersion, restoredFrom: version });
    return { item };
  }));
