import { Aggregate } from '../../../platform/aggregate.ts';
import { AtlasError } from '../../../platform/errors.ts';
import type { UsageLine } from '../../../platform/event.ts';
import { newId, type AnswerId, type ApprovalId, type ItemId, type TenantId } from '../../../platform/ids.ts';
import { editedProposals, type DraftEdit, type Proposal } from './proposal.ts';
import { textWithin } from './question.ts';
import { approvalDecided, approvalExpired, approvalRequested } from '../events.ts';

export type ApprovalState = 'PENDING' | 'APPROVED' | 'REJECTED' | 'EXPIRED';
export type ApprovalDecision = 'APPROVE' | 'REJECT';
export type ApprovalReason = 'LOW_CONFIDENCE' | 'SENSITIVE_TAG' | 'TOOL_WRITES';
const WHY_MAX = 2_000;
interface Requested { tenantId: TenantId; answerId: AnswerId; reasons: readonly ApprovalReason[]; expiresAt: Date; proposals: readonly Proposal[]; sourceIds: readonly ItemId[] }

/** That somebody has to look at an answer before whoever asked sees it. Decided once, by one of those who may. */
export class Approval extends Aggregate {
  readonly id: ApprovalId;
  readonly tenantId: TenantId;
  readonly answerId: AnswerId;
  readonly reasons: ApprovalReason[];
  /** What is written once it is approved of. */
  proposals: Proposal[];
  /** Items of which the model that proposed it was given something: whoever lacks a right to one decides nothing. */
  readonly sourceIds: ItemId[];
  state: ApprovalState = 'PENDING';
  readonly requestedAt: Date = new Date();
  readonly expiresAt: Date;
  decidedAt: Date | null = null;
  decidedBy: string | null = null;
  why: string | null = null;
  /** Whether what was approved is not what the model said. */
  edited = false;

  private constructor(given: Requested) {
    super();
    this.id = newId('apr');
    this.tenantId = given.tenantId;
    this.answerId = given.answerId;
    this.reasons = [...given.reasons];
    this.expiresAt = given.expiresAt;
    this.proposals = [...given.proposals];
    this.sourceIds = [...given.sourceIds];
  }

  static request(given: Requested & { usage: UsageLine[] }): Approval {
    const approval = new Approval(given);
    approval.record(approvalRequested({ approvalId: approval.id, answerId: approval.answerId, reasons: approval.reasons, expiresAt: approval.expiresAt.toISOString() }, { audit: approval.audit(), usage: given.usage }));
    return approval;
  }

  decide(decision: ApprovalDecision, given: { by: string; why: string | null; hasEditedText: boolean; drafts: readonly DraftEdit[] }): void {
    if (this.state !== 'PENDING' || this.expiresAt.getTime() <= Date.now()) throw new AtlasError('WRONG_STATE', `It is ${this.state === 'PENDING' ? 'EXPIRED' : this.state} already.`, { path: ['input', 'id'] });
    this.state = decision === 'APPROVE' ? 'APPROVED' : 'REJECTED';
    this.decidedAt = new Date();
    this.decidedBy = given.by;
    this.why = given.why === null ? null : textWithin(given.why, 'reason', WHY_MAX);
    const { proposals, changed } = editedProposals(this.proposals, decision === 'APPROVE' ? given.drafts : []);
    this.proposals = proposals;
    if (given.hasEditedText) changed.unshift('text');
    this.edited = changed.length > 0;
    this.record(approvalDecided({ approvalId: this.id, answerId: this.answerId, decision: this.state }, { audit: this.audit({ changed }) }));
  }
  /** What came of one of what was to be written. */
  wrote(at: number, outcome: { itemId: ItemId } | { code: string }): void {
    this.proposals = this.proposals.map((proposal, place) => (place === at ? { ...proposal, ...outcome } : proposal));
  }
  expire(): void {
    if (this.state !== 'PENDING') return;
    this.state = 'EXPIRED';
    this.decidedAt = new Date();
    this.record(approvalExpired({ approvalId: this.id, answerId: this.answerId }, { audit: this.audit() }));
  }
  /** Who reads the trail need not see what it says: it holds what was changed, and not into what. */
  private audit(more: object = {}) { return { entityType: 'Approval', entityId: this.id, after: { state: this.state, reasons: this.reasons, edited: this.edited, ...more } }; }
}
