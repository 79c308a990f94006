/** The tenants service: who belongs to which tenant and as what, who is invited, and which keys open it. */
import pLimit from 'p-limit';
import type { Database } from '../../platform/database/database.ts';
import { onceOver, forgetOldResults } from '../../platform/idempotency.ts';
import { graphOf, type Slice } from '../../platform/graph.ts';
import { loop } from '../../platform/loop.ts';
import { pagesOf } from '../../platform/page.ts';
import type { Resources, Service } from '../../platform/service.ts';
import { webhookAttemptsTotal } from '../../platform/telemetry/metrics.ts';
import { deskOver, type Desk, type Work } from '../../platform/work.ts';
import { acceptInvitation } from './application/accept-invitation.ts';
import { changeMemberRole } from './application/change-member-role.ts';
import { createApiKey } from './application/create-api-key.ts';
import { createTenant } from './application/create-tenant.ts';
import { createWebhook } from './application/create-webhook.ts';
import { deleteWebhook } from './application/delete-webhook.ts';
import { inviteMember } from './application/invite-member.ts';
import { leaveTenant } from './application/leave-tenant.ts';
import { listOfTenant } from './application/list-of-tenant.ts';
import { listWebhooks } from './application/list-webhooks.ts';
import { makeDemo, type DemoGiven } from './application/make-demo.ts';
import { noteKeyUse } from './application/note-key-use.ts';
import { onMemberInvited } from './application/on-member-invited.ts';
import { queueWebhooks } from './application/queue-webhooks.ts';
import { redeliverWebhook } from './application/redeliver-webhook.ts';
import { relatePeople } from './application/relate-people.ts';
import { removeMember } from './application/remove-member.ts';
import { resolvePrincipal } from './application/resolve-principal.ts';
import { revokeApiKey } from './application/revoke-api-key.ts';
import { revokeInvitation } from './application/revoke-invitation.ts';
import { rotateApiKey } from './application/rotate-api-key.ts';
import { rotateWebhookSecret } from './application/rotate-webhook-secret.ts';
import { seeTenants } from './application/see-tenants.ts';
import { sendTestWebhook } from './application/send-test-webhook.ts';
import { sendWebhooks } from './application/send-webhooks.ts';
import { setFeature } from './application/set-feature.ts';
import { updateApiKey } from './application/update-api-key.ts';
import { updateTenant } from './application/update-tenant.ts';
import { updateWebhook } from './application/update-webhook.ts';
import type { ApiKey } from './domain/api-key.ts';
import type { Invitation } from './domain/invitation.ts';
import type { Member } from './domain/membership.ts';
import type { TenantView } from './domain/tenant-view.ts';
import type { WebhookDelivery } from './domain/webhook-delivery.ts';
import type { WebhookPorts } from './domain/webhook-ports.ts';
import type { Webhook } from './domain/webhook.ts';
import { CryptoTokens } from './infrastructure/crypto-tokens.ts';
import { forgetExpiredInvitations } from './infrastructure/expired-invitations.ts';
import { forgetOldDeliveries } from './infrastructure/forgotten-deliveries.ts';
import { ipaddrRanges } from './infrastructure/ipaddr-address-ranges.ts';
import { MailLetters } from './infrastructure/mail-letters.ts';
import { migrations } from './infrastructure/migrations/index.ts';
import { conflicts, portsOver, tables } from './infrastructure/postgres-ports.ts';
import { postgresDueLanes } from './infrastructure/postgres-webhook-lanes.ts';
import { StandardWebhookSecrets } from './infrastructure/standard-webhook-secrets.ts';
import { undiciReceivers } from './infrastructure/undici-receivers.ts';
import { webhookPayload } from './infrastructure/webhook-payload.ts';
import { ApiKeyType } from './presentation/api-key.graph.ts';
import { ApiKeysResolver } from './presentation/api-keys.resolver.ts';
import { contextOver, references } from './presentation/context.ts';
import { InvitationType } from './presentation/member.graph.ts';
import { MembersResolver } from './presentation/members.resolver.ts';
import { payloadResolvers } from './presentation/payloads.resolver.ts';
import { policy } from './presentation/policy.ts';
import { PrincipalsResolver } from './presentation/principals.resolver.ts';
import { TenantListsResolver } from './presentation/tenant-lists.resolver.ts';
import { TenantType, UserStub } from './presentation/tenant.graph.ts';
import { TenantsResolver } from './presentation/tenants.resolver.ts';
import { WebhookDeliveryType, WebhookType } from './presentation/webhook.graph.ts';
import { WebhooksOfTenantResolver } from './presentation/webhooks-of-tenant.resolver.ts';
import { WebhookDeliveriesResolver, WebhooksResolver } from './presentation/webhooks.resolver.ts';

