/** What search tells: which questions people keep, and that a tenant's index is made anew. Neighbours import this file and nothing else. */
import { defineEvent, described, id, nullable, text } from '../../platform/event.ts';

const savedSearchId = id('sav');
export const searchSaved = defineEvent('search.search-saved', 1, { savedSearchId, name: text });
export const savedSearchDeleted = defineEvent('search.saved-search-deleted', 1, { savedSearchId, name: text });
export const reindexAsked = defineEvent('search.reindex-asked', 1, { jobId: id('job'), collectionId: described(nullable(id('col')), 'Null: all of the tenant.') });
