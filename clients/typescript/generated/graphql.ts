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
/** How an answer stands. */
export const AnswerState = {
  /** It is made, and shown to nobody before somebody has approved of it. */
  AwaitingApproval: 'AWAITING_APPROVAL',
  /** A budget was used up; `text` is what was said until then, and `error` says which code. */
  BudgetStopped: 'BUDGET_STOPPED',
  /** Whoever asked cancelled it; `text` is what was said until then. */
  Cancelled: 'CANCELLED',
  /** It is finished. */
  Completed: 'COMPLETED',
  /** It could not be made; `error` says why. */
  Failed: 'FAILED',
  /** Whoever should have approved of it did not, or not in time. */
  Rejected: 'REJECTED',
  /** It is being made. */
  Streaming: 'STREAMING',
  /** It cites something that the caller may not see any more, so its text is not shown. */
  Withheld: 'WITHHELD'
} as const;

export type AnswerState = typeof AnswerState[keyof typeof AnswerState];
/** Why an answer waits. */
export const ApprovalReason = {
  /** Its sources bear it out less than the policy wants. */
  LowConfidence: 'LOW_CONFIDENCE',
  /** It cites an item with a tag that the policy names. */
  SensitiveTag: 'SENSITIVE_TAG',
  /** Its model proposes to write something. */
  ToolWrites: 'TOOL_WRITES'
} as const;

export type ApprovalReason = typeof ApprovalReason[keyof typeof ApprovalReason];
/** How an approval stands. */
export const ApprovalState = {
  /** Somebody approved. */
  Approved: 'APPROVED',
  /** Nobody decided in time, or it was cancelled. */
  Expired: 'EXPIRED',
  /** It waits for somebody. */
  Pending: 'PENDING',
  /** Somebody did not. */
  Rejected: 'REJECTED'
} as const;

export type ApprovalState = typeof ApprovalState[keyof typeof ApprovalState];
/** A question. */
export type AskInput = {
  /** To be answered from these collections alone; from all that the caller sees when it is left out. */
  collectionIds?: Array<string> | null | undefined;
  /** A conversation that this goes on; a new one when it is left out. */
  conversationId?: string | null | undefined;
  /** The collection that it may propose items for: needed for DRAFT_ITEM. */
  draftsIn?: string | null | undefined;
  /** What to find out: 1 to 4 000 characters. */
  question: string;
  /** The cursor of the last event that arrived: the answer that it is of goes on after it, and nothing new is asked. */
  resumeFrom?: string | null | undefined;
  /** What the model may do while it answers; nothing when it is left out. */
  tools?: Array<AskTool> | null | undefined;
};

/** What a model may do while it answers, as whoever asks. The local model does nothing of the kind. */
export const AskTool = {
  /** Propose items. Nothing is written before somebody has approved of it: the answer waits for that. */
  DraftItem: 'DRAFT_ITEM',
  /** Read on in an item that was found. */
  ReadItem: 'READ_ITEM',
  /** Look for more. */
  Search: 'SEARCH',
  /** Have an item summed up that was found. */
  SummariseItem: 'SUMMARISE_ITEM'
} as const;

export type AskTool = typeof AskTool[keyof typeof AskTool];
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

/** Which answer to cancel. */
export type CancelAnswerInput = {
  /** The answer. */
  id: string;
};

/** What a member of the tenant that the request is in will be. */
export type ChangeMemberRoleInput = {
  /** The new role; only an OWNER makes or unmakes an OWNER. */
  role: TenantRole;
  /** The member. */
  userId: string;
};

/** Which collections. */
export type CollectionFilter = {
  /** Those whose name begins so, in upper or lower case. */
  namePrefix?: string | null | undefined;
  /** Those in which the caller is at least this. */
  roleAtLeast?: CollectionRole | null | undefined;
};

/** What somebody may do in a collection. */
export const CollectionRole = {
  /** To read and to change items. */
  Editor: 'EDITOR',
  /** Everything, also to share and to delete it. Who administers the tenant is this in every collection. */
  Owner: 'OWNER',
  /** To read. */
  Viewer: 'VIEWER'
} as const;

