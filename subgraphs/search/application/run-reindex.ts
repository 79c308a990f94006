/**
 * Everything anew: what each item says is heard and what is no more is taken away, every index is made from the documents
 * beside the one that answers, and at the end every document is compared with its item. Who searches meanwhile finds what
 * there was before, or what is new. It goes on where it stood, whatever dies.
 */
import type { CollectionId, ItemId, TenantId } from '../../../platform/ids.ts';
import { perform, type Handler, type Run } from '../../../platform/jobs/jobs.ts';
import type { Scope, Work } from '../../../platform/work.ts';
import { compareDocuments, compareItems, type Comparing } from './compare.ts';
import { ITEMS_AT_ONCE, selfIn } from './hear-items.ts';
import { reindexJob, type ReindexResult } from './index-jobs.ts';
import type { IndexPorts } from './on-collections-told.ts';
import type { Indexes } from './rank.ts';

type Given = Comparing & { work: Work<IndexPorts>; indexes: Pick<Indexes, 'anew'>; holds: Holds };
/** How many documents of a tenant can be found and which, as of this change. */
type Holds = (tenantId: TenantId) => Promise<{ documents: number; upTo: bigint; has(itemId: ItemId): boolean }>;
interface Counts { documents: number; removed: number; mended: number; unequal: number; expected: number }
type Step = 'hear' | 'remove' | 'index' | 'verify items' | 'verify documents' | 'verify index';
interface State { step: Step; after: string | null; counts: Counts }
interface Where { tenantId: TenantId; collectionId: CollectionId | null; progress(part: number): void }
/** What one stretch of a step did, and where the next begins. */
type Stretch = (where: Where, state: State, given: Given) => Promise<{ counts: Counts; after: string | null }>;

/** In their order: what each does, and which part of the whole it is taken for. */
const STEPS: Record<Step, { part: number; said: string; stretch: Stretch }> = {
  hear: { part: 0.4, said: 'items heard', stretch: hear },
  remove: { part: 0.1, said: 'looking for what is no more', stretch: remove },
  index: { part: 0.3, said: 'indexing', stretch: index },
  'verify items': { part: 0.1, said: 'comparing', stretch: (where, state, given) => compareItems(where.tenantId, where.collectionId, state.after, given).then((compared) => verified(state, compared)) },
  'verify documents': { part: 0.05, said: 'comparing', stretch: (where, state, given) => compareDocuments(where.tenantId, where.collectionId, state.after as ItemId | null, given).then((compared) => verified(state, compared)) },
  'verify index': { part: 0.05, said: 'comparing', stretch: countIndex },
};
const ORDER = Object.keys(STEPS) as Step[];
const beforeOf = (step: Step): number => ORDER.slice(0, ORDER.indexOf(step)).reduce((sum, each) => sum + STEPS[each].part, 0);

export const runReindex = (given: Given): Handler => perform(reindexJob, async ({ scope, input, checkpoint }, run) => {
  let state = (checkpoint as State | null) ?? await beginning(scope.tenantId, given);
  for (let seen = 0; ;) {
    run.signal.throwIfAborted();
    const { counts, after } = await STEPS[state.step].stretch({ tenantId: scope.tenantId, collectionId: input.collectionId, progress: progressOf(state.step, run) }, state, given);
    const next = after === null ? ORDER[ORDER.indexOf(state.step) + 1] : state.step;
    if (!next) return resultOf(counts);
    seen = after === null ? 0 : seen + ITEMS_AT_ONCE;
    state = { step: next, after, counts };
    await checkpointed(state, Math.min(1, seen / Math.max(counts.expected, seen + 1)), scope, given);
  }
});

async function beginning(tenantId: TenantId, { look }: Given): Promise<State> {
  const expected = await look(selfIn(tenantId), ({ documents }) => documents.count());
  return { step: 'hear', after: null, counts: { documents: 0, removed: 0, mended: 0, unequal: 0, expected } };
}
const progressOf = (step: Step, run: Run) => (part: number): void => run.progress(beforeOf(step) + STEPS[step].part * part, STEPS[step].said);

const checkpointed = (state: State, part: number, scope: Scope, { work }: Given): Promise<void> => {
  const { step, counts } = state;
  return work(scope, ({ jobs }) => jobs.checkpoint(state, { progress: beforeOf(step) + STEPS[step].part * part, note: step === 'hear' ? `${counts.documents} ${STEPS[step].said}` : STEPS[step].said }));
};

const resultOf = ({ documents, removed, mended, unequal }: Counts): ReindexResult => ({ documents, removed, mended, verified: unequal === 0 });

async function hear({ tenantId, collectionId }: Where, { after, counts }: State, { items, hearItems }: Given): ReturnType<Stretch> {
  const stretch = await items.walk(tenantId, { collectionId, after, first: ITEMS_AT_ONCE });
  await hearItems({ tenantId, ids: stretch.items.map(({ id }) => id) });
  return { counts: { ...counts, documents: counts.documents + stretch.items.length }, after: stretch.next };
}

async function remove({ tenantId, collectionId }: Where, { after, counts }: State, given: Given): ReturnType<Stretch> {
  const compared = await compareDocuments(tenantId, collectionId, after as ItemId | null, given);
  return { counts: { ...counts, removed: counts.removed + compared.mended }, after: compared.after };
}

/** An index is of a whole tenant: what was heard of one collection, it follows by itself. */
async function index({ tenantId, collectionId, progress }: Where, { counts }: State, { indexes: { anew } }: Given): ReturnType<Stretch> {
  if (collectionId === null) {
    for (const [at, make] of anew.entries()) await make(tenantId, async (share) => progress((at + share) / anew.length));
  }
  return { counts, after: null };
}

function verified({ counts }: State, { mended, unequal, after }: { mended: number; unequal: number; after: string | null }): Awaited<ReturnType<Stretch>> {
  return { counts: { ...counts, mended: counts.mended + mended, unequal: counts.unequal + unequal }, after };
}

const LOOKS_MAX = 120;
const PAUSE_MS = 250;

/**
 * The index holds as many documents as there were at some change, that it has come to since this began: each that has not
 * changed since, and of those that have the ones that it still holds as they were. So a tenant that never rests is counted too.
 */
async function countIndex({ tenantId }: Where, state: State, { look, holds }: Given): ReturnType<Stretch> {
  const begun = await look(selfIn(tenantId), ({ documents }) => documents.seq());
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const held = await holds(tenantId);
    if (held.upTo >= begun) {
      const { count, later } = await look(selfIn(tenantId), ({ documents }) => documents.livingUpTo(held.upTo));
      return verified(state, { mended: 0, unequal: Math.abs(held.documents - count - later.filter(held.has).length), after: null });
    }
    await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
  }
  return verified(state, { mended: 0, unequal: 1, after: null });
}
