/** What billing tells: what a tenant has bought, what follows from it, and what became of its bills. Neighbours import this file and nothing else. */
import { defineEvent, described, exact, flag, id, list, moment, named, nullable, oneOf, text, whole } from '../../platform/event.ts';

const tenantId = id('tnt');
const subscriptionId = id('sub');

// Both are about the subscription, so that they arrive in order: the one with the higher version is the newer.
// Who needs to know what a tenant may do keeps this, and asks nobody while it serves a request.
export const entitlementsChanged = defineEvent('billing.entitlements-changed', 1, {
  tenantId,
  plan: text,
  planVersion: whole,
  currency: text,
  features: described(list(text), 'What the plan switches on, by name.'),
  limits: described(named(whole), 'How many there may be of what, by name; what is not named is without a limit.'),
  prices: described(named(exact), 'What one of a metric is worth in the currency. What is not named is worth nothing, and to a sandbox everything is.'),
  seats: described(whole, 'How many people may belong to the tenant.'),
});
export const subscriptionChanged = defineEvent('billing.subscription-changed', 1, {
  tenantId, subscriptionId,
  plan: text,
  planVersion: whole,
  seats: whole,
  state: oneOf('TRIALING', 'ACTIVE', 'PAST_DUE', 'CANCELED'),
  currency: text,
  periodFrom: moment,
  periodTo: moment,
  nextPlan: described(nullable(text), 'The plan that follows when the period ends; null: the same.'),
  nextSeats: described(nullable(whole), 'How many seats there are then; null: as many.'),
});

const budgetFacts = {
  tenantId,
  budgetId: described(text, 'Which: `bud_…`.'),
  period: oneOf('DAY', 'MONTH'),
  unit: oneOf('POINTS', 'TOKENS', 'MONEY'),
  amount: described(exact, 'How much of the unit there is in each period.'),
  currency: described(nullable(text), 'Of the amount; null unless it is money.'),
  hard: described(flag, 'Whether what would go beyond it is refused.'),
  userId: described(nullable(id('usr')), 'Whose use it counts; null: everybody’s, unless it is a key’s or a collection’s.'),
  keyId: nullable(id('key')),
  collectionId: nullable(id('col')),
};
export const budgetSet = defineEvent('billing.budget-set', 1, budgetFacts);
export const budgetDeleted = defineEvent('billing.budget-deleted', 1, { tenantId, budgetId: text });
// Once a period and step. It carries what the letter says, for users writes that: nobody else knows where to.
export const budgetReached = defineEvent('billing.budget-reached', 1, {
  ...budgetFacts,
  share: described(whole, 'Hundredths of it: 50, 80 or 100.'),
  spent: described(exact, 'How much was used when it was come to.'),
  periodFrom: moment,
  resetAt: described(moment, 'When the next period begins.'),
});
// What was counted stands in its usage, as in every event that counts for something.
export const usageRecorded = defineEvent('billing.usage-recorded', 1, { recordId: described(text, 'Which: `rec_…`.'), metric: text, at: described(moment, 'When it was used.') });
// What has been stored for how long, told once a day is over and once more where a change is heard of late. How much stands in its usage.
export const storageCounted = defineEvent('billing.storage-counted', 1, { tenantId, from: described(moment, 'The first day that is counted, from midnight.'), to: described(moment, 'The end of the last one.') });

const invoiceFacts = {
  tenantId, invoiceId: id('ivc'),
  number: text,
  total: described(exact, 'What its lines come to, rounded to the smallest coin.'),
  due: described(exact, 'What of it is to be paid, after what the tenant had to its credit.'),
  currency: text,
  state: oneOf('OPEN', 'PAID', 'VOID', 'UNCOLLECTIBLE'),
  periodFrom: moment,
  periodTo: moment,
};
export const invoiceClosed = defineEvent('billing.invoice-closed', 1, invoiceFacts);
export const invoiceSettled = defineEvent('billing.invoice-settled', 1, invoiceFacts);