export type CollectionRole = typeof CollectionRole[keyof typeof CollectionRole];
/** A new key of the tenant that the request is in. */
export type CreateApiKeyInput = {
  /** IP addresses and ranges (192.0.2.0/24) it may be used from; null for any. */
  allowedAddresses?: Array<string> | null | undefined;
  /** The collections it is held to; null for all that its scopes reach. What they are is not known here: an id that names none opens none. */
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

/** A new collection of the tenant that the request is in. */
export type CreateCollectionInput = {
  /** What it is about; up to 5000 characters. */
  description?: string | null | undefined;
  /** 1 to 200 characters. */
  name: string;
  /** A JSON object of up to 16 kB. */
  settings?: unknown;
};

/** A new item. */
export type CreateItemInput = {
  /** Markdown of up to 1 MB; may be empty. */
  body: string;
  /** The collection that it goes into. */
  collectionId: string;
  /** A JSON object of up to 64 kB. */
  metadata?: unknown;
  /** Up to 50, each one line of up to 100 characters. */
  tags?: Array<string> | null | undefined;
  /** One line of 1 to 500 characters. */
  title: string;
  /** An http:// or https:// address. */
  url?: string | null | undefined;
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
  /** How what happened is written, for good; CLOUD_EVENT when not given. */
  format?: WebhookFormat | null | undefined;
  /** An https:// address that leads to a public host, without user name and password. */
  url: string;
};

/** Which collection to delete. */
export type DeleteCollectionInput = {
  /** The collection. */
  id: string;
};

/** Which conversation to delete. */
export type DeleteConversationInput = {
  /** The conversation. */
  id: string;
};

/** Which item to delete. */
export type DeleteItemInput = {
  /** The item. */
  id: string;
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

/** What became of an item. */
export const ItemChangeKind = {
  /** It is new; an import tells this of each of its items. */
  Created: 'CREATED',
  /** It was deleted; `item` is null for those who could not restore it. */
  Deleted: 'DELETED',
  /** It was deleted and is there again. */
  Restored: 'RESTORED',
  /** What it says has changed. */
  Updated: 'UPDATED'
} as const;

export type ItemChangeKind = typeof ItemChangeKind[keyof typeof ItemChangeKind];
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

/** Which item to bring back. */
export type RestoreItemInput = {
  /** The item. */
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

/** Which items to look through; all that is said has to be true of them. An empty list names nothing, and nothing is found. */
export type SearchFilter = {
  /** Of one of these collections. */
  collectionIds?: Array<string> | null | undefined;
  /** Made then or later. */
  createdAfter?: string | null | undefined;
  /** Made before then. */
  createdBefore?: string | null | undefined;
  /** Made by this person, or key. */
  createdBy?: string | null | undefined;
  /** Members of the metadata and the text, number or truth value that each has to have: { "author": "Ada" }. */
  metadata?: unknown;
  /** With at least one of these tags. */
  tags?: Array<string> | null | undefined;
};

/** What makes an item fit a question. */
export const SearchMode = {
  /** Both: what is high in either list. */
  Hybrid: 'HYBRID',
  /** The words of the question, in any of their forms. */
  Keyword: 'KEYWORD',
  /** What the question means, whichever words say it. */
  Semantic: 'SEMANTIC'
} as const;

export type SearchMode = typeof SearchMode[keyof typeof SearchMode];
/** Which webhook to try out. */
export type SendTestWebhookInput = {
  /** The webhook. */
  id: string;
};

/** Whom to give a part in a collection: one person of the tenant, or everyone. */
export type ShareCollectionInput = {
  /** The collection. */
  collectionId: string;
  /** True: all who are at least MEMBER in the tenant. */
  everyone?: boolean | null | undefined;
  /** What they may do in it. */
  role: CollectionRole;
  /** A person who belongs to the tenant; a guest sees what is shared with them like this, and nothing else. */
  userId?: string | null | undefined;
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
/** Whose part in a collection to take away. */
export type UnshareCollectionInput = {
  /** The collection. */
  collectionId: string;
  /** True: what everyone has. */
  everyone?: boolean | null | undefined;
  /** A person. */
  userId?: string | null | undefined;
};

/** What to change about an item; what is left out stays. */
export type UpdateItemInput = {
  /** Markdown of up to 1 MB. */
  body?: string | null | undefined;
  /** The version that was read: a later change of somebody else is never written over. */
  expectedVersion: number;
  /** The item. */
  id: string;
  /** All of it, instead of what was there before. */
  metadata?: unknown;
  /** All of them, instead of those before. */
  tags?: Array<string> | null | undefined;
  /** One line of 1 to 500 characters. */
  title?: string | null | undefined;
  /** An http:// or https:// address; null takes it away. */
  url?: string | null | undefined;
};

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
/** How a webhook writes what happened. */
export const WebhookFormat = {
  /** Whole, as a CloudEvent 1.0, for programs. */
  CloudEvent: 'CLOUD_EVENT',
  /** As a sentence for people, in the form of an incoming webhook of Slack, which Mattermost and others read too. */
  Slack: 'SLACK'
} as const;

export type WebhookFormat = typeof WebhookFormat[keyof typeof WebhookFormat];
export type AskSubscriptionVariables = Exact<{
  input: AskInput;
}>;


export type AskSubscription = { ask:
    | { __typename: 'AnswerCompleted', cursor: string, answer: { id: string, question: string, text: string | null, answered: boolean, state: AnswerState, model: string, rating: number | null, cursor: string | null, createdAt: string, finishedAt: string | null, citations: Array<{ id: string, mark: number, version: number, start: number, end: number, passage: string | null, withheld: boolean, item: { id: string, title: string, collection: { name: string }, createdBy: { name: string } | null } | null }>, usage: { inputTokens: number, outputTokens: number, cost: { amount: string, currency: string } }, error: { code: string, message: string } | null, conversation: { id: string, title: string } | null } | null }
    | { __typename: 'AnswerStarted', answerId: string, conversationId: string, cursor: string }
    | { __typename: 'ApprovalRequested', cursor: string, approval: { id: string, state: ApprovalState, reasons: Array<ApprovalReason>, expiresAt: string } | null }
    | { __typename: 'CitationWithheld', citationId: string, cursor: string }
    | { __typename: 'Cited', cursor: string, citation: { id: string, mark: number, version: number, start: number, end: number, passage: string | null, withheld: boolean, item: { id: string, title: string, collection: { name: string }, createdBy: { name: string } | null } | null } }
    | { __typename: 'Step', name: string, at: string, detail: string | null, cursor: string }
    | { __typename: 'Token', text: string, cursor: string }
   | null };

export type AskWholeMutationVariables = Exact<{
  input: AskInput;
}>;


export type AskWholeMutation = { ask: { answer: { id: string, question: string, text: string | null, answered: boolean, state: AnswerState, model: string, rating: number | null, cursor: string | null, createdAt: string, finishedAt: string | null, citations: Array<{ id: string, mark: number, version: number, start: number, end: number, passage: string | null, withheld: boolean, item: { id: string, title: string, collection: { name: string }, createdBy: { name: string } | null } | null }>, usage: { inputTokens: number, outputTokens: number, cost: { amount: string, currency: string } }, error: { code: string, message: string } | null, conversation: { id: string, title: string } | null } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type CancelAnswerMutationVariables = Exact<{
  input: CancelAnswerInput;
}>;


export type CancelAnswerMutation = { cancelAnswer: { answer: { id: string, question: string, text: string | null, answered: boolean, state: AnswerState, model: string, rating: number | null, cursor: string | null, createdAt: string, finishedAt: string | null, citations: Array<{ id: string, mark: number, version: number, start: number, end: number, passage: string | null, withheld: boolean, item: { id: string, title: string, collection: { name: string }, createdBy: { name: string } | null } | null }>, usage: { inputTokens: number, outputTokens: number, cost: { amount: string, currency: string } }, error: { code: string, message: string } | null, conversation: { id: string, title: string } | null } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type ConversationsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConversationsQuery = { conversations: { nodes: Array<{ id: string, title: string, createdAt: string, updatedAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type ConversationQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ConversationQuery = { conversation: { id: string, title: string, answers: { nodes: Array<{ id: string, question: string, text: string | null, answered: boolean, state: AnswerState, model: string, rating: number | null, cursor: string | null, createdAt: string, finishedAt: string | null, citations: Array<{ id: string, mark: number, version: number, start: number, end: number, passage: string | null, withheld: boolean, item: { id: string, title: string, collection: { name: string }, createdBy: { name: string } | null } | null }>, usage: { inputTokens: number, outputTokens: number, cost: { amount: string, currency: string } }, error: { code: string, message: string } | null, conversation: { id: string, title: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type DeleteConversationMutationVariables = Exact<{
  input: DeleteConversationInput;
}>;


export type DeleteConversationMutation = { deleteConversation: { conversationId: string | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type CitedFragment = { id: string, mark: number, version: number, start: number, end: number, passage: string | null, withheld: boolean, item: { id: string, title: string, collection: { name: string }, createdBy: { name: string } | null } | null };

export type AnsweredFragment = { id: string, question: string, text: string | null, answered: boolean, state: AnswerState, model: string, rating: number | null, cursor: string | null, createdAt: string, finishedAt: string | null, citations: Array<{ id: string, mark: number, version: number, start: number, end: number, passage: string | null, withheld: boolean, item: { id: string, title: string, collection: { name: string }, createdBy: { name: string } | null } | null }>, usage: { inputTokens: number, outputTokens: number, cost: { amount: string, currency: string } }, error: { code: string, message: string } | null, conversation: { id: string, title: string } | null };

export type CollectionQueryVariables = Exact<{
  id: string;
}>;


export type CollectionQuery = { collection: { id: string, name: string, description: string | null, viewerRole: CollectionRole, itemCount: number, tags: Array<string> } | null };

export type CollectionsQueryVariables = Exact<{
  filter?: CollectionFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type CollectionsQuery = { collections: { nodes: Array<{ id: string, name: string, viewerRole: CollectionRole, itemCount: number }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type ItemQueryVariables = Exact<{
  id: string;
}>;


export type ItemQuery = { item: { body: string, metadata: unknown, id: string, title: string, url: string | null, tags: Array<string>, version: number, createdAt: string, updatedAt: string, deletedAt: string | null, collection: { id: string, name: string }, createdBy: { id: string, name: string } | null } | null };

export type ItemChangedSubscriptionVariables = Exact<{
  collectionId?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type ItemChangedSubscription = { itemChanged: { cursor: string, kind: ItemChangeKind, itemId: string, item: { id: string, title: string, url: string | null, tags: Array<string>, version: number, createdAt: string, updatedAt: string, deletedAt: string | null, collection: { id: string, name: string }, createdBy: { id: string, name: string } | null } | null } | null };

export type ItemPartsFragment = { id: string, title: string, url: string | null, tags: Array<string>, version: number, createdAt: string, updatedAt: string, deletedAt: string | null, collection: { id: string, name: string }, createdBy: { id: string, name: string } | null };

export type CreateCollectionMutationVariables = Exact<{
  input: CreateCollectionInput;
}>;


export type CreateCollectionMutation = { createCollection: { collection: { id: string, name: string, viewerRole: CollectionRole } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type DeleteCollectionMutationVariables = Exact<{
  input: DeleteCollectionInput;
}>;


export type DeleteCollectionMutation = { deleteCollection: { collectionId: string | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type ShareCollectionMutationVariables = Exact<{
  input: ShareCollectionInput;
}>;


export type ShareCollectionMutation = { shareCollection: { member: { role: CollectionRole, everyone: boolean, user: { id: string, name: string } | null } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type UnshareCollectionMutationVariables = Exact<{
  input: UnshareCollectionInput;
}>;


export type UnshareCollectionMutation = { unshareCollection: { collection: { id: string } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type CreateItemMutationVariables = Exact<{
  input: CreateItemInput;
}>;


export type CreateItemMutation = { createItem: { item: { id: string, version: number } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type UpdateItemMutationVariables = Exact<{
  input: UpdateItemInput;
}>;


export type UpdateItemMutation = { updateItem: { item: { id: string, version: number } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type DeleteItemMutationVariables = Exact<{
  input: DeleteItemInput;
}>;


export type DeleteItemMutation = { deleteItem: { itemId: string | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type RestoreItemMutationVariables = Exact<{
  input: RestoreItemInput;
}>;


export type RestoreItemMutation = { restoreItem: { item: { id: string, version: number } | null, userErrors: Array<{ code: string, message: string, path: Array<string> | null }> } };

export type SearchHitPartsFragment = { score: number, item: { id: string, title: string, url: string | null, tags: Array<string>, version: number, createdAt: string, updatedAt: string, deletedAt: string | null, collection: { id: string, name: string }, createdBy: { id: string, name: string } | null } | null, highlights: Array<{ field: string, text: string, ranges: Array<{ start: number, end: number }> }> };

export type SearchQueryVariables = Exact<{
  query: string;
  filter?: SearchFilter | null | undefined;
  mode?: SearchMode | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  atLeast?: string | null | undefined;
}>;


export type SearchQuery = { search: { totalCount: number, degraded: boolean, lagMs: number, nodes: Array<{ score: number, item: { id: string, title: string, url: string | null, tags: Array<string>, version: number, createdAt: string, updatedAt: string, deletedAt: string | null, collection: { id: string, name: string }, createdBy: { id: string, name: string } | null } | null, highlights: Array<{ field: string, text: string, ranges: Array<{ start: number, end: number }> }> }>, facets: Array<{ field: string, values: Array<{ value: string, count: number }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type SuggestQueryVariables = Exact<{
  prefix: string;
  first?: number | null | undefined;
}>;


export type SuggestQuery = { suggest: Array<string> | null };

export type TenantNameFragment = { id: string, slug: string, name: string };

export type ApiKeyPartsFragment = { id: string, name: string, prefix: string, scopes: Array<string> };

export type WebhookPartsFragment = { id: string, url: string, eventTypes: Array<string>, enabled: boolean };

export type TenantQueryVariables = Exact<{
  slug?: string | null | undefined;
}>;


export type TenantQuery = { tenant: { viewerRole: TenantRole, features: Array<string>, id: string, slug: string, name: string } | null };

export type TenantsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type TenantsQuery = { tenants: { nodes: Array<{ viewerRole: TenantRole, id: string, slug: string, name: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type MembersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type MembersQuery = { tenant: { id: string, members: { nodes: Array<{ role: TenantRole, joinedAt: string, user: { id: string, name: string, email: string | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type ApiKeysQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ApiKeysQuery = { tenant: { id: string, apiKeys: { nodes: Array<{ expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null, id: string, name: string, prefix: string, scopes: Array<string>, createdBy: { id: string, name: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

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


export type WebhooksQuery = { tenant: { id: string, webhooks: { nodes: Array<{ description: string, disabledReason: WebhookDisabledReason | null, id: string, url: string, eventTypes: Array<string>, enabled: boolean }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

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
    | { __typename: 'Answer', id: string }
    | { __typename: 'ApiKey', id: string }
    | { __typename: 'Approval', id: string }
    | { __typename: 'Attachment', id: string }
    | { __typename: 'AuditEvent', id: string }
    | { __typename: 'Collection', id: string }
    | { __typename: 'Conversation', id: string }
    | { __typename: 'EvalRun', id: string }
    | { __typename: 'EvalSet', id: string }
    | { __typename: 'Invitation', id: string }
    | { __typename: 'Invoice', id: string }
    | { __typename: 'Item', id: string }
    | { __typename: 'Job', id: string }
    | { __typename: 'SavedSearch', id: string }
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

export type PageFragment = { hasNextPage: boolean, endCursor: string | null };

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
export const CitedFragmentDoc = new TypedDocumentString(`
    fragment Cited on Citation {
  id
  mark
  version
  start
  end
  passage
  withheld
  item {
    id
    title
    collection {
      name
    }
    createdBy {
      name
    }
  }
}
    `, {"fragmentName":"Cited"}) as unknown as TypedDocumentString<CitedFragment, unknown>;
export const AnsweredFragmentDoc = new TypedDocumentString(`
    fragment Answered on Answer {
  id
  question
  text
  answered
  state
  model
  rating
  cursor
  createdAt
  finishedAt
  citations {
    ...Cited
  }
  usage {
    inputTokens
    outputTokens
    cost {
      amount
      currency
    }
  }
  error {
    code
    message
  }
  conversation {
    id
    title
  }
}
    fragment Cited on Citation {
  id
  mark
  version
  start
  end
  passage
  withheld
  item {
    id
    title
    collection {
      name
    }
    createdBy {
      name
    }
  }
}`, {"fragmentName":"Answered"}) as unknown as TypedDocumentString<AnsweredFragment, unknown>;
export const ItemPartsFragmentDoc = new TypedDocumentString(`
    fragment ItemParts on Item {
  id
  title
  url
  tags
  version
  createdAt
  updatedAt
  deletedAt
  collection {
    id
    name
  }
  createdBy {
    id
    name
  }
}
    `, {"fragmentName":"ItemParts"}) as unknown as TypedDocumentString<ItemPartsFragment, unknown>;
export const SearchHitPartsFragmentDoc = new TypedDocumentString(`
    fragment SearchHitParts on SearchHit {
  score
  item {
    ...ItemParts
  }
  highlights {
    field
    text
    ranges {
      start
      end
    }
  }
}
    fragment ItemParts on Item {
  id
  title
  url
  tags
  version
  createdAt
  updatedAt
  deletedAt
  collection {
    id
    name
  }
  createdBy {
    id
    name
  }
}`, {"fragmentName":"SearchHitParts"}) as unknown as TypedDocumentString<SearchHitPartsFragment, unknown>;
export const TenantNameFragmentDoc = new TypedDocumentString(`
    fragment TenantName on Tenant {
  id
  slug
  name
}
    `, {"fragmentName":"TenantName"}) as unknown as TypedDocumentString<TenantNameFragment, unknown>;
export const ApiKeyPartsFragmentDoc = new TypedDocumentString(`
    fragment ApiKeyParts on ApiKey {
  id
  name
  prefix
  scopes
}
    `, {"fragmentName":"ApiKeyParts"}) as unknown as TypedDocumentString<ApiKeyPartsFragment, unknown>;
export const WebhookPartsFragmentDoc = new TypedDocumentString(`
    fragment WebhookParts on Webhook {
  id
  url
  eventTypes
  enabled
}
    `, {"fragmentName":"WebhookParts"}) as unknown as TypedDocumentString<WebhookPartsFragment, unknown>;
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
export const PageFragmentDoc = new TypedDocumentString(`
    fragment Page on PageInfo {
  hasNextPage
  endCursor
}
    `, {"fragmentName":"Page"}) as unknown as TypedDocumentString<PageFragment, unknown>;
export const AskDocument = new TypedDocumentString(`
    subscription Ask($input: AskInput!) {
  ask(input: $input) {
    __typename
    cursor
    ... on AnswerStarted {
      answerId
      conversationId
    }
    ... on Step {
      name
      at
      detail
    }
    ... on Token {
      text
    }
    ... on Cited {
      citation {
        ...Cited
      }
    }
    ... on CitationWithheld {
      citationId
    }
    ... on ApprovalRequested {
      approval {
        id
        state
        reasons
        expiresAt
      }
    }
    ... on AnswerCompleted {
      answer {
        ...Answered
      }
    }
  }
}
    fragment Cited on Citation {
  id
  mark
  version
  start
  end
  passage
  withheld
  item {
    id
    title
    collection {
      name
    }
    createdBy {
      name
    }
  }
}
fragment Answered on Answer {
  id
  question
  text
  answered
  state
  model
  rating
  cursor
  createdAt
  finishedAt
  citations {
    ...Cited
  }
  usage {
    inputTokens
    outputTokens
    cost {
      amount
      currency
    }
  }
  error {
    code
    message
  }
  conversation {
    id
    title
  }
}`, {"hash":"sha256:d71da8ae92f2bed7e1d1dd0adb129094b6c4564e9dc8951874cdc7147e41741b"}) as unknown as TypedDocumentString<AskSubscription, AskSubscriptionVariables>;
export const AskWholeDocument = new TypedDocumentString(`
    mutation AskWhole($input: AskInput!) {
  ask(input: $input) {
    answer {
      ...Answered
    }
    userErrors {
      code
      message
      path
    }
  }
}
    fragment Cited on Citation {
  id
  mark
  version
  start
  end
  passage
  withheld
  item {
    id
    title
    collection {
      name
    }
    createdBy {
      name
    }
  }
}
fragment Answered on Answer {
  id
  question
  text
  answered
  state
  model
  rating
  cursor
  createdAt
  finishedAt
  citations {
    ...Cited
  }
  usage {
    inputTokens
    outputTokens
    cost {
      amount
      currency
    }
  }
  error {
    code
    message
  }
  conversation {
    id
    title
  }
}`, {"hash":"sha256:2e061a281e024065f8cf193213da7f3d417d30794cca2f4b4dce7e22029b4e58"}) as unknown as TypedDocumentString<AskWholeMutation, AskWholeMutationVariables>;
export const CancelAnswerDocument = new TypedDocumentString(`
    mutation CancelAnswer($input: CancelAnswerInput!) {
  cancelAnswer(input: $input) {
    answer {
      ...Answered
    }
    userErrors {
      code
      message
      path
    }
  }
}
    fragment Cited on Citation {
  id
  mark
  version
  start
  end
  passage
  withheld
  item {
    id
    title
    collection {
      name
    }
    createdBy {
      name
    }
  }
}
fragment Answered on Answer {
  id
  question
  text
  answered
  state
  model
  rating
  cursor
  createdAt
  finishedAt
  citations {
    ...Cited
  }
  usage {
    inputTokens
    outputTokens
    cost {
      amount
      currency
    }
  }
  error {
    code
    message
  }
  conversation {
    id
    title
  }
}`, {"hash":"sha256:faebbd3afcd4d8a0d82c069af5bdc0f8f8f8379c186631499534dbdf91e2b599"}) as unknown as TypedDocumentString<CancelAnswerMutation, CancelAnswerMutationVariables>;
export const ConversationsDocument = new TypedDocumentString(`
    query Conversations($first: Int, $after: String) {
  conversations(first: $first, after: $after) {
    nodes {
      id
      title
      createdAt
      updatedAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:31e7c1b58a34dfc33dee726aca4ec7e0105d6faffa687e2bb8c99771d5d2360d"}) as unknown as TypedDocumentString<ConversationsQuery, ConversationsQueryVariables>;
export const ConversationDocument = new TypedDocumentString(`
    query Conversation($id: ID!, $first: Int, $after: String) {
  conversation(id: $id) {
    id
    title
    answers(first: $first, after: $after) {
      nodes {
        ...Answered
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    fragment Cited on Citation {
  id
  mark
  version
  start
  end
  passage
  withheld
  item {
    id
    title
    collection {
      name
    }
    createdBy {
      name
    }
  }
}
fragment Answered on Answer {
  id
  question
  text
  answered
  state
  model
  rating
  cursor
  createdAt
  finishedAt
  citations {
    ...Cited
  }
  usage {
    inputTokens
    outputTokens
    cost {
      amount
      currency
    }
  }
  error {
    code
    message
  }
  conversation {
    id
    title
  }
}`, {"hash":"sha256:a5189398480a3e7bede925281033044cc203c4e08b7b12724ba3d5f36ddc472c"}) as unknown as TypedDocumentString<ConversationQuery, ConversationQueryVariables>;
export const DeleteConversationDocument = new TypedDocumentString(`
    mutation DeleteConversation($input: DeleteConversationInput!) {
  deleteConversation(input: $input) {
    conversationId
    userErrors {
      code
      message
      path
    }
  }
}
    `, {"hash":"sha256:fb950844326f3d1dc9c709302e275a71a905e5e2849428ce6cd939b27f411e2d"}) as unknown as TypedDocumentString<DeleteConversationMutation, DeleteConversationMutationVariables>;
export const CollectionDocument = new TypedDocumentString(`
    query Collection($id: ID!) {
  collection(id: $id) {
    id
    name
    description
    viewerRole
    itemCount
    tags
  }
}
    `, {"hash":"sha256:61cd9a34ca06c3d22ffb29bc901fb9aeb9d8167024d3a05018c0463d5c156e17"}) as unknown as TypedDocumentString<CollectionQuery, CollectionQueryVariables>;
export const CollectionsDocument = new TypedDocumentString(`
    query Collections($filter: CollectionFilter, $first: Int, $after: String) {
  collections(filter: $filter, first: $first, after: $after) {
    nodes {
      id
      name
      viewerRole
      itemCount
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `, {"hash":"sha256:51fb3f8839f5b29c805ead91c8e22d66c6394468807152d064d070889f2454eb"}) as unknown as TypedDocumentString<CollectionsQuery, CollectionsQueryVariables>;
export const ItemDocument = new TypedDocumentString(`
    query Item($id: ID!) {
  item(id: $id) {
    ...ItemParts
    body
    metadata
  }
}
    fragment ItemParts on Item {
  id
  title
  url
  tags
  version
  createdAt
  updatedAt
  deletedAt
  collection {
    id
    name
  }
  createdBy {
    id
    name
  }
}`, {"hash":"sha256:4bb8d6607e9bec57a26c57ea8a4ee86f7d5f8b997bfe9661afdf1a938a038436"}) as unknown as TypedDocumentString<ItemQuery, ItemQueryVariables>;
export const ItemChangedDocument = new TypedDocumentString(`
    subscription ItemChanged($collectionId: ID, $after: String) {
  itemChanged(collectionId: $collectionId, after: $after) {
    cursor
    kind
    itemId
    item {
      ...ItemParts
    }
  }
}
    fragment ItemParts on Item {
  id
  title
  url
  tags
  version
  createdAt
  updatedAt
  deletedAt
  collection {
    id
    name
  }
  createdBy {
    id
    name
  }
}`, {"hash":"sha256:e79745b98427f00062d185ccbeda07f79389e6133f804d98d84168f9d7fef8aa"}) as unknown as TypedDocumentString<ItemChangedSubscription, ItemChangedSubscriptionVariables>;
export const CreateCollectionDocument = new TypedDocumentString(`
    mutation CreateCollection($input: CreateCollectionInput!) {
  createCollection(input: $input) {
    collection {
      id
      name
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
}`, {"hash":"sha256:77e6cbdb6f022d2875dfc49ab4a537e15eba6dc3e174e25006caaf6e873d6c63"}) as unknown as TypedDocumentString<CreateCollectionMutation, CreateCollectionMutationVariables>;
export const DeleteCollectionDocument = new TypedDocumentString(`
    mutation DeleteCollection($input: DeleteCollectionInput!) {
  deleteCollection(input: $input) {
    collectionId
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:3a92479703f9c166e0086b0dca8cb091fded079e25fa037dfba86dcc6b8b0806"}) as unknown as TypedDocumentString<DeleteCollectionMutation, DeleteCollectionMutationVariables>;
export const ShareCollectionDocument = new TypedDocumentString(`
    mutation ShareCollection($input: ShareCollectionInput!) {
  shareCollection(input: $input) {
    member {
      role
      everyone
      user {
        id
        name
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
}`, {"hash":"sha256:9b3899442db55a9e55f773c33d5a51e0a9df5980a97cf4cc8effb08fa8337d4f"}) as unknown as TypedDocumentString<ShareCollectionMutation, ShareCollectionMutationVariables>;
export const UnshareCollectionDocument = new TypedDocumentString(`
    mutation UnshareCollection($input: UnshareCollectionInput!) {
  unshareCollection(input: $input) {
    collection {
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
}`, {"hash":"sha256:a83107950b1f909d4916f188e7a841586775d12e6b8fd3db241f899879800485"}) as unknown as TypedDocumentString<UnshareCollectionMutation, UnshareCollectionMutationVariables>;
export const CreateItemDocument = new TypedDocumentString(`
    mutation CreateItem($input: CreateItemInput!) {
  createItem(input: $input) {
    item {
      id
      version
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
}`, {"hash":"sha256:537142458dee33e849d245160619887731d661aff9a8fd423fdc595646796d76"}) as unknown as TypedDocumentString<CreateItemMutation, CreateItemMutationVariables>;
export const UpdateItemDocument = new TypedDocumentString(`
    mutation UpdateItem($input: UpdateItemInput!) {
  updateItem(input: $input) {
    item {
      id
      version
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
}`, {"hash":"sha256:44d80c81e355e832ab961574b9fa43e688f559cea1de64c709fd9d6507c6d6b8"}) as unknown as TypedDocumentString<UpdateItemMutation, UpdateItemMutationVariables>;
export const DeleteItemDocument = new TypedDocumentString(`
    mutation DeleteItem($input: DeleteItemInput!) {
  deleteItem(input: $input) {
    itemId
    userErrors {
      ...Errors
    }
  }
}
    fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:da04135a54b05e2c49dada292ee8e910f334f3d18996f03f4df9c125b5b9793c"}) as unknown as TypedDocumentString<DeleteItemMutation, DeleteItemMutationVariables>;
export const RestoreItemDocument = new TypedDocumentString(`
    mutation RestoreItem($input: RestoreItemInput!) {
  restoreItem(input: $input) {
    item {
      id
      version
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
}`, {"hash":"sha256:20c8f0d1ed7507f3d882d31bbf69064d8e35dc76c59df8a056fbb38387b258af"}) as unknown as TypedDocumentString<RestoreItemMutation, RestoreItemMutationVariables>;
export const SearchDocument = new TypedDocumentString(`
    query Search($query: String!, $filter: SearchFilter, $mode: SearchMode, $first: Int, $after: String, $atLeast: String) {
  search(
    query: $query
    filter: $filter
    mode: $mode
    first: $first
    after: $after
    atLeast: $atLeast
  ) {
    nodes {
      ...SearchHitParts
    }
    facets {
      field
      values {
        value
        count
      }
    }
    totalCount
    degraded
    lagMs
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment ItemParts on Item {
  id
  title
  url
  tags
  version
  createdAt
  updatedAt
  deletedAt
  collection {
    id
    name
  }
  createdBy {
    id
    name
  }
}
fragment SearchHitParts on SearchHit {
  score
  item {
    ...ItemParts
  }
  highlights {
    field
    text
    ranges {
      start
      end
    }
  }
}`, {"hash":"sha256:41e14f7073e0e0d0dd1c6444b1f22a990992f42f2409c858a6be3d33be9106b4"}) as unknown as TypedDocumentString<SearchQuery, SearchQueryVariables>;
export const SuggestDocument = new TypedDocumentString(`
    query Suggest($prefix: String!, $first: Int) {
  suggest(prefix: $prefix, first: $first)
}
    `, {"hash":"sha256:6d634cb44d2d8e264a095ee5ceb41d3f4c69c1fcdcde0ac2c5f783290e086429"}) as unknown as TypedDocumentString<SuggestQuery, SuggestQueryVariables>;
export const TenantDocument = new TypedDocumentString(`
    query Tenant($slug: String) {
  tenant(slug: $slug) {
    ...TenantName
    viewerRole
    features
  }
}
    fragment TenantName on Tenant {
  id
  slug
  name
}`, {"hash":"sha256:79dcd0a6c40cc895fed81c8f0ba83234be4a35f7cb94eed3633ea34638dbac00"}) as unknown as TypedDocumentString<TenantQuery, TenantQueryVariables>;
export const TenantsDocument = new TypedDocumentString(`
    query Tenants($first: Int, $after: String) {
  tenants(first: $first, after: $after) {
    nodes {
      ...TenantName
      viewerRole
    }
    pageInfo {
      ...Page
    }
  }
}
    fragment TenantName on Tenant {
  id
  slug
  name
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}`, {"hash":"sha256:656a622a1ab85824ad48b7a71e73849dcbfc3b5f41e555e941e8797bd7d83061"}) as unknown as TypedDocumentString<TenantsQuery, TenantsQueryVariables>;
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
        ...Page
      }
    }
  }
}
    fragment Page on PageInfo {
  hasNextPage
  endCursor
}`, {"hash":"sha256:4e937042dc2c20706f79bccd0ccd0579754c0c99389a038a5855e694e3324f60"}) as unknown as TypedDocumentString<MembersQuery, MembersQueryVariables>;
export const ApiKeysDocument = new TypedDocumentString(`
    query ApiKeys($first: Int, $after: String) {
  tenant {
    id
    apiKeys(first: $first, after: $after) {
      nodes {
        ...ApiKeyParts
        expiresAt
        lastUsedAt
        revokedAt
        createdBy {
          id
          name
        }
      }
      pageInfo {
        ...Page
      }
    }
  }
}
    fragment ApiKeyParts on ApiKey {
  id
  name
  prefix
  scopes
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}`, {"hash":"sha256:f0e9e10ae772df95a2e03e3d9904c73fd002922ed4d479c743421ff207274177"}) as unknown as TypedDocumentString<ApiKeysQuery, ApiKeysQueryVariables>;
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
        ...Page
      }
    }
  }
}
    fragment Page on PageInfo {
  hasNextPage
  endCursor
}`, {"hash":"sha256:06258e9aabee032905357273565490b9b087efd4f7e34baaabe8f322b062e7a4"}) as unknown as TypedDocumentString<AuditEventsQuery, AuditEventsQueryVariables>;
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
      ...Page
    }
  }
}
    fragment Page on PageInfo {
  hasNextPage
  endCursor
}`, {"hash":"sha256:0cb9d8ae03ad0336a7b5a174153d5af2c432cd14ea3bc59dbd1927cbee3e2261"}) as unknown as TypedDocumentString<DeadLettersQuery, DeadLettersQueryVariables>;
export const WebhooksDocument = new TypedDocumentString(`
    query Webhooks($first: Int, $after: String) {
  tenant {
    id
    webhooks(first: $first, after: $after) {
      nodes {
        ...WebhookParts
        description
        disabledReason
      }
      pageInfo {
        ...Page
      }
    }
  }
}
    fragment WebhookParts on Webhook {
  id
  url
  eventTypes
  enabled
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}`, {"hash":"sha256:ad5b64459dba1ef3f0b4d30009ef18e34fd214473c79310c8fa88f2d9908d8b2"}) as unknown as TypedDocumentString<WebhooksQuery, WebhooksQueryVariables>;
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
          ...Page
        }
      }
    }
  }
}
    fragment Page on PageInfo {
  hasNextPage
  endCursor
}`, {"hash":"sha256:0b01e73da9fb3749ebcf210ba835bf5bec92d73ae75c49db8cf904d48fd1c021"}) as unknown as TypedDocumentString<WebhookDeliveriesQuery, WebhookDeliveriesQueryVariables>;
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
      ...TenantName
    }
    userErrors {
      ...Errors
    }
  }
}
    fragment TenantName on Tenant {
  id
  slug
  name
}
fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:d3de65cf57fbd815d5402ed49108c484a9b5779c5aef312bf419c36fb522ced9"}) as unknown as TypedDocumentString<CreateTenantMutation, CreateTenantMutationVariables>;
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
      ...ApiKeyParts
    }
    secret
    userErrors {
      ...Errors
    }
  }
}
    fragment ApiKeyParts on ApiKey {
  id
  name
  prefix
  scopes
}
fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:505d6c495754524c290867a8c48565f8bde04a246c3a50819b54dccee8235370"}) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
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
      ...WebhookParts
    }
    secret
    userErrors {
      ...Errors
    }
  }
}
    fragment WebhookParts on Webhook {
  id
  url
  eventTypes
  enabled
}
fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:c162ff4afab1cba7cb2adf28d8521597849eb746c177abc7729772728cc110d5"}) as unknown as TypedDocumentString<CreateWebhookMutation, CreateWebhookMutationVariables>;
export const UpdateWebhookDocument = new TypedDocumentString(`
    mutation UpdateWebhook($input: UpdateWebhookInput!) {
  updateWebhook(input: $input) {
    webhook {
      ...WebhookParts
    }
    userErrors {
      ...Errors
    }
  }
}
    fragment WebhookParts on Webhook {
  id
  url
  eventTypes
  enabled
}
fragment Errors on UserError {
  code
  message
  path
}`, {"hash":"sha256:a60000fba00031c51e2e4b2f6da2a30e958f60df9a23140abaad09ce11be9309"}) as unknown as TypedDocumentString<UpdateWebhookMutation, UpdateWebhookMutationVariables>;
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
        ...Page
      }
    }
  }
}
    fragment Page on PageInfo {
  hasNextPage
  endCursor
}`, {"hash":"sha256:c3d802e8172ca24708eb95b7a1518bada477eacd631b9bb1a02f209ba3aa6179"}) as unknown as TypedDocumentString<MySessionsQuery, MySessionsQueryVariables>;
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