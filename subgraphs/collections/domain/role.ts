/** What somebody may do in a collection. */
const COLLECTION_ROLES = ['VIEWER', 'EDITOR', 'OWNER'] as const;
export type CollectionRole = (typeof COLLECTION_ROLES)[number];

const rank = (role: CollectionRole): number => COLLECTION_ROLES.indexOf(role);
export const atLeast = (role: CollectionRole, least: CollectionRole): boolean => rank(role) >= rank(least);
const lesser = (a: CollectionRole, b: CollectionRole): CollectionRole => (rank(a) < rank(b) ? a : b);

/** As much of a viewer as a role in a collection goes by. */
export interface Caller { kind: string; role: string | null; scopes: readonly string[] }

/** Whoever administers the tenant administers every collection of it; a service acts for whoever asked it. */
export const administers = ({ kind, role }: Caller): boolean => kind === 'system' || role === 'OWNER' || role === 'ADMIN';

const SCOPE_OF: Record<CollectionRole, string> = { VIEWER: 'collections:read', EDITOR: 'items:write', OWNER: 'collections:write' };

/** What a caller is in a collection, by the shares in it that are theirs or everyone's; null when it is not shared with them. A key is no more than its scopes let it be. */
export function roleOf(caller: Caller, shares: readonly CollectionRole[]): CollectionRole | null {
  const given = administers(caller) ? 'OWNER' : shares.length > 0 ? COLLECTION_ROLES[Math.max(...shares.map(rank))]! : null;
  return caller.kind === 'key' && given ? lesser(given, mostOf(caller.scopes)) : given;
}
const mostOf = (scopes: readonly string[]): CollectionRole =>
  scopes.includes(SCOPE_OF.OWNER) ? 'OWNER' : scopes.includes(SCOPE_OF.EDITOR) ? 'EDITOR' : 'VIEWER';

/** The scope without which no role lets a key do what needs it. */
export const scopeFor = (least: CollectionRole): string => SCOPE_OF[least];
