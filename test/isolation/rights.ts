/**
 * Who may see and do what, said once more in plain data and without a line of the code that is tried: from docs/policy.md
 * and from what the graph promises of shares, roles, scopes and keys.
 */
import type { CollectionState, ItemState, JobState, Part, PersonState, Place, Principal, Role, TenantState } from './canaries.ts';

export type { Principal } from './canaries.ts';

const ROLES: readonly Role[] = ['GUEST', 'MEMBER', 'ADMIN', 'OWNER'];
const PARTS: readonly Part[] = ['VIEWER', 'EDITOR', 'OWNER'];
const SCOPE_NEEDS: Record<string, Role> = {
  'tenants:read': 'GUEST', 'tenants:admin': 'ADMIN', 'audit:read': 'ADMIN', 'webhooks:manage': 'ADMIN',
  'collections:read': 'GUEST', 'collections:write': 'MEMBER', 'items:write': 'MEMBER', 'search:read': 'GUEST', 'ai:ask': 'MEMBER',
};
export const SCOPES = Object.keys(SCOPE_NEEDS);
const SEEING = ['collections:read', 'collections:write', 'items:write', 'search:read', 'ai:ask'];

export const atLeast = (role: Role | null | undefined, least: Role): boolean => role != null && ROLES.indexOf(role) >= ROLES.indexOf(least);
export const partAtLeast = (part: Part | null, least: Part): boolean => part !== null && PARTS.indexOf(part) >= PARTS.indexOf(least);

/** A person's role where they ask; a key's creator's. */
export function roleOf({ person, tenant, key }: Principal): Role | null {
  if (key) return key.revoked ? null : key.tenant.members.get(key.creator.id) ?? null;
  return (person && tenant?.members.get(person.id)) ?? null;
}
/** What a key may do today: what its creator no longer may, it may not either. */
export function scopesOf(principal: Principal): string[] {
  const role = roleOf(principal);
  return principal.key && role ? principal.key.scopes.filter((scope) => atLeast(role, SCOPE_NEEDS[scope]!)) : [];
}
export const has = (principal: Principal, scope: string): boolean => scopesOf(principal).includes(scope);
/** The row of the policy: so much of a person, or a key with this scope. */
export const passes = (principal: Principal, least: Role, scope: string | null): boolean =>
  (principal.key ? scope !== null && has(principal, scope) : atLeast(roleOf(principal), least));
/** Whether a request with this credential is answered at all. */
export const isKnown = (principal: Principal): boolean => (principal.key || principal.tenant ? roleOf(principal) !== null : true);

/** What somebody is in a collection where they ask; null when it is not there for them. */
export function partIn(principal: Principal, { tenant, id, shares, deleted }: CollectionState): Part | null {
  const role = roleOf(principal);
  if (deleted || role === null || (principal.key?.tenant ?? principal.tenant) !== tenant) return null;
  const { key } = principal;
  if (key?.heldTo && !key.heldTo.includes(id)) return null;
  const own = shares.get((key?.creator ?? principal.person)!.id);
  const everyones = atLeast(role, 'MEMBER') ? shares.get('everyone') : undefined;
  const given = atLeast(role, 'ADMIN') ? 'OWNER' : PARTS.findLast((part) => part === own || part === everyones) ?? null;
  if (!key || given === null) return given;
  const scopes = scopesOf(principal);
  if (!scopes.some((scope) => SEEING.includes(scope))) return null;
  const most: Part = scopes.includes('collections:write') ? 'OWNER' : scopes.includes('items:write') ? 'EDITOR' : 'VIEWER';
  return partAtLeast(given, most) ? most : given;
}
export function seesItem(principal: Principal, item: ItemState): boolean {
  const part = partIn(principal, item.collection);
  return item.deleted ? partAtLeast(part, 'EDITOR') && (!principal.key || has(principal, 'items:write')) : part !== null;
}

