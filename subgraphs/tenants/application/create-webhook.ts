import { AtlasError } from '../../../platform/errors.ts';
import { invalid } from '../../../platform/text.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Receivers, WebhookPorts, WebhookSecrets } from '../domain/webhook-ports.ts';
import { targetOf, Webhook, WEBHOOKS_MAX, type WebhookFormat } from '../domain/webhook.ts';
import { notFound, tenantOf } from './act-in-tenant.ts';
import { refuseUnlessAdmin } from './hold-webhook.ts';

export interface CreateWebhookInput { url: string; format?: WebhookFormat | null; eventTypes: string[]; description?: string | null; enabled?: boolean | null }
export type CreateWebhook = ReturnType<typeof createWebhook>;

/** The secret is answered once; it is kept sealed, for Atlas has to sign with it. */
export const createWebhook = (given: { work: Work<WebhookPorts>; receivers: Receivers; secrets: WebhookSecrets }) => async (viewer: Viewer, input: CreateWebhookInput): Promise<{ webhook: Webhook; secret: string }> => {
  const tenantId = tenantOf(viewer);
  const url = await reachable(input.url, given.receivers);
  const { text, sealed } = given.secrets.fresh(tenantId);
  return given.work(viewer, async (ports) => {
    await refuseUnlessAdmin(viewer, ports);
    // Held, so that of two who create at once each counts the other's.
    if (!await ports.tenants.locked(tenantId)) throw notFound();
    if (await ports.webhooks.count(tenantId) >= WEBHOOKS_MAX) throw new AtlasError('LIMIT_REACHED', `A tenant has at most ${WEBHOOKS_MAX} webhooks.`);
    const webhook = Webhook.create({ tenantId, secret: sealed, format: input.format ?? 'CLOUD_EVENT', terms: { ...input, url } });
    await ports.webhooks.add(webhook);
    return { webhook, secret: text };
  });
};

/** Before any work, for a name has to be looked up. It is looked at again at every connection. */
export async function reachable(typed: string, receivers: Receivers): Promise<string> {
  const url = targetOf(typed, receivers);
  const refusal = await receivers.refusal(url);
  if (refusal !== null) throw invalid(refusal, 'url');
  return url.href;
}
