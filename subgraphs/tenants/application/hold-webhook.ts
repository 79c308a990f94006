import { AtlasError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { atLeast } from '../domain/role.ts';
import type { WebhookPorts } from '../domain/webhook-ports.ts';
import type { Webhook } from '../domain/webhook.ts';
import { notFound, roleToday, tenantOf } from './act-in-tenant.ts';

/** Part of a work: a person is an ADMIN still; of a key the policy has seen the scope. */
export async function refuseUnlessAdmin(viewer: Viewer, ports: Pick<WebhookPorts, 'memberships'>): Promise<void> {
  // A webhook tells of everything in the tenant, so whoever is held to a part of it may have none.
  if (viewer.collectionIds !== null) throw new AtlasError('FORBIDDEN', 'A key that is held to collections manages no webhooks.', { missing: 'a key for all collections' });
  if (viewer.kind === 'key') return;
  const role = await roleToday(viewer, ports);
  if (role === null || !atLeast(role, 'ADMIN')) throw new AtlasError('FORBIDDEN', 'This needs role ADMIN.', { missing: 'role ADMIN' });
}

/** Part of a work: the webhook, locked. */
export async function holdWebhook(viewer: Viewer, id: string, ports: WebhookPorts): Promise<Webhook> {
  await refuseUnlessAdmin(viewer, ports);
  const webhook = isId('whk', id) ? await ports.webhooks.locked(tenantOf(viewer), id) : null;
  if (!webhook) throw notFound('id');
  return webhook;
}
