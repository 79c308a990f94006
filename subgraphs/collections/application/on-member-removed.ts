import { consume } from '../../../platform/outbox/inbox.ts';
import type { Scope, Work } from '../../../platform/work.ts';
import { memberRemoved } from '../../tenants/events.ts';
import type { Ports } from '../domain/ports.ts';

/** Whoever belongs to the tenant no more has no part in its collections, also when they come back. */
export const onMemberRemoved = ({ work }: { work: Work<Ports> }) => consume(memberRemoved, async ({ body: { tenantId, userId } }) => {
  const scope: Scope = { kind: 'system', id: 'system:collections', userId: null, tenantId };
  await work(scope, ({ shares }) => shares.removeOf(tenantId, userId));
});
