import { anyone, caller, holder, member, memberHere, person, service, type PolicyTable } from '../../../platform/policy.ts';
import { connectionFields } from '../../../platform/page.ts';

const page = { [connectionFields]: holder };
const edge = { 'cursor node': holder };

/** Who may see and do what in tenants. Use cases refuse further: only an OWNER makes owners, keys are their creator's or an ADMIN's. */
export const policy: PolicyTable = {
  Query: {
    'tenant tenants relations': caller,
    apiKeyScopes: anyone,
    'principalOfUser principalOfKey': service('gateway'),
  },
  Mutation: {
    'createTenant leaveTenant acceptInvitation': person,
    'updateTenant setFeature inviteMember revokeInvitation changeMemberRole removeMember': member('ADMIN', 'tenants:admin'),
    // A key that made keys would outlive its own revocation.
    'createApiKey updateApiKey rotateApiKey': member('MEMBER', null),
    'createWebhook updateWebhook rotateWebhookSecret deleteWebhook sendTestWebhook redeliverWebhook': member('ADMIN', 'webhooks:manage'),
    // Whoever made a key may take it back, whatever has become of them since.
    revokeApiKey: member('GUEST', 'tenants:admin'),
  },
  Tenant: {
    'id nodeId slug name createdAt viewerRole features sandbox': holder,
    members: memberHere('GUEST', 'tenants:read'),
    invitations: memberHere('ADMIN', 'tenants:admin'),
    apiKeys: memberHere('ADMIN', 'tenants:admin'),
    webhooks: memberHere('ADMIN', 'webhooks:manage'),
  },
  Member: { 'user role joinedAt': holder },
  Invitation: { 'id nodeId email role expiresAt acceptedAt': holder },
  ApiKey: { 'id nodeId name prefix scopes allowedAddresses expiresAt trustedDocumentsOnly lastUsedAt revokedAt createdBy': holder },
  Webhook: { 'id nodeId url eventTypes description enabled createdAt disabledAt disabledReason formerSecretUntil deliveries': holder },
  WebhookDelivery: { 'id nodeId webhook eventId eventType state attempts responseCode responseExcerpt failure durationMs createdAt attemptedAt nextAttemptAt': holder },
  Scope: { 'name description reaches': holder },
  User: { id: holder },
  UserPrincipal: { 'tenantId role sandbox': holder },
  KeyPrincipal: { 'keyId tenantId slug role scopes collectionIds allowedAddresses trustedDocumentsOnly sandbox endsAt': holder },
  UserRelation: { 'userId kind': holder },
  TenantConnection: page, TenantEdge: edge,
  MemberConnection: page, MemberEdge: edge,
  InvitationConnection: page, InvitationEdge: edge,
  ApiKeyConnection: page, ApiKeyEdge: edge,
  WebhookConnection: page, WebhookEdge: edge,
  WebhookDeliveryConnection: page, WebhookDeliveryEdge: edge,
  CreateTenantPayload: { 'tenant userErrors': holder },
  UpdateTenantPayload: { 'tenant userErrors': holder },
  SetFeaturePayload: { 'tenant userErrors': holder },
  LeaveTenantPayload: { 'tenantId userErrors': holder },
  InviteMemberPayload: { 'invitation userErrors': holder },
  RevokeInvitationPayload: { 'invitation userErrors': holder },
  AcceptInvitationPayload: { 'tenant member userErrors': holder },
  ChangeMemberRolePayload: { 'member userErrors': holder },
  RemoveMemberPayload: { 'member userErrors': holder },
  CreateApiKeyPayload: { 'apiKey secret userErrors': holder },
  UpdateApiKeyPayload: { 'apiKey userErrors': holder },
  RotateApiKeyPayload: { 'apiKey secret userErrors': holder },
  RevokeApiKeyPayload: { 'apiKey userErrors': holder },
  CreateWebhookPayload: { 'webhook secret userErrors': holder },
  UpdateWebhookPayload: { 'webhook userErrors': holder },
  RotateWebhookSecretPayload: { 'webhook secret userErrors': holder },
  DeleteWebhookPayload: { 'webhookId userErrors': holder },
  SendTestWebhookPayload: { 'webhook userErrors': holder },
  RedeliverWebhookPayload: { 'delivery userErrors': holder },
};
