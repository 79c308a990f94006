import type { Viewer } from '../../../platform/viewer.ts';
import type { Glance } from '../../../platform/work.ts';
import type { Ports, Texts } from '../domain/ports.ts';
import type { Revision, RevisionName, RevisionSpan } from '../domain/revision.ts';

export interface SeeRevisions {
  pages(viewer: Viewer, spans: readonly RevisionSpan[]): Promise<Revision[][]>;
  bodies(viewer: Viewer, which: readonly RevisionName[], bytesMax: number): Promise<Texts>;
  changes(viewer: Viewer, which: readonly RevisionName[]): Promise<string[][]>;
}

export const seeRevisions = ({ glance }: { glance: Glance<Ports> }): SeeRevisions => ({
  pages: (viewer, spans) => glance(viewer, ({ revisions }) => revisions.pages(spans)),
  bodies: (viewer, which, bytesMax) => glance(viewer, ({ revisions }) => revisions.bodies(which, bytesMax), ({ texts }) => !texts?.includes(null)),
  changes: (viewer, which) => glance(viewer, ({ revisions }) => revisions.changes(which)),
});
