/** What one request of this service carries: who asks, and what has been loaded for them already. */
import type DataLoader from 'dataloader';
import type { Reference } from '../../../platform/graph-guard.ts';
import { isId, type InvoiceId } from '../../../platform/ids.ts';
import { batched, byId } from '../../../platform/loader.ts';
import { reaches, type Viewer } from '../../../platform/viewer.ts';
import type { SeeBilling } from '../application/see-billing.ts';
import type { Invoice } from '../domain/invoice.ts';

export interface Context { viewer: Viewer; invoices: DataLoader<InvoiceId, Invoice | null> }

export const contextOver = (see: SeeBilling) => (viewer: Viewer): Context => ({
  viewer,
  invoices: batched<InvoiceId, Invoice>(async (ids) => byId(await see.invoicesById(viewer, ids)) as ReadonlyMap<InvoiceId, Invoice>),
});

/** Whom the row of Tenant.invoices lets in, in the tenant that they act in: there an invoice is asked for by its id. */
const seesMoney = ({ kind, role, scopes }: Viewer): boolean => (kind === 'key' ? scopes.includes('billing:read') : kind === 'user' && reaches(role, 'ADMIN'));

export const references: Record<string, Reference<Context>> = {
  // Of the tenant that they act in the viewer itself says what they are; of another one, tenants has said it.
  Tenant: ({ id, viewerRole }, { viewer }) => Promise.resolve(isId('tnt', id) ? { id, viewerRole: viewer.tenantId === id ? viewer.role : viewerRole ?? null } : null),
  Invoice: async ({ id, nodeId }, { viewer, invoices }) => {
    const wanted = id ?? nodeId;
    return isId('ivc', wanted) && viewer.tenantId && seesMoney(viewer) ? invoices.load(wanted) : null;
  },
};
