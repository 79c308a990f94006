/**
 * What undoes what is remembered of a caller: by event, the marks of everything that is asked again. The events are
 * known by their names; their bodies are held to schema/events.
 */
type Body = Record<'sessionId' | 'userId' | 'tenantId' | 'keyId', string>;

export const sessionMark = (sessionId: string): string => sessionId;
export const memberMark = (userId: string, tenantId: string): string => `${userId}@${tenantId}`;
export const keyMark = (keyId: string): string => keyId;
export const tenantMark = (tenantId: string): string => tenantId;
/** A key may do no more than its creator: what changes for a member may change it for a key, so all of the tenant's are asked again. */
export const keysMark = (tenantId: string): string => `keys@${tenantId}`;

const ofMember = ({ userId, tenantId }: Body): string[] => [memberMark(userId, tenantId), keysMark(tenantId)];
const ofKey = ({ keyId }: Body): string[] => [keyMark(keyId)];

export const REVOKED_BY: Record<string, (body: Body) => string[]> = {
  'users.session-ended': ({ sessionId }) => [sessionMark(sessionId)],
  'tenants.member-removed': ofMember,
  'tenants.member-role-changed': ofMember,
  'tenants.api-key-revoked': ofKey,
  'tenants.api-key-updated': ofKey,
  'tenants.api-key-rotated': ofKey,
  'tenants.tenant-updated': ({ tenantId }) => [tenantMark(tenantId), keysMark(tenantId)],
};
