import type { EntityManager } from '@mikro-orm/postgresql';
import { AtlasError } from '../../../platform/errors.ts';
import { firstTime } from '../../../platform/outbox/inbox.ts';
import { slugTaken } from '../domain/slug.ts';
import type { WebhookPorts } from '../domain/webhook-ports.ts';
import { ApiKeyTable } from './api-key.table.ts';
import { InvitationTable } from './invitation.table.ts';
import { MembershipTable } from './membership.table.ts';
import { PostgresApiKeys } from './postgres-api-keys.ts';
import { PostgresDeadLetters } from './postgres-dead-letters.ts';
import { PostgresAuditTrails } from './postgres-audit-trails.ts';
import { PostgresInvitations } from './postgres-invitations.ts';
import { PostgresMemberships } from './postgres-memberships.ts';
import { PostgresTenants } from './postgres-tenants.ts';
import { PostgresWebhookDeliveries } from './postgres-webhook-deliveries.ts';
import { PostgresWebhookLanes } from './postgres-webhook-lanes.ts';
import { PostgresWebhooks } from './postgres-webhooks.ts';
import { TenantTable } from './tenant.table.ts';
import { WebhookDeliveryTable, WebhookTable } from './webhook.table.ts';

export const tables = [TenantTable, MembershipTable, InvitationTable, ApiKeyTable, WebhookTable, WebhookDeliveryTable];

/** Unique constraints, and what a person hears who runs into one: two who did the same at the same moment. */
export const conflicts = {
  tenant_slug: slugTaken,
  membership_once: () => new AtlasError('ALREADY_MEMBER'),
  invitation_once: () => new AtlasError('VERSION_CONFLICT', 'This address was invited at the same moment; look at the invitations again.', { path: ['input', 'email'] }),
};

export const portsOver = (em: EntityManager): WebhookPorts => ({
  tenants: new PostgresTenants(em),
  memberships: new PostgresMemberships(em),
  invitations: new PostgresInvitations(em),
  apiKeys: new PostgresApiKeys(em),
  deadLetters: new PostgresDeadLetters(em),
  audit: new PostgresAuditTrails(em),
  webhooks: new PostgresWebhooks(em),
  webhookDeliveries: new PostgresWebhookDeliveries(em),
  webhookLanes: new PostgresWebhookLanes(em),
  heard: { firstTime: (consumer, eventId) => firstTime(em, 'tenants', consumer, eventId) },
});
