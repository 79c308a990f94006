import type { EntityManager } from '@mikro-orm/postgresql';
import { decimal, type Money } from '../../../platform/decimal.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { InvoiceLine } from '../domain/invoice.ts';
import type { Account, NewEntry } from '../domain/ledger.ts';
import type { Ledger, PostingView, Span } from '../domain/ports.ts';

type LineRow = Pick<InvoiceLine, 'kind' | 'metric' | 'late' | 'free'> & { memo: string | null; currency: string; quantity: string | null; amount: string };
type PageRow = Omit<PostingView, 'at' | 'lateAt' | 'amount'> & { at: string; lateAt: string | null; amount: string; currency: string };

const ENTRY = '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';
const POSTING = '(?, ?, ?, ?, ?, ?, ?)';
/** What is heard of late from a time in which nobody paid is not billed to who pays now. */
const FREE = `CASE WHEN e.late_at IS NULL THEN false ELSE NOT coalesce((SELECT h.paid FROM billing.held h WHERE h.tenant_id = e.tenant_id AND h.since <= e.late_at ORDER BY h.since DESC LIMIT 1), false) END`;
const moment = (at: Date | null): string | null => at && at.toISOString();

export class PostgresLedger implements Ledger {
  constructor(private readonly em: EntityManager) {}

  async post(entries: readonly NewEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await this.em.execute(
      `INSERT INTO billing.ledger_entry (id, tenant_id, at, period, late_at, kind, source, metric, quantity, memo) VALUES ${entries.map(() => ENTRY).join(', ')}`,
      entries.flatMap(({ id, tenantId, at, period, lateAt, kind, source, metric, quantity, memo }) => [id, tenantId, moment(at), moment(period), moment(lateAt), kind, source, metric, quantity, memo]), 'run');
    const postings = entries.flatMap(({ id, tenantId, at, currency, postings: told }) => told.map(({ account, amount }, index) => [id, tenantId, index + 1, moment(at), account, amount, currency]));
    await this.em.execute(
      `INSERT INTO billing.posting (entry_id, tenant_id, seq, at, account, amount, currency) VALUES ${postings.map(() => POSTING).join(', ')}`, postings.flat(), 'run');
  }

  async balance(tenantId: TenantId, account: Account, at?: Date): Promise<Money[]> {
    const rows = await this.em.execute<{ amount: string; currency: string }[]>(
      `SELECT currency, sum(amount) AS amount FROM billing.posting WHERE tenant_id = ? AND account = ?${at ? ' AND at <= ?' : ''} GROUP BY currency ORDER BY currency`,
      [tenantId, account, ...(at ? [at.toISOString()] : [])], 'all');
    return rows.map(({ amount, currency }) => ({ amount: decimal(amount), currency }));
  }

  async lines(tenantId: TenantId, period: Date): Promise<(InvoiceLine & { currency: string })[]> {
    const rows = await this.em.execute<LineRow[]>(
      `SELECT e.kind, e.metric, e.late_at IS NOT NULL AS late, ${FREE} AS free, CASE WHEN e.metric IS NULL THEN e.memo END AS memo, p.currency, sum(e.quantity) AS quantity, sum(p.amount) AS amount
       FROM billing.ledger_entry e JOIN billing.posting p ON p.entry_id = e.id AND p.account = 'unbilled'
       WHERE e.tenant_id = ? AND e.period = ? AND e.kind IN ('SUBSCRIPTION', 'PRORATION', 'USAGE', 'INCLUDED')
       GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY array_position(ARRAY['SUBSCRIPTION', 'PRORATION', 'USAGE', 'INCLUDED'], e.kind), min(e.id)`, [tenantId, period.toISOString()], 'all');
    return rows.map(({ memo, quantity, amount, ...row }) => ({ ...row, memo: memo ?? row.metric!, quantity: quantity === null ? null : decimal(quantity), amount: decimal(amount) }));
  }

  async page(tenantId: TenantId, { first, after }: Span): Promise<PostingView[]> {
    const rows = await this.em.execute<PageRow[]>(
      `SELECT p.entry_id AS "entryId", p.seq, p.at, e.late_at AS "lateAt", e.kind, p.account, p.amount, p.currency, e.source, e.memo
       FROM billing.posting p JOIN billing.ledger_entry e ON e.id = p.entry_id
       WHERE p.tenant_id = ?${after ? ' AND (p.entry_id < ? OR (p.entry_id = ? AND p.seq > ?))' : ''} ORDER BY p.entry_id DESC, p.seq LIMIT ?`,
      [tenantId, ...(after ? [after[0]!, after[0]!, Number(after[1])] : []), first + 1], 'all');
    return rows.map(({ at, lateAt, amount, currency, ...row }) => ({ ...row, at: new Date(at), lateAt: lateAt === null ? null : new Date(lateAt), amount: { amount: decimal(amount), currency } }));
  }
}
