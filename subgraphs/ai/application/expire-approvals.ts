import type { Scope } from '../../../platform/work.ts';
import type { Due, Ports } from '../domain/ports.ts';
import type { Making } from './run-context.ts';

const AT_ONCE_MAX = 50;

/** One round: what nobody has decided in its time is rejected, and whoever asked is told. */
export const expireApprovals = ({ work, board, due }: Pick<Making, 'work' | 'board'> & { due: Pick<Due, 'expiredApprovals'> }) => async (): Promise<boolean> => {
  const found = await due.expiredApprovals(AT_ONCE_MAX);
  for (const { tenantId, approvalId } of found) {
    const scope: Scope = { kind: 'system', id: 'system:ai', userId: null, tenantId };
    const told = await work(scope, async ({ answers, approvals, log }: Ports) => {
      const [seen] = await approvals.byIds([approvalId]);
      const answer = seen ? await answers.locked(seen.answerId) : null;
      const approval = await approvals.locked(approvalId);
      if (approval?.state !== 'PENDING' || answer?.state !== 'AWAITING_APPROVAL') return null;
      approval.expire();
      answer.reject();
      return { id: answer.id, events: await log.append(answer.id, [{ kind: 'ended' }]) };
    });
    if (told) board.tell(told.id, told.events);
  }
  return found.length === AT_ONCE_MAX;
};
