/** The kinds of jobs that go through many documents: what they are asked with, and what they answer. */
import type { CollectionId } from '../../../platform/ids.ts';
import { defineJob } from '../../../platform/jobs/jobs.ts';

/** After a collection has changed, or is gone: its items say something else, or nothing. */
export const refreshCollectionJob = defineJob<{ collectionId: CollectionId }, { documents: number; mended: number }>('search.refresh-collection', { attemptsMax: 10 });

export interface ReindexResult {
  /** How many items were heard anew. */
  documents: number;
  /** Documents of items that are no more. */
  removed: number;
  /** Those that were not what their item says when everything was compared at the end, and are now. */
  mended: number;
  /** Whether every document was found equal to its item. */
  verified: boolean;
}
export const reindexJob = defineJob<{ collectionId: CollectionId | null }, ReindexResult>('search.reindex', { attemptsMax: 10, perTenant: 1 });
