import { consumeByName } from '../../../platform/outbox/inbox.ts';
import type { Work } from '../../../platform/work.ts';
import { planLimitsIn } from '../domain/plan-limits.ts';
import type { Ports } from '../domain/ports.ts';

/** How much the tenant's plan holds is kept here, so that nobody is asked when something is added. Billing is heard by its event's name: its contract is not known here. */
export const onEntitlementsChanged = (given: { work: Work<Ports> }) => consumeByName('entitlements', 'billing.entitlements-changed', async ({ tenant: tenantId, body, subjectVersion }) => {
  if (tenantId === null) return;
  const limits = planLimitsIn(body);
  await given.work({ kind: 'system', id: 'system:collections', userId: null, tenantId }, ({ room }) => room.keep(tenantId, subjectVersion, limits));
});
