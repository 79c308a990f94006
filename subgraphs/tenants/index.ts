/** The tenants service: who belongs to which tenant and as what, who is invited, and which keys open it; its trail and its webhooks beside. */
import { onceOver, forgetOldResults } from '../../platform/idempotency.ts';
import { graphOf, type Slice } from '../../platform/graph.ts';
import { loop } from '../../platform/loop.ts';
import { pagesOf } from '../../platform/page.ts';
import type { Resources, Service } from '../../platform/service.ts';
import { deskOver } from '../../platform/work.ts';
import { acceptInvitation } from './application/accept-invitation.ts';
import { changeMemberRole } from './application/change-member-role.ts';
import { createApiKey } from './application/create-api-key.ts';
import { createTenant } from './application/create-tenant.ts';
import { findManagers } from './application/find-caretakers.ts';
import { inviteMember } from './application/invite-member.ts';
import { leaveTenant } from './application/leave-tenant.ts';
import { listDeadLetters } from './application/list-dead-letters.ts';
import { listOfTenant } from './application/list-of-tenant.ts';
import { ownerOf } from './application/owner-of.ts';
import { makeDemo, type DemoGiven } from './application/make-demo.ts';
import { noteKeyUse } from './application/note-key-use.ts';
import { onEntitlementsChanged } from './application/on-entitlements-changed.ts';
import { onMemberInvited } from './application/on-member-invited.ts';
import { recallTenants } from './application/recall-tenants.ts';
import { relatePeople } from './application/relate-people.ts';
import { removeMember } from './application/remove-member.ts';
import { replayDeadLetter } from './application/replay-dead-letter.ts';
import { resolvePrincipal } from './application/resolve-principal.ts';
import { revokeApiKey } from './application/revoke-api-key.ts';
import { revokeInvitation } from './application/revoke-invitation.ts';
import { rotateApiKey } from './application/rotate-api-key.ts';
import { seeTenants } from './application/see-tenants.ts';
import { setFeature } from './application/set-feature.ts';
import { updateApiKey } from './application/update-api-key.ts';
import { updateTenant } from './application/update-tenant.ts';
import type { ApiKey } from './domain/api-key.ts';
import type { DeadLetter } from './domain/dead-letter.ts';
import type { Invitation } from './domain/invitation.ts';
import type { Member } from './domain/membership.ts';
import type { TenantView } from './domain/tenant-view.ts';
import { CryptoTokens } from './infrastructure/crypto-tokens.ts';
import { forgetExpiredInvitations } from './infrastructure/expired-invitations.ts';
import { ipaddrRanges } from './infrastructure/ipaddr-address-ranges.ts';
import { MailLetters } from './infrastructure/mail-letters.ts';
import { migrations } from './infrastructure/migrations/index.ts';
import { conflicts, portsOver, tables } from './infrastructure/postgres-ports.ts';
import { tenantsToRecall } from './infrastructure/tenants-to-recall.ts';
import { tenantBySlug } from './infrastructure/tenant-by-slug.ts';
import { ApiKeyType } from './presentation/api-key.graph.ts';
import { ApiKeysResolver } from './presentation/api-keys.resolver.ts';
import { AuditEventType } from './presentation/audit.graph.ts';
import { ActorResolver, AuditEventResolver, AuditResolver } from './presentation/audit.resolver.ts';
import { contextOver, references } from './presentation/context.ts';
import { DeadLettersResolver } from './presentation/dead-letters.resolver.ts';
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
import { auditOver } from './index.audit.ts';
import { webhooksOver } from './index.webhooks.ts';

export const slice: Slice = {
  name: 'tenants',
  resolvers: [
    TenantsResolver, TenantListsResolver, MembersResolver, ApiKeysResolver, AuditResolver, AuditEventResolver, ActorResolver, PrincipalsResolver,
    DeadLettersResolver, WebhooksResolver, WebhookDeliveriesResolver, WebhooksOfTenantResolver, ...payloadResolvers,
  ],
  types: [TenantType, InvitationType, ApiKeyType, AuditEventType, WebhookType, WebhookDeliveryType, UserStub],
  policy,
};

