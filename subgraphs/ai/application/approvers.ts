/** Who may see and decide what waits: owners and admins of the tenant, and those whom its policy names. */
import type { ItemId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Answer } from '../domain/answer.ts';
import type { Approval } from '../domain/approval.ts';
import type { Approvals } from '../domain/ports.ts';

export async function approves(viewer: Viewer, approvals: Pick<Approvals, 'policy'>): Promise<boolean> {
  if (viewer.kind !== 'user') return false;
  if (viewer.role === 'OWNER' || viewer.role === 'ADMIN') return true;
  const policy = await approvals.policy();
  return viewer.userId !== null && (policy?.approverIds.includes(viewer.userId) ?? false);
}

/** All that it was made from and what is proposed with it. Whoever lacks one sees that it waits, and not what it says. */
export const sourcesOf = ({ citations }: Answer, { sourceIds }: Approval): ItemId[] => [...new Set([...citations.map(({ itemId }) => itemId), ...sourceIds])];
