/** What tenants tells: its tenants, who is in them, and what keys they have. Neighbours import this file and nothing else. */
import { defineEvent, described, flag, formerly, id, list, moment, nullable, oneOf, text, type BodyOf } from '../../platform/event.ts';

const tenantId = id('tnt');
const userId = id('usr');
const invitationId = id('inv');
const keyId = id('key');
const role = oneOf('OWNER', 'ADMIN', 'MEMBER', 'GUEST');

// Whatever happens to a tenant or its members has the tenant as its subject, so that it arrives in order.
export const tenantCreated = defineEvent('tenants.tenant-created', 1, { tenantId, slug: text, name: text, sandbox: flag, createdBy: userId });
// It was there before whoever hears this: what the log no longer has of its beginning, told once.
export const tenantRecalled = defineEvent('tenants.tenant-recalled', 1, { tenantId, sandbox: flag });
export const tenantUpdated = defineEvent('tenants.tenant-updated', 1, { tenantId, slug: text, name: text });
export const featureSet = defineEvent('tenants.feature-set', 1, { tenantId, name: text, enabled: flag });
export const memberJoined = defineEvent('tenants.member-joined', 1, { tenantId, userId, role });
export const memberRoleChanged = defineEvent('tenants.member-role-changed', 1, { tenantId, userId, role, before: role });
export const memberRemoved = defineEvent('tenants.member-removed', 1, { tenantId, userId, reason: oneOf('left', 'removed') });

// The token is not in here: whoever sends the letter makes it.
export const memberInvited = defineEvent('tenants.member-invited', 1, { tenantId, invitationId, email: text, role, expiresAt: moment });
export const invitationRevoked = defineEvent('tenants.invitation-revoked', 1, { tenantId, invitationId });

const keyFactsBefore = {
  tenantId, keyId, name: text,
  scopes: list(text),
  collectionIds: described(nullable(list(id('col'))), 'The collections that the key is held to; null: all that its scopes reach.'),
  allowedAddresses: described(nullable(list(text)), 'From where it may be used, as addresses or ranges; null: from anywhere.'),
  expiresAt: described(nullable(moment), 'Null: it does not expire.'),
  createdBy: userId,
};
const keyFacts = { ...keyFactsBefore, trustedDocumentsOnly: described(flag, 'Whether it gets an answer to documents that are known beforehand only.') };
export type ApiKeyFacts = BodyOf<typeof keyFacts>;
/** The first version was told before a key could be held to trusted documents: none was. */
const keyFormerly = formerly(1, keyFactsBefore, (body): ApiKeyFacts => ({ ...body, trustedDocumentsOnly: false }));

export const apiKeyCreated = defineEvent('tenants.api-key-created', 2, keyFacts, [keyFormerly]);
export const apiKeyUpdated = defineEvent('tenants.api-key-updated', 2, keyFacts, [keyFormerly]);
export const apiKeyRotated = defineEvent('tenants.api-key-rotated', 1, { tenantId, keyId, formerUntil: described(moment, 'How long the former secret works on.') });
export const apiKeyRevoked = defineEvent('tenants.api-key-revoked', 1, { tenantId, keyId });

const webhookId = id('whk');
// Of its address only the host: what stands behind it is often a secret of the receiver's.
const webhookFacts = { tenantId, webhookId, host: text, eventTypes: list(text), description: text, enabled: flag };
export const webhookCreated = defineEvent('tenants.webhook-created', 1, webhookFacts);
export const webhookUpdated = defineEvent('tenants.webhook-updated', 1, webhookFacts);
export const webhookSecretRotated = defineEvent('tenants.webhook-secret-rotated', 1, { tenantId, webhookId, formerUntil: described(moment, 'Until when the former secret signs too.') });
export const webhookDeleted = defineEvent('tenants.webhook-deleted', 1, { tenantId, webhookId });
// It is delivered to the webhook that it is about and to no other, whatever they want.
export const webhookTested = defineEvent('tenants.webhook-tested', 1, { tenantId, webhookId });
// It carries what the letter to the owners says, for users writes that: nobody else knows where to.
export const webhookDisabled = defineEvent('tenants.webhook-disabled', 1, {
  tenantId, tenantName: text, sandbox: flag, webhookId, host: text, reason: oneOf('GONE', 'FAILING'), ownerIds: list(userId),
});
