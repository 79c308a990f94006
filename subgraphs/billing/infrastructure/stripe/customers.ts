/** Who pays for a tenant: one customer at Stripe, made with its first checkout. */
import type { Stripe } from 'stripe';
import type { TenantId } from '../../../../platform/ids.ts';
import { once } from './account.ts';

export interface Customers { of(tenantId: TenantId, email: string | null): Promise<string> }
/** Where it is remembered which customer a tenant is. */
export interface CustomerBook {
  find(tenantId: TenantId): Promise<string | null>;
  /** The one that was there first. */
  keep(tenantId: TenantId, customer: string): Promise<string>;
}

export const customersOf = (stripe: Stripe, book: CustomerBook): Customers => ({
  async of(tenantId, email) {
    const known = await book.find(tenantId);
    if (known) return known;
    const made = await once(`customer ${tenantId}`, (options) => stripe.customers.create({ ...(email && { email }), metadata: { atlas_tenant: tenantId } }, options));
    return book.keep(tenantId, made.id);
  },
});
