import type { ItemId } from '../../../platform/ids.ts';
import { perform, type Handler } from '../../../platform/jobs/jobs.ts';
import type { Work } from '../../../platform/work.ts';
import { compareDocuments, type Comparing } from './compare.ts';
import { refreshCollectionJob } from './index-jobs.ts';
import type { IndexPorts } from './on-collections-told.ts';

interface State { after: ItemId | null; documents: number; mended: number }

export const runRefresh = (given: Comparing & { work: Work<IndexPorts> }): Handler => perform(refreshCollectionJob, async ({ scope, input, checkpoint }, run) => {
  let state = (checkpoint as State | null) ?? { after: null, documents: 0, mended: 0 };
  for (;;) {
    run.signal.throwIfAborted();
    const { looked, mended, after } = await compareDocuments(scope.tenantId, input.collectionId, state.after, given);
    state = { after, documents: state.documents + looked, mended: state.mended + mended };
    if (after === null) return { documents: state.documents, mended: state.mended };
    await given.work(scope, ({ jobs }) => jobs.checkpoint(state, { note: `${state.documents} documents looked at` }));
  }
});
