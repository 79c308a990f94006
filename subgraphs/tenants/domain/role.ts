/** The roles in a tenant, and which of them may change which. */
import { AtlasError } from '../../../platform/errors.ts';

export const ROLES = ['GUEST', 'MEMBER', 'ADMIN', 'OWNER'] as const;
export type Role = (typeof ROLES)[number];

export const atLeast = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

/** Only an OWNER makes or unmakes an OWNER; an ADMIN manages everybody else. */
const neededFor = (...roles: Role[]): Role => (roles.includes('OWNER') ? 'OWNER' : 'ADMIN');
export const manages = (actor: Role, role: Role): boolean => atLeast(actor, neededFor(role));

export function refuseUnlessManages(actor: Role | null, ...roles: Role[]): void {
  const needed = neededFor(...roles);
  if (actor === null || !atLeast(actor, needed)) throw new AtlasError('FORBIDDEN', `This needs role ${needed}.`, { missing: `role ${needed}` });
}

export const lastOwner = (): AtlasError => new AtlasError('LAST_OWNER', 'A tenant always keeps at least one owner: make somebody else an owner first.');
