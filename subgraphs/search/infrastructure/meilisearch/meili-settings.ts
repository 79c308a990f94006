/** How Meilisearch indexes documents, as code: whoever changes this makes the next version, which is filled beside the old one and takes its place. */
import { createHash } from 'node:crypto';
import type { Settings } from 'meilisearch';
import { FILTERED } from './meili-filter.ts';

export const FACETS = { collection: 'collection', tag: 'tags', creator: 'creator', month: 'month' } as const;
export const WORDS = 'words';
/** Of all that match, so many are counted. */
export const TOTAL_MAX = 10_000;

export const SETTINGS: Settings = {
  // In the order of their weight: what stands in an earlier one counts for more.
  searchableAttributes: ['title', 'tags', 'body', 'attached'],
  filterableAttributes: [...new Set([...FILTERED, ...Object.values(FACETS), WORDS])],
  sortableAttributes: ['id'],
  displayedAttributes: ['id', 'version', 'seq'],
  // By the id last, so that equals stand in the same order on every page.
  rankingRules: ['words', 'typo', 'proximity', 'attribute', 'exactness', 'sort'],
  typoTolerance: { enabled: true, minWordSizeForTypos: { oneTypo: 4, twoTypos: 8 } },
  faceting: { maxValuesPerFacet: 100, sortFacetValuesBy: { '*': 'count' } },
  pagination: { maxTotalHits: TOTAL_MAX },
};

export const SETTINGS_VERSION = createHash('sha256').update(JSON.stringify(SETTINGS)).digest('hex').slice(0, 10);
