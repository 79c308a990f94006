import { Directive, Field, ID, InputType, ObjectType } from 'type-graphql';
import { NodeType, Payload } from '../../../platform/graph-types.ts';
import { connectionOf } from '../../../platform/page.ts';
import type { CreateTenantInput } from '../application/create-tenant.ts';
import type { UpdateTenantInput } from '../application/update-tenant.ts';
import type { Role } from '../domain/role.ts';
import type { Scope } from '../domain/scopes.ts';
import type { TenantView } from '../domain/tenant-view.ts';
import { TenantRole } from './role.graph.ts';

@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('Tenant', { implements: NodeType, description: 'A closed world of its own: people, collections, keys and a bill.' })
export class TenantType extends NodeType implements Omit<TenantView, 'id'> {
  @Field(() => String, { description: 'Its name in addresses and in the Atlas-Tenant header.' }) slug!: string;
  @Field(() => String, { description: 'Its name for people.' }) name!: string;
  @Field(() => Date, { description: 'When it was made.' }) createdAt!: Date;
  @Field(() => TenantRole, { description: 'What the caller is in it. For a key: what its scopes amount to.' }) viewerRole!: Role;
  @Field(() => [String], { description: 'What is switched on for it, by name.' }) features!: string[];
  @Field(() => Boolean, { description: 'Whether it is for trying things out: never billed, and no letter leaves.' }) sandbox!: boolean;
}

export const { Connection: TenantConnection, Edge: TenantEdge } = connectionOf<TenantView>(TenantType, 'Tenant');

/** Whoever a User is, users knows: here it is an id. */
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('User', { description: 'A person with an account.' })
export class UserStub {
  @Field(() => ID, { description: 'Opaque, typed and sortable.' }) id!: string;
}

@ObjectType('Scope', { description: 'Something that an API key can be allowed.' })
export class ScopeType implements Pick<Scope, 'name' | 'description' | 'reaches'> {
  @Field(() => String, { description: 'Its name, as createApiKey takes it.' }) name!: string;
  @Field(() => String, { description: 'What it allows.' }) description!: string;
  @Field(() => String, { description: 'The fields that it opens.' }) reaches!: string;
}

@InputType('CreateTenantInput', { description: 'A new tenant.' })
export class CreateTenantInputType implements CreateTenantInput {
  @Field(() => String, { description: '1 to 200 characters.' }) name!: string;
  @Field(() => String, { nullable: true, description: '3 to 40 lower-case letters, digits and hyphens; made from the name when not given.' }) slug?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether it is for trying things out: never billed, no letter leaves, keys begin with atl_test. It stays what it is.' }) sandbox?: boolean | null;
}

@InputType('UpdateTenantInput', { description: 'What to change about the tenant that the request is in; what is left out stays.' })
export class UpdateTenantInputType implements UpdateTenantInput {
  @Field(() => String, { nullable: true, description: '1 to 200 characters.' }) name?: string | null;
  @Field(() => String, { nullable: true, description: '3 to 40 lower-case letters, digits and hyphens. The old one is free for others at once.' }) slug?: string | null;
}

@InputType('LeaveTenantInput', { description: 'Which tenant to leave.' })
export class LeaveTenantInputType {
  @Field(() => ID, { nullable: true, description: 'The tenant; the one that the request is in when not given.' }) tenantId?: string | null;
}

@InputType('SetFeatureInput', { description: 'A feature of the tenant that the request is in, and whether it is on.' })
export class SetFeatureInputType {
  @Field(() => String, { description: 'Lower-case letters and digits, parted by hyphens or dots.' }) name!: string;
  @Field(() => Boolean, { description: 'On or off.' }) enabled!: boolean;
}

@ObjectType('CreateTenantPayload', { description: 'What createTenant did.' })
export class CreateTenantPayload extends Payload {
  @Field(() => TenantType, { nullable: true, description: 'The new tenant; the caller is its owner.' }) tenant!: TenantType | null;
}
@ObjectType('UpdateTenantPayload', { description: 'What updateTenant did.' })
export class UpdateTenantPayload extends Payload {
  @Field(() => TenantType, { nullable: true, description: 'The tenant as it is now.' }) tenant!: TenantType | null;
}
@ObjectType('SetFeaturePayload', { description: 'What setFeature did.' })
export class SetFeaturePayload extends Payload {
  @Field(() => TenantType, { nullable: true, description: 'The tenant as it is now.' }) tenant!: TenantType | null;
}
@ObjectType('LeaveTenantPayload', { description: 'What leaveTenant did.' })
export class LeaveTenantPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The tenant that the caller no longer belongs to.' }) tenantId!: string | null;
}
