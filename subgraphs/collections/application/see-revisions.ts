import type { ItemId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import type { Revision, RevisionSpan } from '../domain/revision.ts';

export interface SeeRevisions {
  pages(viewer: Viewer, spans: readonly RevisionSpan[]): Promise<Revision[][]>;
  bodies(viewer: Viewer, which: readonly { itemId: ItemId; version: number }[]): Promise<(string | null)[]>;
}

export const seeRevisions = ({ look }: { look: Look<Ports> }): SeeRevisions => ({
  pages: (viewer, spans) => look(viewer, ({ revisions }) => revisions.pages(spans)),
  bodies: (viewer, which) => look(viewer, ({ revisions }) => revisions.bodies(which)),
});
