/** Billing's graph, as far as whoever spends asks it: in its own name, for one tenant at a time. */
import type { Ask } from '../ask.ts';
import type { TenantId } from '../ids.ts';
import type { ServiceName } from '../names.ts';
import { systemViewer, type Viewer } from '../viewer.ts';
import type { BillingDoor, Entitlements, Leased } from './ports.ts';

const ENTITLEMENTS = 'query($tenantId: ID!) { entitlements(tenantId: $tenantId) { version plan planVersion currency limits prices } }';
const TERMS = 'budgetId unit currency limit remaining resetAt';
const LEASE = `mutation($input: LeaseBudgetsInput!) { leaseBudgets(input: $input) { leases { ${TERMS} collectionId hard granted expiresAt } refusal { ${TERMS} } userErrors { message } } }`;
const RETURN = 'mutation($input: ReturnLeasesInput!) { returnLeases(input: $input) { userErrors { message } } }';

export function billingOver(ask: Ask, asker: ServiceName): BillingDoor {
  const viewers = (tenantId: TenantId): Viewer => systemViewer(asker, tenantId);
  return {
    async entitlements(tenantId) {
      const { entitlements } = await ask('billing', { document: ENTITLEMENTS, variables: { tenantId } }, viewers(tenantId));
      return entitlements as Entitlements | null;
    },
    async lease({ tenantId, userId, keyId, collectionIds }, holder, wants) {
      const { leaseBudgets } = await ask('billing', { document: LEASE, variables: { input: { tenantId, userId, keyId, ...(collectionIds && { collectionIds }), holder, wants } } }, viewers(tenantId));
      return mended(leaseBudgets) as unknown as Leased;
    },
    async giveBack(tenantId, holder, leases) {
      const { returnLeases } = await ask('billing', { document: RETURN, variables: { input: { tenantId, holder, leases } } }, viewers(tenantId));
      mended(returnLeases);
    },
  };
}

/** What a person could mend is a fault of ours here. */
function mended(payload: unknown): { userErrors: readonly { message: string }[] } {
  const said = payload as ReturnType<typeof mended> | null;
  if (!said || said.userErrors.length > 0) throw new Error(said?.userErrors[0]?.message ?? 'Billing said nothing.');
  return said;
}
