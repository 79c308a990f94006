/** Ids are opaque, typed and sortable: a prefix that names the kind, then a UUIDv7 in base32 (the TypeID format). */
import { typeidUnboxed } from 'typeid-js';

/** Every kind of thing that has an id, and who owns it. The gateway's `node` reads this table. */
export const ID_KINDS = {
  usr: { type: 'User', owner: 'users' },
  tnt: { type: 'Tenant', owner: 'tenants' },
  inv: { type: 'Invitation', owner: 'tenants' },
  key: { type: 'ApiKey', owner: 'tenants' },
  evt: { type: 'AuditEvent', owner: 'tenants' },
  whk: { type: 'Webhook', owner: 'tenants' },
  whd: { type: 'WebhookDelivery', owner: 'tenants' },
  col: { type: 'Collection', owner: 'collections' },
  itm: { type: 'Item', owner: 'collections' },
  job: { type: 'Job', owner: 'collections' },
  att: { type: 'Attachment', owner: 'collections' },
  sav: { type: 'SavedSearch', owner: 'search' },
  ivc: { type: 'Invoice', owner: 'billing' },
  cnv: { type: 'Conversation', owner: 'ai' },
  ans: { type: 'Answer', owner: 'ai' },
  apr: { type: 'Approval', owner: 'ai' },
  evs: { type: 'EvalSet', owner: 'ai' },
  evr: { type: 'EvalRun', owner: 'ai' },
} as const;

/** Ids that never leave as a Node: sessions, dead letters, processes, subscriptions, entries of the ledger, wishes to a provider, budgets, records of usage, citations. */
type InnerPrefix = 'ses' | 'req' | 'ded' | 'upl' | 'sub' | 'led' | 'ptk' | 'bud' | 'rec' | 'cit';
export type NodePrefix = keyof typeof ID_KINDS;
export type IdPrefix = NodePrefix | InnerPrefix;
export type Id<P extends string = string> = `${P}_${string}`;
export type UserId = Id<'usr'>;
export type TenantId = Id<'tnt'>;
export type ApiKeyId = Id<'key'>;
export type InvitationId = Id<'inv'>;
export type WebhookId = Id<'whk'>;
export type WebhookDeliveryId = Id<'whd'>;
export type CollectionId = Id<'col'>;
export type ItemId = Id<'itm'>;
export type JobId = Id<'job'>;
export type UploadId = Id<'upl'>;
export type AttachmentId = Id<'att'>;
export type SavedSearchId = Id<'sav'>;
export type InvoiceId = Id<'ivc'>;
export type SubscriptionId = Id<'sub'>;
export type LedgerEntryId = Id<'led'>;
export type ProviderTaskId = Id<'ptk'>;
export type ConversationId = Id<'cnv'>;
export type AnswerId = Id<'ans'>;
export type ApprovalId = Id<'apr'>;
export type EvalSetId = Id<'evs'>;
export type EvalRunId = Id<'evr'>;
export type CitationId = Id<'cit'>;
export type SessionId = Id<'ses'>;

export const newId = <P extends IdPrefix>(prefix: P): Id<P> => typeidUnboxed(prefix) as unknown as Id<P>;

/** What follows the prefix, as a regular expression says it. */
export const ID_SUFFIX = '[0-7][0-9a-hjkmnp-tv-z]{25}';
const SUFFIX = new RegExp(`^${ID_SUFFIX}$`);

/** True only for the canonical spelling: ids are compared as text, and go into SQL settings as text. */
export const isId = <P extends IdPrefix>(prefix: P, value: unknown): value is Id<P> =>
  typeof value === 'string' && value.startsWith(`${prefix}_`) && SUFFIX.test(value.slice(prefix.length + 1));

/** The prefix of a well-formed node id, or null: the gateway asks its owner. */
export function nodePrefix(value: string): NodePrefix | null {
  const prefix = value.slice(0, 3) as NodePrefix;
  return Object.hasOwn(ID_KINDS, prefix) && isId(prefix, value) ? prefix : null;
}
