import { LockMode } from '@mikro-orm/postgresql';
import type { Ground } from '../../../platform/database/statement.ts';
import type { AnswerId, ApprovalId, TenantId } from '../../../platform/ids.ts';
import { ApprovalPolicy } from '../domain/approval-policy.ts';
import { Approval, type ApprovalState } from '../domain/approval.ts';
import type { Approvals, Span } from '../domain/ports.ts';

const COLUMNS = 'id, tenant_id AS "tenantId", answer_id AS "answerId", reasons, proposals, source_ids AS "sourceIds", state, requested_at AS "requestedAt", expires_at AS "expiresAt", decided_at AS "decidedAt", decided_by AS "decidedBy", why, edited, version';
const POLICY = 'tenant_id AS id, min_confidence AS "minConfidence", sensitive_tags AS "sensitiveTags", approver_ids AS "approverIds", expires_hours AS "expiresHours", version';
type Row = Omit<Approval, 'requestedAt' | 'expiresAt' | 'decidedAt'> & { requestedAt: string; expiresAt: string; decidedAt: string | null };

export class PostgresApprovals implements Approvals {
  constructor(private readonly on: Ground) {}
  byIds(ids: readonly ApprovalId[]): Promise<Approval[]> {
    return this.where('id = ANY (?::text[])', [ids]);
  }
  page(state: ApprovalState | null, { first, after }: Span): Promise<Approval[]> {
    const [id] = after ?? [];
    return this.where(`true${state ? ' AND state = ?' : ''}${id ? ' AND id < ?' : ''} ORDER BY id DESC LIMIT ?`, [...(state ? [state] : []), ...(id ? [id] : []), first + 1]);
  }
  async ofAnswer(answerId: AnswerId): Promise<Approval | null> {
    return (await this.where('answer_id = ?', [answerId]))[0] ?? null;
  }
  locked(id: ApprovalId): Promise<Approval | null> {
    return this.on.em.findOne(Approval, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  add(approval: Approval): void { this.on.em.persist(approval); }

  async policy(): Promise<ApprovalPolicy | null> {
    const [row] = await this.on.rows<ApprovalPolicy>({ name: 'approval policy', text: `SELECT ${POLICY} FROM ai.approval_policy`, values: [] });
    return row ? Object.assign(Object.create(ApprovalPolicy.prototype) as ApprovalPolicy, row) : null;
  }
  policyLocked(id: TenantId): Promise<ApprovalPolicy | null> {
    return this.on.em.findOne(ApprovalPolicy, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  addPolicy(policy: ApprovalPolicy): void { this.on.em.persist(policy); }

  private async where(text: string, values: (string | number | readonly string[])[]): Promise<Approval[]> {
    const rows = await this.on.rows<Row>({ text: `SELECT ${COLUMNS} FROM ai.approval WHERE ${text}`, values });
    return rows.map(seen);
  }
}

/** For reading: nobody watches it for changes. */
const seen = (row: Row): Approval => Object.assign(Object.create(Approval.prototype) as Approval, {
  ...row, requestedAt: new Date(row.requestedAt), expiresAt: new Date(row.expiresAt), decidedAt: row.decidedAt === null ? null : new Date(row.decidedAt),
});
