import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import { ApprovalPolicy, HOURS_DEFAULT } from '../domain/approval-policy.ts';
import type { Ports } from '../domain/ports.ts';
import { tenantOf } from './tenant-of.ts';

export interface SetApprovalPolicyInput { minConfidence?: number | null; sensitiveTags?: readonly string[] | null; approverIds?: readonly string[] | null; expiresHours?: number | null }
export type SetApprovalPolicy = ReturnType<typeof setApprovalPolicy>;

/** All of it, instead of what was there before. */
export const setApprovalPolicy = ({ work }: { work: Work<Ports> }) => (viewer: Viewer, { minConfidence, sensitiveTags, approverIds, expiresHours }: SetApprovalPolicyInput): Promise<{ approvalPolicy: ApprovalPolicy }> =>
  work(viewer, async ({ approvals }) => {
    const tenantId = tenantOf(viewer);
    const kept = await approvals.policyLocked(tenantId);
    const policy = kept ?? new ApprovalPolicy(tenantId);
    policy.set({ minConfidence: minConfidence ?? null, sensitiveTags: sensitiveTags ?? [], approverIds: approverIds ?? [], expiresHours: expiresHours ?? HOURS_DEFAULT });
    if (!kept) approvals.addPolicy(policy);
    return { approvalPolicy: policy };
  });
