import { Aggregate } from '../../../platform/aggregate.ts';
import { isId, type TenantId, type UserId } from '../../../platform/ids.ts';
import { invalid, lineOf } from '../../../platform/text.ts';
import { approvalPolicySet } from '../events.ts';
import type { ApprovalReason } from './approval.ts';

const TAGS_MAX = 50;
const TAG_MAX = 100;
const APPROVERS_MAX = 50;
const HOURS_MAX = 24 * 30;
export const HOURS_DEFAULT = 72;

export interface ApprovalTerms { minConfidence: number | null; sensitiveTags: readonly string[]; approverIds: readonly string[]; expiresHours: number }

/** Which answers wait for somebody in a tenant, and for whom. A tenant that has none waits for nobody. */
export class ApprovalPolicy extends Aggregate {
  /** Its tenant's: there is one for each. */
  readonly id: TenantId;
  /** Below it an answer waits; null: none does for that. */
  minConfidence: number | null = null;
  /** An answer that was made from an item with one of these waits. */
  sensitiveTags: string[] = [];
  /** Who may decide beside owners and admins. */
  approverIds: UserId[] = [];
  expiresHours = HOURS_DEFAULT;

  constructor(tenantId: TenantId) {
    super();
    this.id = tenantId;
  }

  isOn(): boolean { return this.minConfidence !== null || this.sensitiveTags.length > 0; }

  set({ minConfidence, sensitiveTags, approverIds, expiresHours }: ApprovalTerms): void {
    if (minConfidence !== null && !(minConfidence >= 0 && minConfidence <= 1)) throw invalid('Between 0 and 1, or null.', 'minConfidence');
    if (sensitiveTags.length > TAGS_MAX) throw invalid(`At most ${TAGS_MAX} tags.`, 'sensitiveTags');
    if (approverIds.length > APPROVERS_MAX) throw invalid(`At most ${APPROVERS_MAX} people.`, 'approverIds');
    const stray = approverIds.find((id) => !isId('usr', id));
    if (stray !== undefined) throw invalid('Ids of people.', 'approverIds');
    if (!Number.isInteger(expiresHours) || expiresHours < 1 || expiresHours > HOURS_MAX) throw invalid(`From 1 to ${HOURS_MAX}.`, 'expiresHours');
    const before = this.said();
    this.minConfidence = minConfidence;
    this.sensitiveTags = [...new Set(sensitiveTags.map((tag) => lineOf(tag, 'sensitiveTags', TAG_MAX)))];
    this.approverIds = [...new Set(approverIds as UserId[])];
    this.expiresHours = expiresHours;
    this.record(approvalPolicySet({ tenantId: this.id }, { audit: { entityType: 'Tenant', entityId: this.id, before, after: this.said() } }));
  }

  /** Why this answer has to wait; empty when it need not. Tags are compared as people write them. */
  reasonsFor({ confidence, tags }: { confidence: number; tags: readonly string[] }): ApprovalReason[] {
    const sensitive = new Set(this.sensitiveTags.map((tag) => tag.toLowerCase()));
    return [
      ...(this.minConfidence !== null && confidence < this.minConfidence ? ['LOW_CONFIDENCE' as const] : []),
      ...(tags.some((tag) => sensitive.has(tag.toLowerCase())) ? ['SENSITIVE_TAG' as const] : []),
    ];
  }
  private said() { return { minConfidence: this.minConfidence, sensitiveTags: this.sensitiveTags, approverIds: this.approverIds, expiresHours: this.expiresHours }; }
}
