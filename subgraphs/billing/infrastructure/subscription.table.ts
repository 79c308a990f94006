import { EntitySchema } from '@mikro-orm/postgresql';
import { Subscription } from '../domain/subscription.ts';

const at = { type: 'Date', columnType: 'timestamptz(3)' } as const;

export const SubscriptionTable = new EntitySchema<Subscription>({
  class: Subscription,
  tableName: 'subscription',
  properties: {
    id: { type: 'string', primary: true },
    tenantId: { type: 'string' },
    sandbox: { type: 'boolean' },
    plan: { type: 'string' },
    planVersion: { type: 'integer' },
    seats: { type: 'integer' },
    currency: { type: 'string' },
    heldSince: at,
    state: { type: 'string' },
    periodFrom: at,
    periodTo: at,
    anchor: at,
    nextPlan: { type: 'string', nullable: true },
    nextSeats: { type: 'integer', nullable: true },
    triedAt: { ...at, nullable: true },
    reference: { type: 'string', nullable: true },
    customer: { type: 'string', nullable: true },
    createdAt: at,
    version: { type: 'integer', version: true },
  },
});
