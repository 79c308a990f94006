import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { WebhookPorts, WebhookSecrets } from '../domain/webhook-ports.ts';
import { SECRET_OVERLAP_SECONDS, type Webhook } from '../domain/webhook.ts';
import { tenantOf } from './act-in-tenant.ts';
import { holdWebhook } from './hold-webhook.ts';

export type RotateWebhookSecret = ReturnType<typeof rotateWebhookSecret>;

/** Both secrets sign for a while, so that receivers can change over when it suits them. */
export const rotateWebhookSecret = (given: { work: Work<WebhookPorts>; secrets: WebhookSecrets }) => async (viewer: Viewer, input: { id: string; overlapSeconds?: number | null }): Promise<{ webhook: Webhook; secret: string }> => {
  const { text, sealed } = given.secrets.fresh(tenantOf(viewer));
  return given.work(viewer, async (ports) => {
    const webhook = await holdWebhook(viewer, input.id, ports);
    webhook.rotate(sealed, input.overlapSeconds ?? SECRET_OVERLAP_SECONDS);
    return { webhook, secret: text };
  });
};
