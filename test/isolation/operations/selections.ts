/** What is asked of things: as much as there is, so that whatever should not be seen has many places to turn up. */
const USER = '{ id name email emailVerified }';
export const ERRORS = 'userErrors { code message path }';
export const FLAT_ITEM = 'id title body url tags metadata version createdAt updatedAt deletedAt';
export const ATTACHMENT = `id name type bytes sha256 url createdBy ${USER} text { state content(length: 200) code reason }`;
export const JOB = `id kind state progress note attempts isCancelling error { code message } result startedBy ${USER} createdAt finishedAt`;
const LINKS = `links(first: 10, depth: 2) { pageInfo { hasNextPage endCursor } nodes { kind depth direction item { ${FLAT_ITEM} collection { id name } } } }`;
export const ITEM = `${FLAT_ITEM} summary suggestedTags language createdBy ${USER} updatedBy ${USER} collection { id name description settings viewerRole }
  revisions(first: 5) { pageInfo { hasNextPage } nodes { version title body url tags metadata changed by ${USER} } } ${LINKS} attachments(first: 5) { pageInfo { hasNextPage endCursor } nodes { ${ATTACHMENT} } }`;
export const COLLECTION = `id name description settings viewerRole itemCount tags createdBy ${USER}
  members(first: 20) { nodes { everyone role user ${USER} } } items(first: 10) { pageInfo { hasNextPage endCursor } edges { cursor node { ${FLAT_ITEM} } } }`;
// Of a collection that the caller may not see, what is never null cannot be asked for here: the answer would be INTERNAL.
export const KEY = `id name prefix scopes allowedAddresses revokedAt createdBy ${USER} collections { description itemCount tags }`;
export const WEBHOOK = 'id url description eventTypes enabled deliveries(first: 5) { nodes { id eventType state failure responseExcerpt } }';
export const TRAIL = `auditEvents(first: 15) { pageInfo { endCursor } nodes { id action entityType entityId before after actor { id user ${USER} apiKey { id name } } entity { id ... on Item { title body } ... on Collection { name } ... on Attachment { file: name url } } } }`;
export const TENANT = `id slug name features viewerRole members(first: 30) { pageInfo { hasNextPage endCursor } nodes { role user ${USER} } }`;
export const ADMINISTRATION = `invitations(first: 20) { nodes { id email role } } apiKeys(first: 10) { nodes { ${KEY} } } webhooks(first: 20) { nodes { ${WEBHOOK} } }`;

/** Of whatever has an id, by its type. */
export const OF_TYPE: Record<string, string> = {
  Collection: COLLECTION, Item: ITEM, Tenant: `${TENANT} ${ADMINISTRATION} ${TRAIL}`, User: 'name email emailVerified', ApiKey: KEY, Invitation: 'email role', Webhook: WEBHOOK,
  WebhookDelivery: 'eventType state failure responseExcerpt webhook { url }', AuditEvent: 'action entityId before after entity { id }',
  Attachment: `${ATTACHMENT} item { title }`, Job: JOB, SavedSearch: 'name query filter mode',
  Conversation: 'title export', Answer: 'question text citations { passage item { title } } conversation { title }', Approval: 'state why citations { passage item { title } }',
};
/** The same of several at once, without fields that are called alike and are not. */
export const OF_ANY = '... on Collection { name description settings itemCount } ... on Item { title body url metadata revisions(first: 3) { nodes { title body } } } ... on Tenant { slug features } ... on User { email } ... on ApiKey { prefix scopes } ... on Webhook { hook: url } ... on AuditEvent { before after } ... on Attachment { file: name url } ... on Job { note result } ... on SavedSearch { asks: query filter } ... on Conversation { title } ... on Answer { question said: text } ... on Approval { why }';
