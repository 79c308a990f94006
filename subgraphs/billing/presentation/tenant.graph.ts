import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { TenantId } from '../../../platform/ids.ts';
import type { TenantRole as Role } from '../../../platform/viewer.ts';

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

/** What a tenant is, tenants knows: here it is an id, and what the caller is in it. */
@Directive('@key(fields: "id")')
@ObjectType('Tenant', { description: 'A closed world of its own: people, collections, keys and a bill.' })
export class TenantStub {
  @Field(() => ID, { description: 'Opaque, typed and sortable.' }) id!: string;
  @Directive('@external')
  @Field(() => TenantRole, { description: 'What the caller is in it. For a key: what its scopes amount to.' }) viewerRole!: Role;
}

/** A tenant as its fields here are asked with: of whoever is in another one at the moment, tenants has said what they are in this. */
export interface TenantHere { id: TenantId; viewerRole: Role | null }