export const slice: Slice = {
  name: 'tenants',
  resolvers: [TenantsResolver, TenantListsResolver, MembersResolver, ApiKeysResolver, PrincipalsResolver, WebhooksResolver, WebhookDeliveriesResolver, WebhooksOfTenantResolver, ...payloadResolvers],
  types: [TenantType, InvitationType, ApiKeyType, WebhookType, WebhookDeliveryType, UserStub],
  policy,
};

const HOUR_MS = 3_600_000;
/** With the loop's jitter a key is written at most once a minute. */
const KEY_USE_MS = 70_000;
/** Another process may have queued something; what this one queues is begun at once. */
const SEND_EVERY_MS = 500;
/** What the sender may hold of the connections that requests are answered with. */
const SENDER_WORKS_MAX = 2;

export async function start({ settings, log, openDatabase, events, mail, secret }: Resources): Promise<Service> {
  const database = await openDatabase({ service: 'tenants', tables, migrations });
  const { work, look } = deskOver(database, { ports: portsOver, conflicts, told: events.told });
  const tokens = new CryptoTokens(secret);
  const letters = new MailLetters({ mail, log, publicUrl: settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`, real: settings.SMTP_URL !== undefined });
  const uses = noteKeyUse({ work });
  const given = { work, look, tokens, letters, uses, ranges: ipaddrRanges };

  const reads = { seeTenants: seeTenants(given), relatePeople: relatePeople(given) };
  const lists = listOfTenant(given);
  const webhooks = webhooksOver({ settings, secret, log }, { database, work, look });
  const resolvers = [
    new TenantsResolver({ ...reads, createTenant: createTenant(given), updateTenant: updateTenant(given), setFeature: setFeature(given), leaveTenant: leaveTenant(given) }, pagesOf<TenantView>(secret, 'tenants', ({ id }) => [id])),
    new TenantListsResolver(lists, {
      members: pagesOf<Member>(secret, 'members', ({ joinedAt, userId }) => [joinedAt.toISOString(), userId]),
      invitations: pagesOf<Invitation>(secret, 'invitations', ({ id }) => [id]),
      apiKeys: pagesOf<ApiKey>(secret, 'api keys', ({ id }) => [id]),
    }),
    new MembersResolver({ inviteMember: inviteMember(given), revokeInvitation: revokeInvitation(given), acceptInvitation: acceptInvitation(given), changeMemberRole: changeMemberRole(given), removeMember: removeMember(given) }),
    new ApiKeysResolver({ createApiKey: createApiKey(given), updateApiKey: updateApiKey(given), rotateApiKey: rotateApiKey(given), revokeApiKey: revokeApiKey(given) }),
    new PrincipalsResolver(resolvePrincipal(given)),
    ...webhooks.resolvers,
    ...payloadResolvers.map((Payload) => new Payload()),
  ];
  const graph = graphOf({ slice, resolvers, references, context: contextOver({ seeTenants: reads.seeTenants, listOf: lists, listWebhooks: webhooks.lists }), once: onceOver(database, secret), log });

  events.listen([onMemberInvited(given), webhooks.consumer]);
  const loops = [
    loop({ name: 'tenants old results', everyMs: HOUR_MS, log, round: () => forgetOldResults(database) }),
    loop({ name: 'tenants expired invitations', everyMs: HOUR_MS, log, round: () => forgetExpiredInvitations(database) }),
    loop({ name: 'tenants key use', everyMs: KEY_USE_MS, log, round: () => uses.flush() }),
  ];
  return {
    name: 'tenants',
    graph,
    ready: () => database.ping(),
    async stop() {
      await Promise.all([...loops.map((each) => each.stop()), webhooks.stop()]);
      await uses.flush().catch((error: unknown) => log.warn({ err: error }, 'When keys were last used could not be written at the end.'));
    },
    demo: (people) => makeDemo(given)(people as DemoGiven),
  };
}

function webhooksOver({ settings, secret, log }: Pick<Resources, 'settings' | 'secret' | 'log'>, given: Desk<WebhookPorts> & { database: Database }) {
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
  const sending = loop({ name: 'tenants webhooks', everyMs: SEND_EVERY_MS, log, round: () => sender.round() });
  const queued = () => sending.nudge();
  const forgetting = loop({ name: 'tenants old deliveries', everyMs: HOUR_MS, log, round: () => forgetOldDeliveries(given.database) });

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
      await Promise.all([sending.stop(), forgetting.stop()]);
      await sender.settled();
      await receivers.close();
    },
  };
}
