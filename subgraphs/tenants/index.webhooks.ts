/** Webhooks, wired: what is queued with an event, and what sends it. */
import pLimit from 'p-limit';
import type { Database } from '../../platform/database/database.ts';
import { pagesOf } from '../../platform/page.ts';
import type { Resources } from '../../platform/service.ts';
import { webhookAttemptsTotal } from '../../platform/telemetry/metrics.ts';
import type { Desk, Work } from '../../platform/work.ts';
import { createWebhook } from './application/create-webhook.ts';
import { deleteWebhook } from './application/delete-webhook.ts';
import { listWebhooks } from './application/list-webhooks.ts';
import { queueWebhooks } from './application/queue-webhooks.ts';
import { redeliverWebhook } from './application/redeliver-webhook.ts';
import { rotateWebhookSecret } from './application/rotate-webhook-secret.ts';
import { sendTestWebhook } from './application/send-test-webhook.ts';
import { sendWebhooks } from './application/send-webhooks.ts';
import { updateWebhook } from './application/update-webhook.ts';
import type { WebhookDelivery } from './domain/webhook-delivery.ts';
import type { WebhookPorts } from './domain/webhook-ports.ts';
import type { Webhook } from './domain/webhook.ts';
import { forgetOldDeliveries } from './infrastructure/forgotten-deliveries.ts';
import { postgresDueLanes } from './infrastructure/postgres-webhook-lanes.ts';
import { StandardWebhookSecrets } from './infrastructure/standard-webhook-secrets.ts';
import { undiciReceivers } from './infrastructure/undici-receivers.ts';
import { webhookPayload } from './infrastructure/webhook-payload.ts';
import { WebhooksOfTenantResolver } from './presentation/webhooks-of-tenant.resolver.ts';
import { WebhookDeliveriesResolver, WebhooksResolver } from './presentation/webhooks.resolver.ts';

const HOUR_MS = 3_600_000;
/** Another process may have queued something; what this one queues is begun at once. */
const SEND_EVERY_MS = 500;
/** What the sender may hold of the connections that requests are answered with. */
const SENDER_WORKS_MAX = 2;

export function webhooksOver({ settings, secret, log, events }: Pick<Resources, 'settings' | 'secret' | 'log' | 'events'>, given: Desk<WebhookPorts> & { database: Database }) {
  const timeoutMs = settings.WEBHOOKS_TIMEOUT_MS;
  const receivers = undiciReceivers({ http: settings.WEBHOOKS_HTTP, allowed: settings.WEBHOOKS_PRIVATE, timeoutMs });
  const secrets = new StandardWebhookSecrets(secret);
  const few = pLimit(SENDER_WORKS_MAX);
  const fewWorks: Work<WebhookPorts> = (scope, body) => few(() => given.work(scope, body));
  const sender = sendWebhooks({
    work: fewWorks, receivers, secrets, timeoutMs, dueLanes: postgresDueLanes(given.database), freed: () => queued(),
    terms: { retrySeconds: settings.WEBHOOKS_RETRY_SECONDS, disableAttempts: settings.WEBHOOKS_DISABLE_ATTEMPTS, disableHours: settings.WEBHOOKS_DISABLE_HOURS },
    onAttempt: (outcome) => webhookAttemptsTotal.inc({ outcome }),
    onFault: (error) => log.warn({ err: error }, 'A webhook could not be served; another round will.'),
  });
  const sending = events.sweep({ name: 'tenants webhooks', everyMs: SEND_EVERY_MS, round: () => sender.round() });
  const queued = () => sending.nudge();
  events.sweep({ name: 'tenants old deliveries', everyMs: HOUR_MS, round: () => forgetOldDeliveries(given.database) });

  const tools = { ...given, receivers, secrets, queued, payloadOf: webhookPayload };
  const lists = listWebhooks(tools);
  const verbs = {
    createWebhook: createWebhook(tools), updateWebhook: updateWebhook(tools), rotateWebhookSecret: rotateWebhookSecret(tools), deleteWebhook: deleteWebhook(tools),
    sendTestWebhook: sendTestWebhook(tools), redeliverWebhook: redeliverWebhook(tools),
  };
  const byId = ({ id }: { id: string }) => [id];
  return {
    lists,
    consumer: queueWebhooks(tools),
    resolvers: [
      new WebhooksResolver(verbs, lists, pagesOf<WebhookDelivery>(secret, 'webhook deliveries', byId)),
      new WebhookDeliveriesResolver(),
      new WebhooksOfTenantResolver(lists, pagesOf<Webhook>(secret, 'webhooks', byId)),
    ],
    async stop() {
      await sender.settled();
      await receivers.close();
    },
  };
}
