import type { SavedSearchId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Ports } from '../domain/document-ports.ts';
import type { SavedSearch } from '../domain/saved-search.ts';

/** Each sees their own. */
export interface SeeSavedSearches {
  byIds(viewer: Viewer, ids: readonly SavedSearchId[]): Promise<SavedSearch[]>;
  page(viewer: Viewer, span: { first: number; after: readonly string[] | null }): Promise<SavedSearch[]>;
}

export const seeSavedSearches = ({ look }: { look: Look<Ports> }): SeeSavedSearches => ({
  byIds: (viewer, ids) => look(viewer, ({ savedSearches }) => savedSearches.byIds(ids, viewer.id)),
  page: (viewer, span) => look(viewer, ({ savedSearches }) => savedSearches.page(viewer.id, span)),
});
