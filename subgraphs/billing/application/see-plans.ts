import type { TenantId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Plan } from '../domain/plan.ts';
import type { Ports } from '../domain/ports.ts';
import { entitlementsOf } from '../domain/entitlements.ts';

export interface SeePlans {
  onSale(viewer: Viewer): Promise<Plan[]>;
  /** `version` grows with every change, as that of the event does. Of a tenant that nothing is known of yet: what it begins with, as version 0. */
  entitlements(tenantId: TenantId): Promise<ReturnType<typeof entitlementsOf> & { version: number }>;
}

export const seePlans = ({ look }: { look: Look<Ports> }): SeePlans => ({
  onSale: (viewer) => look(viewer, ({ plans }) => plans.onSale()),
  entitlements: (tenantId) => look({ kind: 'system', id: 'system:billing', userId: null, tenantId }, async ({ plans, subscriptions }) => {
    const held = await subscriptions.of(tenantId);
    if (held) return { ...entitlementsOf(held, await plans.of(held.plan, held.planVersion)), version: held.version };
    const [first] = await plans.onSale();
    return { ...entitlementsOf({ tenantId, seats: first!.seats.included, currency: 'USD', sandbox: false }, first!), version: 0 };
  }),
});
