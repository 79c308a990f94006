/**
 * Says of items what they are about. It is done once for each version of an item and of the rules: told of it twice, or
 * begun again after a process has died, it finds that there is nothing to do.
 */
import type { ItemId, TenantId } from '../../../platform/ids.ts';
import { defineJob, perform, type Handler } from '../../../platform/jobs/jobs.ts';
import type { Look, Work } from '../../../platform/work.ts';
import { enriched, ENRICHING_VERSION } from '../domain/enriching.ts';
import type { Enrichment, ItemTexts } from '../domain/enrichment.ts';
import type { Analyzer } from '../domain/models.ts';
import type { Ports } from '../domain/ports.ts';
import { selfIn } from './make-answers.ts';
import type { JobPorts } from './start-eval-run.ts';

const AT_ONCE = 50;
export const enrichJob = defineJob<{ itemIds: ItemId[] }, { enriched: number }>('ai.enrich-items', { attemptsMax: 10 });

interface Given { work: Work<JobPorts>; look: Look<Ports>; texts: ItemTexts; analyzer: Analyzer }
interface State { left: ItemId[]; enriched: number }

export const enrichItems = (given: Given): Handler => perform(enrichJob, async ({ scope, input, checkpoint }, run) => {
  let state = (checkpoint as State | null) ?? { left: input.itemIds, enriched: 0 };
  while (state.left.length > 0) {
    run.signal.throwIfAborted();
    if (await given.look(scope, ({ enrichments }) => enrichments.isOff())) break;
    const asked = state.left.slice(0, AT_ONCE);
    const { items, left } = await given.texts.of(scope.tenantId, asked);
    const made = await stale(items, scope.tenantId, given);
    state = { left: [...left, ...state.left.slice(AT_ONCE)], enriched: state.enriched + made.length };
    const gone = asked.filter((id) => !left.includes(id) && !items.some((item) => item.id === id));
    await given.work(scope, async ({ enrichments, jobs }) => {
      await enrichments.put(made);
      await enrichments.forget(gone);
      await jobs.checkpoint(state);
    });
  }
  return { enriched: state.enriched };
});

async function stale(items: Awaited<ReturnType<ItemTexts['of']>>['items'], tenantId: TenantId, { look, analyzer }: Given): Promise<Enrichment[]> {
  const kept = new Map((await look(selfIn(tenantId), ({ enrichments }) => enrichments.byIds(items.map(({ id }) => id)))).map((one) => [one.itemId, one]));
  return items.filter(({ id, version }) => kept.get(id)?.itemVersion !== version || kept.get(id)?.version !== ENRICHING_VERSION)
    .map(({ id, collectionId, version, title, body }) => ({ ...enriched({ title, body }, [], analyzer), itemId: id, collectionId, itemVersion: version }));
}

/** After the rules have changed: what was said by others before is said anew, so many at a time. */
export const enrichAnew = ({ work, due }: { work: Work<JobPorts>; due: { enrichedBefore(version: number, max: number): Promise<{ tenantId: TenantId; itemId: ItemId }[]> } }) => async (): Promise<void> => {
  const found = await due.enrichedBefore(ENRICHING_VERSION, 1_000);
  for (const tenantId of new Set(found.map((one) => one.tenantId))) {
    const itemIds = found.filter((one) => one.tenantId === tenantId).map(({ itemId }) => itemId);
    await work(selfIn(tenantId), ({ jobs }) => jobs.enqueue(enrichJob, { itemIds }, { by: selfIn(tenantId), once: 'anew' }));
  }
};
