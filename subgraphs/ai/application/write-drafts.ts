/** Writes what was approved of, as whoever asked for the answer and with the rights that they have today. A job: it is tried again until it is known what came of each, and each is written once. */
import type { ApprovalId, ItemId, TenantId } from '../../../platform/ids.ts';
import { AtlasError } from '../../../platform/errors.ts';
import { defineJob, perform, type Handler } from '../../../platform/jobs/jobs.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look, Work } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import type { Proposal } from '../domain/proposal.ts';

export const draftsJob = defineJob<{ approvalId: ApprovalId }, { written: number }>('ai.write-drafts', { attemptsMax: 10 });
/** `key`: the same write, whoever does it and how often. */
export type WriteItem = (as: Viewer, item: Proposal, given: { key: string; answerId: string }) => Promise<ItemId>;
interface Given { work: Work<Ports>; look: Look<Ports>; write: WriteItem; principals: { today(id: string, tenantId: TenantId): Promise<Viewer | null> } }

export const writeDrafts = ({ work, look, write, principals }: Given): Handler => perform(draftsJob, async ({ input: { approvalId }, scope }, run) => {
  const { approval, answer } = await look(scope, async ({ approvals, answers }) => {
    const [found] = await approvals.byIds([approvalId]);
    return { approval: found, answer: found && (await answers.anyByIds([found.answerId]))[0] };
  });
  // With its conversation it may have been deleted in between.
  if (approval?.state !== 'APPROVED' || !answer) return { written: 0 };
  let written = 0;
  for (const [at, proposal] of approval.proposals.entries()) {
    if (proposal.itemId !== null || proposal.code !== null) continue;
    run.signal.throwIfAborted();
    const outcome = await outcomeOf(await principals.today(answer.owner, scope.tenantId), (viewer) => write(viewer, proposal, { key: `${approvalId} ${at}`, answerId: answer.id }));
    await work(scope, async ({ approvals }) => (await approvals.locked(approvalId))?.wrote(at, outcome));
    if ('itemId' in outcome) written += 1;
  }
  return { written };
});

/** A refusal is an outcome; whatever may pass is tried again. */
async function outcomeOf(viewer: Viewer | null, write: (viewer: Viewer) => Promise<ItemId>): Promise<{ itemId: ItemId } | { code: string }> {
  if (!viewer) return { code: 'FORBIDDEN' };
  try {
    return { itemId: await write(viewer) };
  } catch (error) {
    if (error instanceof AtlasError && REFUSALS.has(error.code)) return { code: error.code };
    throw error;
  }
}
const REFUSALS: ReadonlySet<string> = new Set(['FORBIDDEN', 'NOT_FOUND', 'INVALID_INPUT', 'LIMIT_REACHED', 'WRONG_STATE']);
