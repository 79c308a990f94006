import { Directive, Field, ID, ObjectType } from 'type-graphql';
import type { KeyPrincipal, UserPrincipal } from '../application/resolve-principal.ts';
import type { TenantManagers } from '../application/find-caretakers.ts';
import type { Role } from '../domain/role.ts';
import { TenantRole } from './role.graph.ts';

/** For the gateway alone: what a session or a key amounts to today. */
@Directive('@inaccessible')
@ObjectType('UserPrincipal', { description: 'A person in a tenant, or in none.' })
export class UserPrincipalType implements UserPrincipal {
  @Field(() => ID, { nullable: true, description: 'The tenant; null when none was asked for.' }) tenantId!: UserPrincipal['tenantId'];
  @Field(() => TenantRole, { nullable: true, description: 'What the person is in it.' }) role!: Role | null;
  @Field(() => Boolean, { description: 'Whether it is a sandbox.' }) sandbox!: boolean;
}

@Directive('@inaccessible')
@ObjectType('KeyPrincipal', { description: 'A key that works.' })
export class KeyPrincipalType implements KeyPrincipal {
  @Field(() => ID, { description: 'The key.' }) keyId!: KeyPrincipal['keyId'];
  @Field(() => ID, { description: 'Its tenant.' }) tenantId!: KeyPrincipal['tenantId'];
  @Field(() => String, { description: 'The slug of its tenant.' }) slug!: string;
  @Field(() => ID, { description: 'Who made it: it sees no more of what is shared than they do.' }) createdBy!: KeyPrincipal['createdBy'];
  @Field(() => TenantRole, { description: 'What its creator is today: no bound to what it may do beyond its scopes, but to what it is shown.' }) role!: Role;
  @Field(() => [String], { description: 'What it may do today: what it was allowed, less what its creator may no longer do.' }) scopes!: string[];
  @Field(() => [ID], { nullable: true, description: 'The collections it is held to; null for all.' }) collectionIds!: string[] | null;
  @Field(() => [String], { nullable: true, description: 'Where it may be used from; null for anywhere.' }) allowedAddresses!: string[] | null;
  @Field(() => Boolean, { description: 'Whether it is held to trusted documents.' }) trustedDocumentsOnly!: boolean;
  @Field(() => Boolean, { description: 'Whether its tenant is a sandbox.' }) sandbox!: boolean;
  @Field(() => Date, { nullable: true, description: 'When it ends by itself.' }) endsAt!: Date | null;
}

/** For the service alone that writes letters. */
@Directive('@inaccessible')
@ObjectType('TenantManagers', { description: 'A tenant, and whom a letter about it goes to.' })
export class TenantManagersType implements TenantManagers {
  @Field(() => String, { description: 'Its name for people.' }) name!: string;
  @Field(() => Boolean, { description: 'Whether it is a sandbox.' }) sandbox!: boolean;
  @Field(() => [ID], { description: 'Its owners and admins.' }) userIds!: TenantManagers['userIds'];
}
