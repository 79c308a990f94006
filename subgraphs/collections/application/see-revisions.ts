import type { ItemId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Glance } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import type { Revision, RevisionSpan } from '../domain/revision.ts';

export interface SeeRevisions {
  pages(viewer: Viewer, spans: readonly RevisionSpan[]): Promise<Revision[][]>;
  bodies(viewer: Viewer, which: readonly { itemId: ItemId; version: number }[]): Promise<(string | null)[]>;
}

export const seeRevisions = ({ glance }: { glance: Glance<Ports> }): SeeRevisions => ({
  pages: (viewer, spans) => glance(viewer, ({ revisions }) => revisions.pages(spans)),
  bodies: (viewer, which) => glance(viewer, ({ revisions }) => revisions.bodies(which), (found) => !found.includes(null)),
});
