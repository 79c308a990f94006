import { consumeByName } from '../../../platform/outbox/inbox.ts';
import type { Scope, Work } from '../../../platform/work.ts';
import { entitlementsIn } from '../domain/entitlements.ts';
import type { Ports } from '../domain/ports.ts';

/** Billing hears tenants, so its contract is not known here: the event is heard by its name, and read by what its schema promises. */
export const onEntitlementsChanged = (given: { work: Work<Ports> }) => consumeByName('entitlements', 'billing.entitlements-changed', async (event) => {
  const tenantId = event.tenant;
  if (tenantId === null) return;
  const entitlements = entitlementsIn(event.body);
  const scope: Scope = { kind: 'system', id: 'system:tenants', userId: null, tenantId };
  await given.work(scope, async ({ tenants }) => (await tenants.locked(tenantId))?.entitle({ ...entitlements, version: event.subjectVersion }));
});
