import { ArrayType, EntitySchema } from '@mikro-orm/postgresql';
import { ApprovalPolicy } from '../domain/approval-policy.ts';
import { Approval } from '../domain/approval.ts';

const at = { type: 'Date', columnType: 'timestamptz(3)' } as const;

export const ApprovalTable = new EntitySchema<Approval>({
  class: Approval,
  tableName: 'approval',
  properties: {
    id: { type: 'string', primary: true },
    tenantId: { type: 'string' },
    answerId: { type: 'string' },
    reasons: { type: ArrayType },
    proposals: { type: 'json' },
    sourceIds: { type: ArrayType },
    state: { type: 'string' },
    requestedAt: at,
    expiresAt: at,
    decidedAt: { ...at, nullable: true },
    decidedBy: { type: 'string', nullable: true },
    why: { type: 'string', nullable: true },
    edited: { type: 'boolean' },
    version: { type: 'integer', version: true },
  },
});

export const ApprovalPolicyTable = new EntitySchema<ApprovalPolicy>({
  class: ApprovalPolicy,
  tableName: 'approval_policy',
  properties: {
    // Its name is its tenant's: there is one for each.
    id: { type: 'string', primary: true, fieldName: 'tenant_id' },
    minConfidence: { type: 'float', nullable: true },
    sensitiveTags: { type: ArrayType },
    approverIds: { type: ArrayType },
    expiresHours: { type: 'integer' },
    version: { type: 'integer', version: true },
  },
});
