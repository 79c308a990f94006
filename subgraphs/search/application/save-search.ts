import { AtlasError } from '../../../platform/errors.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Ports } from '../domain/document-ports.ts';
import { SavedSearch } from '../domain/saved-search.ts';
import { filterOf, questionOf, type SearchFilter, type SearchMode } from '../domain/search.ts';
import { tenantOf } from './tenant-of.ts';

const SAVED_MAX = 200;

export interface SaveSearchInput { name: string; query: string; filter?: SearchFilter | null; mode?: SearchMode | null }
export type SaveSearch = ReturnType<typeof saveSearch>;

/** What could not be asked is not saved. */
export const saveSearch = ({ work }: { work: Work<Ports> }) => (viewer: Viewer, { name, query, filter, mode }: SaveSearchInput): Promise<{ savedSearch: SavedSearch }> => {
  const tenantId = tenantOf(viewer);
  within('input', () => { questionOf(query); filterOf(filter ?? {}); });
  return work(viewer, async ({ savedSearches }) => {
    if (await savedSearches.count(viewer.id) >= SAVED_MAX) throw new AtlasError('LIMIT_REACHED', `At most ${SAVED_MAX} saved searches.`);
    const saved = SavedSearch.save({ tenantId, owner: viewer.id, name, query, filter: asJson(filter ?? {}), mode: mode ?? 'HYBRID' });
    savedSearches.add(saved);
    return { savedSearch: saved };
  });
};

/** As it is kept, and as it is said back: a moment is a text. */
const asJson = (filter: SearchFilter): object => JSON.parse(JSON.stringify(filter)) as object;

/** The same terms stand in an input here. */
function within(place: string, judge: () => void): void {
  try {
    judge();
  } catch (error) {
    if (!(error instanceof AtlasError)) throw error;
    throw new AtlasError(error.code, error.message, { path: [place, ...error.path ?? []] });
  }
}
