import { registerEnumType } from 'type-graphql';
import type { Role } from '../domain/role.ts';

export const TenantRole: Record<Role, Role> = { OWNER: 'OWNER', ADMIN: 'ADMIN', MEMBER: 'MEMBER', GUEST: 'GUEST' };

registerEnumType(TenantRole, {
  name: 'TenantRole',
  description: 'What somebody is in a tenant; each may do all that the ones after it may.',
  valuesConfig: {
    OWNER: { description: 'May do everything, and alone makes and unmakes owners.' },
    ADMIN: { description: 'Manages members, invitations, keys and settings.' },
    MEMBER: { description: 'Works with what the tenant holds.' },
    GUEST: { description: 'Sees what is shared with them.' },
  },
});
