/** What is asked of things: as much as there is, so that whatever should not be seen has many places to turn up. */
const USER = '{ id name email emailVerified }';
export const ERRORS = 'userErrors { code message path }';
export const FLAT_ITEM = 'id title body url tags metadata version createdAt updatedAt deletedAt';
const LINKS = `links(first: 10, depth: 2) { pageInfo { hasNextPage endCursor } nodes { kind depth direction item { ${FLAT_ITEM} collection { id name } } } }`;
export const ITEM = `${FLAT_ITEM} createdBy ${USER} updatedBy ${USER} collection { id name description settings viewerRole }
  revisions(first: 5) { pageInfo { hasNextPage } nodes { version title body url tags metadata changed by ${USER} } } ${LINKS}`;
export const COLLECTION = `id name description settings viewerRole itemCount tags createdBy ${USER}
  members(first: 20) { nodes { everyone role user ${USER} } } items(first: 10) { pageInfo { hasNextPage endCursor } edges { cursor node { ${FLAT_ITEM} } } }`;
export const KEY = `id name prefix scopes allowedAddresses revokedAt createdBy ${USER} collections { id name description itemCount }`;
export const WEBHOOK = 'id url description eventTypes enabled deliveries(first: 5) { nodes { id eventType state failure responseExcerpt } }';
export const TRAIL = `auditEvents(first: 15) { pageInfo { endCursor } nodes { id action entityType entityId before after actor { id user ${USER} apiKey { id name } } entity { id ... on Item { title body } ... on Collection { name } } } }`;
export const TENANT = `id slug name features viewerRole members(first: 30) { pageInfo { hasNextPage endCursor } nodes { role user ${USER} } }`;
export const ADMINISTRATION = `invitations(first: 20) { nodes { id email role } } apiKeys(first: 10) { nodes { ${KEY} } } webhooks(first: 20) { nodes { ${WEBHOOK} } }`;

/** Whatever has an id. */
export const NODE = `__typename id ... on Collection { ${COLLECTION} } ... on Item { ${ITEM} } ... on Tenant { ${TENANT} } ... on User { name email }
  ... on ApiKey { ${KEY.replace('name prefix', 'keyName: name prefix')} } ... on Invitation { invited: email } ... on Webhook { url hook: description eventTypes enabled } ... on WebhookDelivery { eventType state failure }
  ... on AuditEvent { action entityId before after }`;
