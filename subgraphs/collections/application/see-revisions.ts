import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import type { Revision, RevisionName, RevisionSpan } from '../domain/revision.ts';

export interface SeeRevisions {
  pages(viewer: Viewer, spans: readonly RevisionSpan[]): Promise<Revision[][]>;
  bodies(viewer: Viewer, which: readonly RevisionName[]): Promise<(string | null)[]>;
  changes(viewer: Viewer, which: readonly RevisionName[]): Promise<string[][]>;
}

export const seeRevisions = ({ look }: { look: Look<Ports> }): SeeRevisions => ({
  pages: (viewer, spans) => look(viewer, ({ revisions }) => revisions.pages(spans)),
  bodies: (viewer, which) => look(viewer, ({ revisions }) => revisions.bodies(which)),
  changes: (viewer, which) => look(viewer, ({ revisions }) => revisions.changes(which)),
});
