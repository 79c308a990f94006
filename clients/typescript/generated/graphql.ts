/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
// Made by `npm run codegen`. Do not edit it: change the documents and run that again.
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** An invitation to accept. */
export type AcceptInvitationInput = {
  /** The token from the letter. Whoever holds it may accept, whatever the address of their account is. */
  token: string;
};

/** What kind of caller did something. */
export const ActorKind = {
  /** A model that was allowed to act. */
  Ai: 'AI',
  /** Somebody who had not signed in. */
  Anonymous: 'ANONYMOUS',
  /** A program with an API key. */
  Key: 'KEY',
  /** A service of Atlas in its own name. */
  System: 'SYSTEM',
  /** A person. */
  User: 'USER'
} as const;

export type ActorKind = typeof ActorKind[keyof typeof ActorKind];
/** Which events to show; what is left out does not matter. */
export type AuditFilter = {
  /** What happened, in full: tenants.member-removed. */
  action?: string | null | undefined;
  /** Who did it. */
  actorId?: string | null | undefined;
  /** Which one. */
  entityId?: string | null | undefined;
  /** What kind of thing it happened to. */
  entityType?: string | null | undefined;
  /** From this moment on. */
  from?: string | null | undefined;
  /** Until before this moment. */
  to?: string | null | undefined;
};

/** What a member of the tenant that the request is in will be. */
export type ChangeMemberRoleInput = {
  /** The new role; only an OWNER makes or unmakes an OWNER. */
  role: TenantRole;
  /** The member. */
  userId: string;
};

/** A new key of the tenant that the request is in. */
export type CreateApiKeyInput = {
  /** IP addresses and ranges (192.0.2.0/24) it may be used from; null for any. */
  allowedAddresses?: Array<string> | null | undefined;
  /** The collections it is held to; null for all that its scopes reach. */
  collectionIds?: Array<string> | null | undefined;
  /** When it ends by itself; null for never. */
  expiresAt?: string | null | undefined;
  /** 1 to 100 characters. */
  name: string;
  /** What it may do, from apiKeyScopes; nothing that the caller may not. */
  scopes: Array<string>;
  /** Whether it gets an answer to nothing but documents that were handed in beforehand; no when not given. */
  trustedDocumentsOnly?: boolean | null | undefined;
};

/** A new tenant. */
export type CreateTenantInput = {
  /** 1 to 200 characters. */
  name: string;
  /** Whether it is for trying things out: never billed, no letter leaves, keys begin with atl_test. It stays what it is. */
  sandbox?: boolean | null | undefined;
  /** 3 to 40 lower-case letters, digits and hyphens; made from the name when not given. */
  slug?: string | null | undefined;
};

/** A new webhook of the tenant that the request is in. */
export type CreateWebhookInput = {
  /** What it is for; up to 200 characters. */
  description?: string | null | undefined;
  /** Whether events are sent; yes when not given. */
  enabled?: boolean | null | undefined;
  /** What it wants: event types (tenants.member-joined), kinds of them (tenants.*), or * for all; 1 to 50. */
  eventTypes: Array<string>;
  /** An https:// address that leads to a public host, without user name and password. */
  url: string;
};

/** Which webhook to delete. */
export type DeleteWebhookInput = {
  /** The webhook. */
  id: string;
};

/** Whom to invite to the tenant that the request is in. */
export type InviteMemberInput = {
  /** Where the letter goes. An open invitation to the same address is replaced. */
  email: string;
  /** What they will be; only an OWNER invites an OWNER. */
  role: TenantRole;
};

/** Signing in. */
export type LoginInput = {
  /** The e-mail of the account, in any case. */
  email: string;
  /** Its password. */
  password: string;
};

/** Signing out. */
export type LogoutInput = {
  /** A refresh token of the session to end; the one you are signed in with when not given. */
  refreshToken?: string | null | undefined;
};

/** What to send again. */
export type RedeliverWebhookInput = {
  /** The delivery. */
  deliveryId: string;
};

/** Carrying a session on. */
export type RefreshSessionInput = {
  /** The newest refresh token of the session. */
  refreshToken: string;
};

