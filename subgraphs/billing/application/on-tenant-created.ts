import { consume } from '../../../platform/outbox/inbox.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { Scope, Work } from '../../../platform/work.ts';
import { tenantCreated, tenantRecalled } from '../../tenants/events.ts';
import type { Ports } from '../domain/ports.ts';
import { Subscription } from '../domain/subscription.ts';

export const selfIn = (tenantId: TenantId): Scope => ({ kind: 'system', id: 'system:billing', userId: null, tenantId });

interface Given { work: Work<Ports>; now: () => Date }

/** Whoever begins, begins with what costs nothing; so does whoever was there before there was anything to buy. */
export const onTenantCreated = (given: Given) => consume(tenantCreated, ({ body }) => begin(given, body));
export const onTenantRecalled = (given: Given) => consume(tenantRecalled, ({ body }) => begin(given, body));

const begin = ({ work, now }: Given, { tenantId, sandbox }: { tenantId: TenantId; sandbox: boolean }): Promise<void> =>
  work(selfIn(tenantId), async ({ plans, subscriptions }) => {
    if (await subscriptions.of(tenantId)) return;
    const [plan] = await plans.onSale();
    subscriptions.add(Subscription.open({ tenantId, sandbox, plan: plan!, now: now() }));
  });
