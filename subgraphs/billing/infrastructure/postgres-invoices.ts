import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { InvoiceId, TenantId } from '../../../platform/ids.ts';
import { Invoice } from '../domain/invoice.ts';
import type { Invoices, Span } from '../domain/ports.ts';

const DIGITS = 6;

export class PostgresInvoices implements Invoices {
  constructor(private readonly em: EntityManager) {}
  byIds(tenantId: TenantId, ids: readonly InvoiceId[]): Promise<Invoice[]> {
    return this.em.find(Invoice, { tenantId, id: { $in: [...ids] } });
  }
  page(tenantId: TenantId, { first, after }: Span): Promise<Invoice[]> {
    const [id] = after ?? [];
    return this.em.find(Invoice, { tenantId, ...(id && { id: { $lt: id as InvoiceId } }) }, { orderBy: { id: 'desc' }, limit: first + 1 });
  }
  unpaid(tenantId: TenantId): Promise<Invoice[]> {
    return this.em.find(Invoice, { tenantId, state: { $in: ['OPEN', 'UNCOLLECTIBLE'] } }, { orderBy: { id: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE });
  }
  async nextNumber(year: number): Promise<string> {
    const [{ last }] = await this.em.execute<[{ last: number }]>(
      'INSERT INTO billing.invoice_number AS n (year, last) VALUES (?, 1) ON CONFLICT (year) DO UPDATE SET last = n.last + 1 RETURNING last', [year], 'all');
    return `ATL-${year}-${String(last).padStart(DIGITS, '0')}`;
  }
  add(invoice: Invoice): void {
    this.em.persist(invoice);
  }
}
