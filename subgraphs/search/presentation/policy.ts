import { connectionFields } from '../../../platform/page.ts';
import { holder, member, type PolicyTable } from '../../../platform/policy.ts';

/** Who may see and do what in search. What they find is what collections shows them. */
export const policy: PolicyTable = {
  Query: { 'search suggest': member('GUEST', 'search:read'), savedSearches: member('GUEST', 'search:read') },
  Mutation: {
    'saveSearch deleteSavedSearch': member('GUEST', 'search:read'),
    reindex: member('ADMIN', 'tenants:admin'),
  },
  Item: { 'id version deletedAt indexState similar': holder },
  SearchConnection: { 'edges nodes facets totalCount pageInfo degraded lagMs': holder },
  SearchEdge: { 'cursor node': holder },
  SearchHit: { 'item score highlights': holder },
  Highlight: { 'field text ranges': holder },
  TextRange: { 'start end': holder },
  Facet: { 'field values': holder },
  FacetValue: { 'value count': holder },
  SavedSearch: { 'id nodeId name query filter mode createdAt': holder },
  SavedSearchConnection: { [connectionFields]: holder }, SavedSearchEdge: { 'cursor node': holder },
  Job: { id: holder },
  SaveSearchPayload: { 'savedSearch userErrors': holder },
  DeleteSavedSearchPayload: { 'savedSearchId userErrors': holder },
  ReindexPayload: { 'job userErrors': holder },
};
