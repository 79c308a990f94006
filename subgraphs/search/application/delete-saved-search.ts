import { AtlasError } from '../../../platform/errors.ts';
import { isId, type SavedSearchId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Ports } from '../domain/document-ports.ts';

export type DeleteSavedSearch = ReturnType<typeof deleteSavedSearch>;

export const deleteSavedSearch = ({ work }: { work: Work<Ports> }) => (viewer: Viewer, { id }: { id: string }): Promise<{ savedSearchId: SavedSearchId }> =>
  work(viewer, async ({ savedSearches }) => {
    const saved = isId('sav', id) ? await savedSearches.locked(id, viewer.id) : null;
    if (!saved) throw new AtlasError('NOT_FOUND', undefined, { path: ['input', 'id'] });
    saved.delete();
    savedSearches.remove(saved);
    return { savedSearchId: saved.id };
  });
