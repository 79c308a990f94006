import { connectionFields } from '../../../platform/page.ts';
import { anyone, holder, member, memberHere, service, type PolicyTable } from '../../../platform/policy.ts';

const page = { [connectionFields]: holder };
const edge = { 'cursor node': holder };

/** Who may see and do what in billing. Money is for owners and admins, and for keys that were allowed to read of it; only people spend. */
export const policy: PolicyTable = {
  Query: { plans: anyone, entitlements: service('gateway', 'ai') },
  Mutation: {
    'changePlan cancelSubscription startCheckout openBillingPortal setBudget deleteBudget': member('ADMIN', null),
    recordUsage: member('ADMIN', 'usage:write'),
    'leaseBudgets returnLeases': service('gateway', 'ai'),
    receiveProviderSignal: service('gateway'),
  },
  Tenant: {
    'id viewerRole': holder,
    'plan subscription invoices invoicePreview ledger budgets': memberHere('ADMIN', 'billing:read'),
    // Below ADMIN what somebody has used themselves, and nothing else.
    usage: memberHere('GUEST', 'billing:read'),
  },
  ReceiveProviderSignalPayload: { 'kept userErrors': holder },
  Plan: { 'key version name seatsIncluded seatsMax included limits features sla prices': holder },
  PlanPrice: { 'month seat units': holder },
  UnitPrice: { 'metric amount': holder },
  PlanLimit: { 'name limit': holder },
  PlanIncluded: { 'points tokens storageBytes': holder },
  Entitlements: { 'tenantId version plan planVersion currency features limits prices seats': holder },
  BillingSubscription: { 'plan planVersion seats state currency periodFrom periodTo nextPlan nextSeats isPaid trialAvailable': holder },
  Invoice: { 'id nodeId number state periodFrom periodTo lines total due closedAt settledAt': holder },
  InvoiceLine: { 'kind memo metric quantity amount late': holder },
  InvoicePreview: { 'periodFrom periodTo lines total due': holder },
  InvoiceConnection: page, InvoiceEdge: edge,
  Posting: { 'entryId at lateAt kind account amount source memo': holder },
  PostingConnection: page, PostingEdge: edge,
  ChangePlanPayload: { 'subscription userErrors': holder },
  CancelSubscriptionPayload: { 'subscription userErrors': holder },
  StartCheckoutPayload: { 'url userErrors': holder },
  OpenBillingPortalPayload: { 'url userErrors': holder },
  Usage: { 'total series': holder },
  UsagePoint: { 'from lines': holder },
  UsageLine: { 'metric dimension quantity amount latencyMsP50 latencyMsP95': holder },
  Budget: { 'id period unit amount limit hard userId apiKeyId collectionId spent leased remaining resetAt': holder },
  BudgetLease: { 'budgetId unit currency collectionId granted limit remaining resetAt hard expiresAt': holder },
  BudgetRefusal: { 'budgetId unit currency limit remaining resetAt': holder },
  SetBudgetPayload: { 'budget userErrors': holder },
  DeleteBudgetPayload: { 'budgetId userErrors': holder },
  RecordUsagePayload: { 'recordId userErrors': holder },
  LeaseBudgetsPayload: { 'leases refusal userErrors': holder },
  ReturnLeasesPayload: { 'returned userErrors': holder },
};
