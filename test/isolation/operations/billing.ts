/** What a tenant has bought: seen and changed by those who look after it, and by nobody else. */
import { belongs, isKnown, passes, type Principal } from '../rights.ts';
import { mutation, only, type Operation } from './choose.ts';

const MONEY = '{ amount currency }';
const SUBSCRIPTION = 'plan planVersion seats state currency periodFrom periodTo nextPlan nextSeats isPaid trialAvailable';
const BOUGHT = `plan { key version } subscription { ${SUBSCRIPTION} } invoices(first: 3) { nodes { id number state total ${MONEY} lines { kind memo amount } } } invoicePreview { total ${MONEY} } ledger(first: 5) { nodes { entryId source memo amount ${MONEY} } }`;
const manages = (by: Principal): boolean => only(by, passes(by, 'ADMIN', null));
const RETURN_URL = 'https://app.example.org/done';

export const billingOperations: readonly Operation[] = [
  { field: 'Query.plans', weight: 0.5, make: () => ({ document: `{ plans { key version name prices { month ${MONEY} } } }`, variables: {} }) },
  {
    field: 'Query.tenant', weight: 2,
    make(world, by) {
      const tenant = world.pick(world.tenants);
      const hidden = isKnown(by) && belongs(by, tenant) ? {} : { hidden: [tenant.slug, world.word()] as const };
      return { document: `query($slug: String) { tenant(slug: $slug) { id ${BOUGHT} } }`, variables: { slug: tenant.slug }, ...hidden };
    },
  },
  {
    // More seats cost nobody anything where nobody pays: they would let in whom the world does not expect.
    field: 'Mutation.changePlan', weight: 0.3,
    make: (_, by) => ({ document: mutation('changePlan', `subscription { ${SUBSCRIPTION} }`), variables: { input: { plan: 'FREE' } }, expects: manages(by) }),
  },
  { field: 'Mutation.startCheckout', weight: 0.2, make: () => ({ document: mutation('startCheckout', 'url'), variables: { input: { plan: 'FREE', returnUrl: RETURN_URL } }, expects: false }) },
  { field: 'Mutation.openBillingPortal', weight: 0.2, make: () => ({ document: mutation('openBillingPortal', 'url'), variables: { input: { returnUrl: RETURN_URL } }, expects: false }) },
  { field: 'Mutation.cancelSubscription', weight: 0.2, make: () => ({ document: mutation('cancelSubscription', `subscription { ${SUBSCRIPTION} }`), variables: { input: { reason: 'we close' } }, expects: false }) },
];