const HOUR_MS = 3_600_000;
/** After the first round there are none, and looking costs next to nothing. */
const RECALL_MS = 5_000;
/** With the loop's jitter a key is written at most once a minute. */
const KEY_USE_MS = 70_000;

export async function start({ settings, log, openDatabase, events, mail, secret }: Resources): Promise<Service> {
  const database = await openDatabase({ service: 'tenants', tables, migrations });
  const desk = deskOver(database, { ports: portsOver, conflicts, told: events.told });
  const tokens = new CryptoTokens(secret);
  const letters = new MailLetters({ mail, log, publicUrl: settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`, real: settings.SMTP_URL !== undefined });
  const uses = noteKeyUse(desk);
  const given = { ...desk, tokens, letters, uses, ranges: ipaddrRanges };

  const reads = { seeTenants: seeTenants(given), relatePeople: relatePeople(given) };
  const lists = listOfTenant(given);
  const audit = auditOver({ secret, log, events }, { database, ...desk });
  const webhooks = webhooksOver({ settings, secret, log, events }, { database, ...desk });
  const resolvers = [
    new TenantsResolver({ ...reads, createTenant: createTenant(given), updateTenant: updateTenant(given), setFeature: setFeature(given), leaveTenant: leaveTenant(given) }, pagesOf<TenantView>(secret, 'tenants', ({ id }) => [id])),
    new TenantListsResolver(lists, {
      members: pagesOf<Member>(secret, 'members', ({ joinedAt, userId }) => [joinedAt.toISOString(), userId]),
      invitations: pagesOf<Invitation>(secret, 'invitations', ({ id }) => [id]),
      apiKeys: pagesOf<ApiKey>(secret, 'api keys', ({ id }) => [id]),
    }),
    new MembersResolver({ inviteMember: inviteMember(given), revokeInvitation: revokeInvitation(given), acceptInvitation: acceptInvitation(given), changeMemberRole: changeMemberRole(given), removeMember: removeMember(given) }),
    new ApiKeysResolver({ createApiKey: createApiKey(given), updateApiKey: updateApiKey(given), rotateApiKey: rotateApiKey(given), revokeApiKey: revokeApiKey(given) }),
    new PrincipalsResolver(resolvePrincipal(given), findManagers(given)),
    new DeadLettersResolver({ listDeadLetters: listDeadLetters(given), replayDeadLetter: replayDeadLetter(given) }, pagesOf<DeadLetter>(secret, 'dead letters', ({ id }) => [id])),
    ...audit.resolvers,
    ...webhooks.resolvers,
    ...payloadResolvers.map((Payload) => new Payload()),
  ];
  const graph = graphOf({ slice, resolvers, references, context: contextOver({ seeTenants: reads.seeTenants, listOf: lists, seeAudit: audit.see, listWebhooks: webhooks.lists }), once: onceOver(database, secret), log });

  events.listen([onMemberInvited(given), onEntitlementsChanged(given), audit.consumer, webhooks.consumer]);
  events.sweep({ name: 'tenants to recall', everyMs: RECALL_MS, round: recallTenants({ ...given, toRecall: tenantsToRecall(database) }) });
  events.sweep({ name: 'tenants old results', everyMs: HOUR_MS, round: () => forgetOldResults(database) });
  events.sweep({ name: 'tenants expired invitations', everyMs: HOUR_MS, round: () => forgetExpiredInvitations(database) });
  const keyUse = loop({ name: 'tenants key use', everyMs: KEY_USE_MS, log, round: () => uses.flush() });
  return {
    name: 'tenants',
    graph,
    ready: () => database.ping(),
    async stop() {
      await Promise.all([keyUse.stop(), webhooks.stop()]);
      audit.stop();
      await uses.flush().catch((error: unknown) => log.warn({ err: error }, 'When keys were last used could not be written at the end.'));
    },
    audit: audit.trails,
    ownerOf: ownerOf({ ...desk, tenantBySlug: tenantBySlug(database) }),
    demo: (people) => makeDemo(given)(people as DemoGiven),
  };
}
