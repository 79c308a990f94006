import { anyone, caller, holder, member, memberHere, person, service, type PolicyTable } from '../../../platform/policy.ts';
import { connectionFields } from '../../../platform/page.ts';

const page = { [connectionFields]: holder };
const edge = { 'cursor node': holder };

/** Who may see and do what in tenants. Use cases refuse further: only an OWNER makes owners, keys are their creator's or an ADMIN's. */
export const policy: PolicyTable = {
  Query: {
    'tenant tenants relations': caller,
    apiKeyScopes: anyone,
    deadLetters: member('ADMIN', 'tenants:admin'),
    'principalOfUser principalOfKey': service('gateway'),
  },
  Mutation: {
    'createTenant leaveTenant acceptInvitation': person,
    'updateTenant setFeature inviteMember revokeInvitation changeMemberRole removeMember': member('ADMIN', 'tenants:admin'),
    replayDeadLetter: member('ADMIN', 'tenants:admin'),
    // A key that made keys would outlive its own revocation.
    'createApiKey updateApiKey rotateApiKey': member('MEMBER', null),
    // Whoever made a key may take it back, whatever has become of them since.
    revokeApiKey: member('GUEST', 'tenants:admin'),
  },
  Tenant: {
    'id nodeId slug name createdAt viewerRole features sandbox': holder,
    members: memberHere('GUEST', 'tenants:read'),
    invitations: memberHere('ADMIN', 'tenants:admin'),
    apiKeys: memberHere('ADMIN', 'tenants:admin'),
    auditEvents: memberHere('ADMIN', 'audit:read'),
    auditTrail: memberHere('ADMIN', 'audit:read'),
  },
  Member: { 'user role joinedAt': holder },
  Invitation: { 'id nodeId email role expiresAt acceptedAt': holder },
  ApiKey: { 'id nodeId name prefix scopes allowedAddresses expiresAt trustedDocumentsOnly lastUsedAt revokedAt createdBy': holder },
  DeadLetter: { 'id consumer eventId eventType code message tries parkedAt lastTriedAt retryAt': holder },
  AuditEvent: { 'id nodeId at actor action entityType entityId before after requestId hash': holder },
  Actor: { 'kind id user apiKey': holder },
  AuditTrail: { 'verified count checked head firstBroken': holder },
  Scope: { 'name description reaches': holder },
  User: { id: holder },
  UserPrincipal: { 'tenantId role sandbox': holder },
  KeyPrincipal: { 'keyId tenantId slug role scopes collectionIds allowedAddresses trustedDocumentsOnly sandbox endsAt': holder },
  UserRelation: { 'userId kind': holder },
  TenantConnection: page, TenantEdge: edge,
  MemberConnection: page, MemberEdge: edge,
  InvitationConnection: page, InvitationEdge: edge,
  ApiKeyConnection: page, ApiKeyEdge: edge,
  DeadLetterConnection: page, DeadLetterEdge: edge,
  AuditEventConnection: page, AuditEventEdge: edge,
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
  ReplayDeadLetterPayload: { 'deadLetter userErrors': holder },
};
