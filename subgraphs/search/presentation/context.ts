/** What one request of this service carries: who asks, what they reach, and what has been loaded for them already. */
import type DataLoader from 'dataloader';
import type { Reference } from '../../../platform/graph-guard.ts';
import { isId, type ItemId, type SavedSearchId } from '../../../platform/ids.ts';
import { batched, batchedBy, byId } from '../../../platform/loader.ts';
import { check, type Rule } from '../../../platform/policy.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { IndexState, SeeIndexStates } from '../application/see-index-states.ts';
import type { SeeSavedSearches } from '../application/see-saved-searches.ts';
import type { Rights } from '../domain/document-ports.ts';
import type { Reach } from '../domain/ports.ts';
import type { SavedSearch } from '../domain/saved-search.ts';
import { policy } from './policy.ts';

export interface Context {
  viewer: Viewer;
  /** Asked once a request, however many of its fields want it. */
  reach(): Promise<Reach>;
  indexStates: DataLoader<{ id: ItemId; version: number }, IndexState, string>;
  savedSearches: DataLoader<SavedSearchId, SavedSearch | null>;
}

export const contextOver = (given: { rights: Rights<Viewer>; seeIndexStates: SeeIndexStates; seeSavedSearches: SeeSavedSearches }) => (viewer: Viewer): Context => {
  let reach: Promise<Reach> | undefined;
  return {
    viewer,
    reach: () => (reach ??= given.rights.reach(viewer)),
    indexStates: batchedBy((items) => given.seeIndexStates(viewer, items)),
    savedSearches: batched<SavedSearchId, SavedSearch>(async (ids) => byId(await given.seeSavedSearches.byIds(viewer, ids)) as ReadonlyMap<SavedSearchId, SavedSearch>),
  };
};

export const references: Record<string, Reference<Context>> = {
  // Whoever was shown it by collections holds it; what is said of it here is no more than how far search is, and what else they see.
  Item: (item, { viewer }) => Promise.resolve(isId('itm', item.id) && viewer.tenantId ? item : null),
  SavedSearch: async ({ id, nodeId }, { viewer, savedSearches }) => {
    const wanted = id ?? nodeId;
    return isId('sav', wanted) && (id !== undefined || may('savedSearches', viewer)) && viewer.tenantId ? savedSearches.load(wanted) : null;
  },
};

function may(field: string, viewer: Viewer): boolean {
  try {
    check(policy.Query![field] as Rule, viewer, null);
    return true;
  } catch {
    return false;
  }
}