/** Whoever started a job sees it, and who administers the tenant; a key that is held to collections its own alone. */
export function seesJob(principal: Principal, { by }: Pick<JobState, 'by'>): boolean {
  if (roleOf(principal) === null || tenantOf(principal) !== tenantOf(by)) return false;
  const { key } = principal;
  if (idOf(principal) === idOf(by)) return true;
  return key ? has(principal, 'tenants:admin') && !key.heldTo : atLeast(roleOf(principal), 'ADMIN');
}
/** Whether a job does what it was asked to, if it is begun now. */
export const mayRun = ({ by, kind, collection }: JobState): boolean => (kind === 'collections.import-items'
  ? passes(by, 'GUEST', 'items:write') && partAtLeast(partIn(by, collection), 'EDITOR')
  : passes(by, 'GUEST', 'collections:read') && partIn(by, collection) !== null);

/** The tenants that somebody belongs to, wherever they ask from; a key to its own. */
const rolesOf = ({ person, key }: Principal, tenants: readonly TenantState[]): { tenant: TenantState; role: Role }[] => tenants.flatMap((tenant) => {
  const role = key ? (key.tenant === tenant && !key.revoked ? tenant.members.get(key.creator.id) : undefined) : person && tenant.members.get(person.id);
  return role ? [{ tenant, role }] : [];
});
/** By what somebody is known to whatever they start or send. */
export const idOf = ({ key, person }: Principal): string | null => (key ?? person)?.id ?? null;
export const tenantOf = ({ tenant, key }: Principal): TenantState | null => key?.tenant ?? tenant;
export const belongs = (principal: Principal, tenant: TenantState): boolean => rolesOf(principal, [tenant]).length > 0;
/** Whether somebody is shown what only those who administer a tenant are; `scope` is what a key needs for it. */
export const administers = (principal: Principal, tenant: TenantState, scope: string): boolean =>
  (principal.key ? principal.key.tenant === tenant && has(principal, scope) : rolesOf(principal, [tenant]).some(({ role }) => atLeast(role, 'ADMIN')));

export function seesPerson(principal: Principal, person: PersonState, what: 'name' | 'email', tenants: readonly TenantState[]): boolean {
  if (principal.person === person) return true;
  if (principal.key && !has(principal, 'tenants:read')) return false;
  return rolesOf(principal, tenants).some(({ tenant, role }) => tenant.members.has(person.id) && (what === 'name' || role !== 'GUEST'));
}

/** Whoever reads the trail of a tenant reads what is written into it, but not past what a key is held to. */
const readsTrail = (principal: Principal, tenant: TenantState): boolean => administers(principal, tenant, 'audit:read') && !principal.key?.heldTo;

/** `trail`: whether the answer shows the audit trail, in which everything of the tenant is written. `decides`: what waits for somebody, to whoever decides. */
export function mayRead(principal: Principal, place: Place, tenants: readonly TenantState[], trail: boolean, decides = false): boolean {
  switch (place.in) {
    // Whoever meets somebody in a thing that they see is told the name; the address goes by who shares a tenant today.
    case 'name': return principal.person === place.person || tenants.some((tenant) => belongs(principal, tenant) && place.person.everIn.has(tenant));
    case 'email': return seesPerson(principal, place.person, 'email', tenants);
    case 'tenant': return belongs(principal, place.tenant);
    case 'administration': return ['tenants:admin', 'webhooks:manage'].some((scope) => administers(principal, place.tenant, scope)) || (trail && readsTrail(principal, place.tenant))
      || (principal.person !== null && place.maker === principal.person && belongs(principal, place.tenant));
    case 'collection': return partIn(principal, place.collection) !== null || (trail && readsTrail(principal, place.collection.tenant));
    case 'item': return seesItem(principal, place.item) || (trail && readsTrail(principal, place.item.collection.tenant));
    case 'attachment': return seesItem(principal, place.attachment.item) || (trail && readsTrail(principal, place.attachment.item.collection.tenant));
    case 'saved search': return (idOf(principal) === place.saved.owner && belongs(principal, place.saved.tenant)) || (trail && readsTrail(principal, place.saved.tenant));
    case 'conversation': return tenantOf(principal) === place.conversation.tenant && belongs(principal, place.conversation.tenant) && (decides || idOf(principal) === place.conversation.owner);
    case 'upload': return idOf(principal) === place.upload.owner && tenantOf(principal) === place.upload.tenant;
    case 'job': return seesJob(principal, place.job) && (!place.file || partIn(principal, place.job.collection) !== null);
    case 'link': return (seesItem(principal, place.from) && place.to.some((to) => seesItem(principal, to))) || (trail && readsTrail(principal, place.from.collection.tenant));
  }
}