/** A new account. */
export type RegisterInput = {
  /** An e-mail that has no account yet; a letter to it asks for confirmation. */
  email: string;
  /** What you want to be called, up to 200 characters. */
  name: string;
  /** At least 8 characters, and not one that everybody tries first. */
  password: string;
};

/** Whom to remove from the tenant that the request is in. */
export type RemoveMemberInput = {
  /** The member. */
  userId: string;
};

/** Which event to try again. */
export type ReplayDeadLetterInput = {
  /** The dead letter. */
  id: string;
};

/** Which key to end. */
export type RevokeApiKeyInput = {
  /** The key. */
  id: string;
};

/** Which webhook gets a new secret. */
export type RotateWebhookSecretInput = {
  /** The webhook. */
  id: string;
  /** How long the old secret signs too: up to 604800 (7 days); 86400 (a day) when not given. */
  overlapSeconds?: number | null | undefined;
};

/** Which webhook to try out. */
export type SendTestWebhookInput = {
  /** The webhook. */
  id: string;
};

/** What somebody is in a tenant; each may do all that the ones after it may. */
export const TenantRole = {
  /** Manages members, invitations, keys and settings. */
  Admin: 'ADMIN',
  /** Sees what is shared with them. */
  Guest: 'GUEST',
  /** Works with what the tenant holds. */
  Member: 'MEMBER',
  /** May do everything, and alone makes and unmakes owners. */
  Owner: 'OWNER'
} as const;

export type TenantRole = typeof TenantRole[keyof typeof TenantRole];
/** What to change about a webhook; what is left out stays. */
export type UpdateWebhookInput = {
  /** What it is for; up to 200 characters. */
  description?: string | null | undefined;
  /** Whether events are sent. Switching it off gives up what waits. */
  enabled?: boolean | null | undefined;
  /** What it wants: event types (tenants.member-joined), kinds of them (tenants.*), or * for all; 1 to 50. */
  eventTypes?: Array<string> | null | undefined;
  /** The webhook. */
  id: string;
  /** An https:// address that leads to a public host, without user name and password. */
  url?: string | null | undefined;
};

/** Confirming an e-mail. */
export type VerifyEmailInput = {
  /** The token from the letter. */
  token: string;
};

/** What has become of a delivery. */
export const WebhookDeliveryState = {
  /** The receiver took it with a 2xx. */
  Delivered: 'DELIVERED',
  /** It was given up. */
  Failed: 'FAILED',
  /** It is due, or waits for its next attempt. */
  Pending: 'PENDING'
} as const;

export type WebhookDeliveryState = typeof WebhookDeliveryState[keyof typeof WebhookDeliveryState];
/** Why a webhook is off. */
export const WebhookDisabledReason = {
  /** Nothing has arrived for days, though it was tried. */
  Failing: 'FAILING',
  /** Its receiver answered 410 Gone. */
  Gone: 'GONE',
  /** Somebody switched it off. */
  Requested: 'REQUESTED'
} as const;

export type WebhookDisabledReason = typeof WebhookDisabledReason[keyof typeof WebhookDisabledReason];
export type TenantQueryVariables = Exact<{
  slug?: string | null | undefined;
}>;


export type TenantQuery = { tenant: { id: string, slug: string, name: string, viewerRole: TenantRole, features: Array<string> } | null };

