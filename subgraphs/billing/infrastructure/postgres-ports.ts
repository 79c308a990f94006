import type { EntityManager } from '@mikro-orm/postgresql';
import { AtlasError } from '../../../platform/errors.ts';
import type { Plan } from '../domain/plan.ts';
import type { Ports } from '../domain/ports.ts';
import { InvoiceTable } from './invoice.table.ts';
import { PostgresInvoices } from './postgres-invoices.ts';
import { PostgresLedger } from './postgres-ledger.ts';
import { PostgresPlans } from './postgres-plans.ts';
import { PostgresProviderTasks } from './postgres-provider-tasks.ts';
import { PostgresSubscriptions } from './postgres-subscriptions.ts';
import { SubscriptionTable } from './subscription.table.ts';

export const tables = [SubscriptionTable, InvoiceTable];

/** Two who began the same at the same moment: whoever comes second finds it begun. */
export const conflicts = {
  subscription_once: () => new AtlasError('VERSION_CONFLICT', 'What this tenant has bought was changed at the same moment; try again.'),
};

export function portsOver(): (em: EntityManager) => Ports {
  const known = new Map<string, Plan>();
  return (em) => ({
    plans: new PostgresPlans(em, known),
    subscriptions: new PostgresSubscriptions(em),
    ledger: new PostgresLedger(em),
    invoices: new PostgresInvoices(em),
    tasks: new PostgresProviderTasks(em),
  });
}
