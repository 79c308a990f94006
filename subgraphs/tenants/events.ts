/** What tenants tells: its tenants, who is in them, and what keys they have. Neighbours import this file and nothing else. */
import { defineEvent } from '../../platform/event.ts';
import type { ApiKeyId, InvitationId, TenantId, UserId, WebhookId } from '../../platform/ids.ts';

type Role = 'OWNER' | 'ADMIN' | 'MEMBER' | 'GUEST';

// Whatever happens to a tenant or its members has the tenant as its subject, so that it arrives in order.
export const tenantCreated = defineEvent<{ tenantId: TenantId; slug: string; name: string; sandbox: boolean; createdBy: UserId }>('tenants.tenant-created', 1);
export const tenantUpdated = defineEvent<{ tenantId: TenantId; slug: string; name: string }>('tenants.tenant-updated', 1);
export const featureSet = defineEvent<{ tenantId: TenantId; name: string; enabled: boolean }>('tenants.feature-set', 1);
export const memberJoined = defineEvent<{ tenantId: TenantId; userId: UserId; role: Role }>('tenants.member-joined', 1);
export const memberRoleChanged = defineEvent<{ tenantId: TenantId; userId: UserId; role: Role; before: Role }>('tenants.member-role-changed', 1);
export const memberRemoved = defineEvent<{ tenantId: TenantId; userId: UserId; reason: 'left' | 'removed' }>('tenants.member-removed', 1);

// The token is not in here: whoever sends the letter makes it.
export const memberInvited = defineEvent<{ tenantId: TenantId; invitationId: InvitationId; email: string; role: Role; expiresAt: string }>('tenants.member-invited', 1);
export const invitationRevoked = defineEvent<{ tenantId: TenantId; invitationId: InvitationId }>('tenants.invitation-revoked', 1);

export interface ApiKeyFacts {
  tenantId: TenantId; keyId: ApiKeyId; name: string; scopes: string[]; collectionIds: string[] | null; allowedAddresses: string[] | null; expiresAt: string | null; trustedDocumentsOnly: boolean; createdBy: UserId;
}
// Their second version says what documents the key is held to.
export const apiKeyCreated = defineEvent<ApiKeyFacts>('tenants.api-key-created', 2);
export const apiKeyUpdated = defineEvent<ApiKeyFacts>('tenants.api-key-updated', 2);
export const apiKeyRotated = defineEvent<{ tenantId: TenantId; keyId: ApiKeyId; formerUntil: string }>('tenants.api-key-rotated', 1);
export const apiKeyRevoked = defineEvent<{ tenantId: TenantId; keyId: ApiKeyId }>('tenants.api-key-revoked', 1);

// Of its address only the host: what stands behind it is often a secret of the receiver's.
export interface WebhookFacts { tenantId: TenantId; webhookId: WebhookId; host: string; eventTypes: string[]; description: string; enabled: boolean }
export const webhookCreated = defineEvent<WebhookFacts>('tenants.webhook-created', 1);
export const webhookUpdated = defineEvent<WebhookFacts>('tenants.webhook-updated', 1);
export const webhookSecretRotated = defineEvent<{ tenantId: TenantId; webhookId: WebhookId; formerUntil: string }>('tenants.webhook-secret-rotated', 1);
export const webhookDeleted = defineEvent<{ tenantId: TenantId; webhookId: WebhookId }>('tenants.webhook-deleted', 1);
// It is delivered to the webhook that it is about and to no other, whatever they want.
export const webhookTested = defineEvent<{ tenantId: TenantId; webhookId: WebhookId }>('tenants.webhook-tested', 1);
// It carries what the letter to the owners says, for users writes that: nobody else knows where to.
export const webhookDisabled = defineEvent<{
  tenantId: TenantId; tenantName: string; sandbox: boolean; webhookId: WebhookId; host: string; reason: 'GONE' | 'FAILING'; ownerIds: UserId[];
}>('tenants.webhook-disabled', 1);