export type TenantsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type TenantsQuery = { tenants: { nodes: Array<{ id: string, slug: string, name: string, viewerRole: TenantRole }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type MembersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type MembersQuery = { tenant: { id: string, members: { nodes: Array<{ role: TenantRole, joinedAt: string, user: { id: string, name: string, email: string | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type ApiKeysQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ApiKeysQuery = { tenant: { id: string, apiKeys: { nodes: Array<{ id: string, name: string, prefix: string, scopes: Array<string>, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null, createdBy: { id: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type AuditEventsQueryVariables = Exact<{
  filter?: AuditFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type AuditEventsQuery = { tenant: { id: string, auditEvents: { nodes: Array<{ id: string, at: string, action: string, entityType: string, entityId: string, before: unknown, after: unknown, requestId: string | null, hash: string, actor: { kind: ActorKind, id: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type AuditTrailQueryVariables = Exact<{ [key: string]: never; }>;


export type AuditTrailQuery = { tenant: { id: string, auditTrail: { verified: boolean, checked: number, count: number, head: string | null, firstBroken: string | null } | null } | null };

export type DeadLettersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type DeadLettersQuery = { deadLetters: { nodes: Array<{ id: string, consumer: string, eventId: string, eventType: string, code: string, message: string, tries: number, parkedAt: string, retryAt: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type WebhooksQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type WebhooksQuery = { tenant: { id: string, webhooks: { nodes: Array<{ id: string, url: string, eventTypes: Array<string>, description: string, enabled: boolean, disabledReason: WebhookDisabledReason | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type WebhookDeliveriesQueryVariables = Exact<{
  id: string;
  state?: WebhookDeliveryState | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type WebhookDeliveriesQuery = { node:
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string, deliveries: { nodes: Array<{ id: string, eventId: string, eventType: string, state: WebhookDeliveryState, attempts: number, responseCode: number | null, failure: string | null, attemptedAt: string | null, nextAttemptAt: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null }
    | { id: string }
   | null };

export type NodeQueryVariables = Exact<{
  id: string;
}>;


export type NodeQuery = { node:
    | { __typename: 'ApiKey', id: string }
    | { __typename: 'Attachment', id: string }
    | { __typename: 'AuditEvent', id: string }
    | { __typename: 'Collection', id: string }
    | { __typename: 'Invitation', id: string }
    | { __typename: 'Item', id: string }
    | { __typename: 'Tenant', id: string }
    | { __typename: 'User', id: string }
    | { __typename: 'Webhook', id: string }
    | { __typename: 'WebhookDelivery', id: string }
   | null };

export type CreateTenantMutationVariables = Exact<{
  input: CreateTenantInput;
}>;


export type CreateTenantMutation = { createTenant: { tenant: { id: string, slug: string, name: string } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type InviteMemberMutationVariables = Exact<{
  input: InviteMemberInput;
}>;


export type InviteMemberMutation = { inviteMember: { invitation: { id: string, email: string, role: TenantRole, expiresAt: string } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type AcceptInvitationMutationVariables = Exact<{
  input: AcceptInvitationInput;
}>;


export type AcceptInvitationMutation = { acceptInvitation: { tenant: { id: string, slug: string, viewerRole: TenantRole } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type ChangeMemberRoleMutationVariables = Exact<{
  input: ChangeMemberRoleInput;
}>;


export type ChangeMemberRoleMutation = { changeMemberRole: { member: { role: TenantRole, user: { id: string } | null } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type RemoveMemberMutationVariables = Exact<{
  input: RemoveMemberInput;
}>;


export type RemoveMemberMutation = { removeMember: { userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { createApiKey: { secret: string | null, apiKey: { id: string, name: string, prefix: string, scopes: Array<string> } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type RevokeApiKeyMutationVariables = Exact<{
  input: RevokeApiKeyInput;
}>;


export type RevokeApiKeyMutation = { revokeApiKey: { apiKey: { id: string, revokedAt: string | null } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type CreateWebhookMutationVariables = Exact<{
  input: CreateWebhookInput;
}>;


export type CreateWebhookMutation = { createWebhook: { secret: string | null, webhook: { id: string, url: string, eventTypes: Array<string>, enabled: boolean } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type UpdateWebhookMutationVariables = Exact<{
  input: UpdateWebhookInput;
}>;


export type UpdateWebhookMutation = { updateWebhook: { webhook: { id: string, url: string, eventTypes: Array<string>, enabled: boolean } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type RotateWebhookSecretMutationVariables = Exact<{
  input: RotateWebhookSecretInput;
}>;


export type RotateWebhookSecretMutation = { rotateWebhookSecret: { secret: string | null, webhook: { id: string, formerSecretUntil: string | null } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type DeleteWebhookMutationVariables = Exact<{
  input: DeleteWebhookInput;
}>;


export type DeleteWebhookMutation = { deleteWebhook: { webhookId: string | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type SendTestWebhookMutationVariables = Exact<{
  input: SendTestWebhookInput;
}>;


export type SendTestWebhookMutation = { sendTestWebhook: { webhook: { id: string } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type RedeliverWebhookMutationVariables = Exact<{
  input: RedeliverWebhookInput;
}>;


export type RedeliverWebhookMutation = { redeliverWebhook: { delivery: { id: string, state: WebhookDeliveryState } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type ReplayDeadLetterMutationVariables = Exact<{
  input: ReplayDeadLetterInput;
}>;


export type ReplayDeadLetterMutation = { replayDeadLetter: { deadLetter: { id: string, retryAt: string | null } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type SessionPartsFragment = { accessToken: string, refreshToken: string, expiresAt: string };

export type ErrorsFragment = { code: string, message: string, path: Array<string> | null };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { me: { id: string, email: string | null, name: string, createdAt: string } | null };

export type MySessionsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type MySessionsQuery = { me: { id: string, sessions: { nodes: Array<{ id: string, createdAt: string, lastSeenAt: string, userAgent: string | null, current: boolean }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type RegisterMutationVariables = Exact<{
  input: RegisterInput;
}>;


export type RegisterMutation = { register: { user: { id: string, name: string } | null, session: { accessToken: string, refreshToken: string, expiresAt: string } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type LoginMutationVariables = Exact<{
  input: LoginInput;
}>;


export type LoginMutation = { login: { user: { id: string, name: string } | null, session: { accessToken: string, refreshToken: string, expiresAt: string } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type RefreshSessionMutationVariables = Exact<{
  input: RefreshSessionInput;
}>;


export type RefreshSessionMutation = { refreshSession: { session: { accessToken: string, refreshToken: string, expiresAt: string } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type LogoutMutationVariables = Exact<{
  input: LogoutInput;
}>;


export type LogoutMutation = { logout: { userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type VerifyEmailMutationVariables = Exact<{
  input: VerifyEmailInput;
}>;


export type VerifyEmailMutation = { verifyEmail: { user: { id: string } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const SessionPartsFragmentDoc = new TypedDocumentString(`
    fragment SessionParts on SessionTokens {
  accessToken
  refreshToken
  expiresAt
}
    `, {"fragmentName":"SessionParts"}) as unknown as TypedDocumentString<SessionPartsFragment, unknown>;
export const ErrorsFragmentDoc = new TypedDocumentString(`
    fragment Errors on UserError {
  code
  message
  path
}
    `, {"fragmentName":"Errors"}) as unknown as TypedDocumentString<ErrorsFragment, unknown>;
export const TenantDocument = new TypedDocumentString(`
    query Tenant($slug: String) {
  tenant(slug: $slug) {
    id
    slug
    name
    viewerRole
    features
  }
}
    `, {"hash":"sha256:4e2860ea0a73f94124130d1e0a5b3e3c8d3a4365521266db448df84330eaa9e6"}) as unknown as TypedDocumentString<TenantQuery, TenantQueryVariables>;
export const TenantsDocument = new TypedDocumentString(`
    query Tenants($first: Int, $after: String) {
  tenants(first: $first, after: $after) {
    nodes {
      id
      slug
      name
      viewerRole
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:4ccd32c53ae2cae0c2adc0f64c0b2c79f8026cd3820eefbb84fc487615be4da0"}) as unknown as TypedDocumentString<TenantsQuery, TenantsQueryVariables>;
export const MembersDocument = new TypedDocumentString(`
    query Members($first: Int, $after: String) {
  tenant {
    id
    members(first: $first, after: $after) {
      nodes {
        role
        joinedAt
        user {
          id
          name
          email
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `, {"hash":"sha256:d5310e0918f5d0ff2099d0cb0d07eedf4e1b81671884864127bf72554f26c7ab"}) as unknown as TypedDocumentString<MembersQuery, MembersQueryVariables>;
export const ApiKeysDocument = new TypedDocumentString(`
    query ApiKeys($first: Int, $after: String) {
  tenant {
    id
    apiKeys(first: $first, after: $after) {
      nodes {
        id
        name
        prefix
        scopes
        expiresAt
        lastUsedAt
        revokedAt
        createdBy {
          id
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `, {"hash":"sha256:4171c5a1acbc36c634104814cfafcfd53ef4fd038d3d1b37d1608717bd875569"}) as unknown as TypedDocumentString<ApiKeysQuery, ApiKeysQueryVariables>;
export const AuditEventsDocument = new TypedDocumentString(`
    query AuditEvents($filter: AuditFilter, $first: Int, $after: String) {
  tenant {
    id
    auditEvents(filter: $filter, first: $first, after: $after) {
      nodes {
        id
        at
        action
        entityType
        entityId
        actor {
          kind
          id
        }
        before
        after
        requestId
        hash
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `, {"hash":"sha256:5c1b0bd94dc50c8925775dc8f96b5079a2736158826be8e9be70b775c3fc43bb"}) as unknown as TypedDocumentString<AuditEventsQuery, AuditEventsQueryVariables>;
export const AuditTrailDocument = new TypedDocumentString(`
    query AuditTrail {
  tenant {
    id
    auditTrail {
      verified
      checked
      count
      head
      firstBroken
    }
  }
}
    `, {"hash":"sha256:028f4c322f236becf6293f04b615065c98b463e6ee228a7250a73510f15dfaca"}) as unknown as TypedDocumentString<AuditTrailQuery, AuditTrailQueryVariables>;
export const DeadLettersDocument = new TypedDocumentString(`
    query DeadLetters($first: Int, $after: String) {
  deadLetters(first: $first, after: $after) {
    nodes {
      id
      consumer
      eventId
      eventType
      code
      message
      tries
      parkedAt
      retryAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:032eb0eb00befeee290b14aabd77b954fe8fc373c13e0b6a766d82716994db0e"}) as unknown as TypedDocumentString<DeadLettersQuery, DeadLettersQueryVariables>;
export const WebhooksDocument = new TypedDocumentString(`
    query Webhooks($first: Int, $after: String) {
  tenant {
    id
    webhooks(first: $first, after: $after) {
      nodes {
        id
        url
        eventTypes
        description
        enabled
        disabledReason
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `, {"hash":"sha256:e184eb6849dfe1df2d4523fe421ff4bb3857e3d3d857831a20e8541f199116f6"}) as unknown as TypedDocumentString<WebhooksQuery, WebhooksQueryVariables>;
export const WebhookDeliveriesDocument = new TypedDocumentString(`
    query WebhookDeliveries($id: ID!, $state: WebhookDeliveryState, $first: Int, $after: String) {
  node(id: $id) {
    id
    ... on Webhook {
      deliveries(state: $state, first: $first, after: $after) {
        nodes {
          id
          eventId
          eventType
          state
          attempts
          responseCode
          failure
          attemptedAt
          nextAttemptAt
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}
    `, {"hash":"sha256:ade576d67eb4f7374b7aab88d606eef489ee5242c11af0b41c6c964c91b6f711"}) as unknown as TypedDocumentString<WebhookDeliveriesQuery, WebhookDeliveriesQueryVariables>;
export const NodeDocument = new TypedDocumentString(`
    query Node($id: ID!) {
  node(id: $id) {
    __typename
    id
  }
}
    `, {"hash":"sha256:674a4e60b765ab762155deb5480b435445a7ecf217bd9a818ee68fa139bfb45a"}) as unknown as TypedDocumentString<NodeQuery, NodeQueryVariables>;
export const CreateTenantDocument = new TypedDocumentString(`
    mutation CreateTenant($input: CreateTenantInput!) {
  createTenant(input: $input) {
    tenant {
      id
      slug
      name
    }
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:e2d563dfaa1fd4b42e0060854f656f0ef7d00e212c84d5734f56440aa53fee62"}) as unknown as TypedDocumentString<CreateTenantMutation, CreateTenantMutationVariables>;
export const InviteMemberDocument = new TypedDocumentString(`
    mutation InviteMember($input: InviteMemberInput!) {
  inviteMember(input: $input) {
    invitation {
      id
      email
      role
      expiresAt
    }
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:a298e7396460709594bc19510216d0f61d984e6bc6697c91bfbbc745d77d53f4"}) as unknown as TypedDocumentString<InviteMemberMutation, InviteMemberMutationVariables>;
export const AcceptInvitationDocument = new TypedDocumentString(`
    mutation AcceptInvitation($input: AcceptInvitationInput!) {
  acceptInvitation(input: $input) {
    tenant {
      id
      slug
      viewerRole
    }
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:fbd6a83d7bc7d9cc780edcb92fff4e44d5d236728ee53e457453c070905bc620"}) as unknown as TypedDocumentString<AcceptInvitationMutation, AcceptInvitationMutationVariables>;
export const ChangeMemberRoleDocument = new TypedDocumentString(`
    mutation ChangeMemberRole($input: ChangeMemberRoleInput!) {
  changeMemberRole(input: $input) {
    member {
      role
      user {
        id
      }
    }
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:776c9c8e785b178a6a76f930c275b319257191fb3a78e7cdaca557e08184d6f7"}) as unknown as TypedDocumentString<ChangeMemberRoleMutation, ChangeMemberRoleMutationVariables>;
export const RemoveMemberDocument = new TypedDocumentString(`
    mutation RemoveMember($input: RemoveMemberInput!) {
  removeMember(input: $input) {
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:0e0255ad934902052d55cb646af7db02b30caadaa905630712d8e690be257b29"}) as unknown as TypedDocumentString<RemoveMemberMutation, RemoveMemberMutationVariables>;
export const CreateApiKeyDocument = new TypedDocumentString(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    apiKey {
      id
      name
      prefix
      scopes
    }
    secret
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:c4bab5dd01670969e09d45297be20f91c97b7ab857697924540d0e3b30db0f3f"}) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const RevokeApiKeyDocument = new TypedDocumentString(`
    mutation RevokeApiKey($input: RevokeApiKeyInput!) {
  revokeApiKey(input: $input) {
    apiKey {
      id
      revokedAt
    }
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:acf9b06c8a2758da964543ccad3ec59f6ad5c2a2f3b58e68f0d3c25e2edeae2a"}) as unknown as TypedDocumentString<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;
export const CreateWebhookDocument = new TypedDocumentString(`
    mutation CreateWebhook($input: CreateWebhookInput!) {
  createWebhook(input: $input) {
    webhook {
      id
      url
      eventTypes
      enabled
    }
    secret
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:aaa559413b6ce340d61084cb5e9d8d6b48383f8980d9ac79dcdb125c1eb43c43"}) as unknown as TypedDocumentString<CreateWebhookMutation, CreateWebhookMutationVariables>;
export const UpdateWebhookDocument = new TypedDocumentString(`
    mutation UpdateWebhook($input: UpdateWebhookInput!) {
  updateWebhook(input: $input) {
    webhook {
      id
      url
      eventTypes
      enabled
    }
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:8fa0c0d24fe1b171af612d697d0798532ebdd9352bb25be6ccf582145791481d"}) as unknown as TypedDocumentString<UpdateWebhookMutation, UpdateWebhookMutationVariables>;
export const RotateWebhookSecretDocument = new TypedDocumentString(`
    mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
  rotateWebhookSecret(input: $input) {
    webhook {
      id
      formerSecretUntil
    }
    secret
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:cc4b7aefb310757e9e66d4eab8adf54e40594f5324d94d8da20cafdcc91f2ef3"}) as unknown as TypedDocumentString<RotateWebhookSecretMutation, RotateWebhookSecretMutationVariables>;
export const DeleteWebhookDocument = new TypedDocumentString(`
    mutation DeleteWebhook($input: DeleteWebhookInput!) {
  deleteWebhook(input: $input) {
    webhookId
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:f2eb6f09bd8276e58caab6cdf2881c9f1d27c4c6368e1deae25f30662c4f3eae"}) as unknown as TypedDocumentString<DeleteWebhookMutation, DeleteWebhookMutationVariables>;
export const SendTestWebhookDocument = new TypedDocumentString(`
    mutation SendTestWebhook($input: SendTestWebhookInput!) {
  sendTestWebhook(input: $input) {
    webhook {
      id
    }
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:d8b1c4c1818b8a9a1c23c6c6210b8dc3483fd233e5bd73cf0f1cc60d0a7d8729"}) as unknown as TypedDocumentString<SendTestWebhookMutation, SendTestWebhookMutationVariables>;
export const RedeliverWebhookDocument = new TypedDocumentString(`
    mutation RedeliverWebhook($input: RedeliverWebhookInput!) {
  redeliverWebhook(input: $input) {
    delivery {
      id
      state
    }
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:c2776e8289db52bf46bd03f1989bee7a2252f7d4a0818676bcd09bcb3f5d2be1"}) as unknown as TypedDocumentString<RedeliverWebhookMutation, RedeliverWebhookMutationVariables>;
export const ReplayDeadLetterDocument = new TypedDocumentString(`
    mutation ReplayDeadLetter($input: ReplayDeadLetterInput!) {
  replayDeadLetter(input: $input) {
    deadLetter {
      id
      retryAt
    }
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:c307bc88b3f8a54aa7769b848ef2373a07368a0d2b8e91db020239dd54b810f0"}) as unknown as TypedDocumentString<ReplayDeadLetterMutation, ReplayDeadLetterMutationVariables>;
export const MeDocument = new TypedDocumentString(`
    query Me {
  me {
    id
    email
    name
    createdAt
  }
}
    `, {"hash":"sha256:1baf414e6d98ebd07eaa28bc081334d8f52d102c9a28fd36f99d5db60d743816"}) as unknown as TypedDocumentString<MeQuery, MeQueryVariables>;
export const MySessionsDocument = new TypedDocumentString(`
    query MySessions($first: Int, $after: String) {
  me {
    id
    sessions(first: $first, after: $after) {
      nodes {
        id
        createdAt
        lastSeenAt
        userAgent
        current
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `, {"hash":"sha256:61322d3f46948d18b7c7b38031a1a93df9396b99e4cddf3bb484fb6c7e458b47"}) as unknown as TypedDocumentString<MySessionsQuery, MySessionsQueryVariables>;
export const RegisterDocument = new TypedDocumentString(`
    mutation Register($input: RegisterInput!) {
  register(input: $input) {
    user {
      id
      name
    }
    session {
      ...SessionParts
    }
    userErrors {
      ...Errors
    }
  }
}
    fragment SessionParts on SessionTokens {
  accessToken
  refreshToken
  expiresAt
}
fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:558eaf28296f07941ed231cc461249644c719ac74dce6ff88cb934bc1e8e07b5"}) as unknown as TypedDocumentString<RegisterMutation, RegisterMutationVariables>;
export const LoginDocument = new TypedDocumentString(`
    mutation Login($input: LoginInput!) {
  login(input: $input) {
    user {
      id
      name
    }
    session {
      ...SessionParts
    }
    userErrors {
      ...Errors
    }
  }
}
    fragment SessionParts on SessionTokens {
  accessToken
  refreshToken
  expiresAt
}
fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:2e65c627a6f2c784c620063de96f7414103c347647763fbc706b39e644899d8a"}) as unknown as TypedDocumentString<LoginMutation, LoginMutationVariables>;
export const RefreshSessionDocument = new TypedDocumentString(`
    mutation RefreshSession($input: RefreshSessionInput!) {
  refreshSession(input: $input) {
    session {
      ...SessionParts
    }
    userErrors {
      ...Errors
    }
  }
}
    fragment SessionParts on SessionTokens {
  accessToken
  refreshToken
  expiresAt
}
fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:3d60b18c67586ee9259c0083387ff53e04ac110b145e206364a53763e1214ce4"}) as unknown as TypedDocumentString<RefreshSessionMutation, RefreshSessionMutationVariables>;
export const LogoutDocument = new TypedDocumentString(`
    mutation Logout($input: LogoutInput!) {
  logout(input: $input) {
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:ee6ada7f2787002b941139ff70769cd85709d5f529e0cd5470d8f540c8f9f04a"}) as unknown as TypedDocumentString<LogoutMutation, LogoutMutationVariables>;
export const VerifyEmailDocument = new TypedDocumentString(`
    mutation VerifyEmail($input: VerifyEmailInput!) {
  verifyEmail(input: $input) {
    user {
      id
    }
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:e8d9f7720d8866ce207f6d41c5a4355cc0fa05ab8b187783e254f8fea9c2d69c"}) as unknown as TypedDocumentString<VerifyEmailMutation, VerifyEmailMutationVariables>;