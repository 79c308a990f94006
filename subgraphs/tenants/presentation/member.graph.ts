import { Directive, Field, ID, InputType, ObjectType } from 'type-graphql';
import { NodeType, Payload } from '../../../platform/graph-types.ts';
import { connectionOf } from '../../../platform/page.ts';
import type { Invitation } from '../domain/invitation.ts';
import type { Member } from '../domain/membership.ts';
import type { Role } from '../domain/role.ts';
import { TenantRole } from './role.graph.ts';
import { TenantType } from './tenant.graph.ts';

@ObjectType('Member', { description: 'Somebody who belongs to a tenant.' })
export class MemberType implements Pick<Member, 'role' | 'joinedAt'> {
  @Field(() => TenantRole, { description: 'What they are in it.' }) role!: Role;
  @Field(() => Date, { description: 'Since when they belong to it.' }) joinedAt!: Date;
}
export const { Connection: MemberConnection, Edge: MemberEdge } = connectionOf<Member>(MemberType, 'Member');

@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('Invitation', { implements: NodeType, description: 'A letter that lets whoever holds it join a tenant, once.' })
export class InvitationType extends NodeType implements Pick<Invitation, 'email' | 'role' | 'expiresAt' | 'acceptedAt'> {
  @Field(() => String, { description: 'Where the letter went.' }) email!: string;
  @Field(() => TenantRole, { description: 'What whoever accepts will be.' }) role!: Role;
  @Field(() => Date, { description: 'Until when it can be accepted.' }) expiresAt!: Date;
  @Field(() => Date, { nullable: true, description: 'When it was accepted.' }) acceptedAt!: Date | null;
}
export const { Connection: InvitationConnection, Edge: InvitationEdge } = connectionOf<Invitation>(InvitationType, 'Invitation');

@InputType('InviteMemberInput', { description: 'Whom to invite to the tenant that the request is in.' })
export class InviteMemberInputType {
  @Field(() => String, { description: 'Where the letter goes. An open invitation to the same address is replaced.' }) email!: string;
  @Field(() => TenantRole, { description: 'What they will be; only an OWNER invites an OWNER.' }) role!: Role;
}
@InputType('RevokeInvitationInput', { description: 'Which invitation to withdraw.' })
export class RevokeInvitationInputType {
  @Field(() => ID, { description: 'The invitation.' }) id!: string;
}
@InputType('AcceptInvitationInput', { description: 'An invitation to accept.' })
export class AcceptInvitationInputType {
  @Field(() => String, { description: 'The token from the letter. Whoever holds it may accept, whatever the address of their account is.' }) token!: string;
}
@InputType('ChangeMemberRoleInput', { description: 'What a member of the tenant that the request is in will be.' })
export class ChangeMemberRoleInputType {
  @Field(() => ID, { description: 'The member.' }) userId!: string;
  @Field(() => TenantRole, { description: 'The new role; only an OWNER makes or unmakes an OWNER.' }) role!: Role;
}
@InputType('RemoveMemberInput', { description: 'Whom to remove from the tenant that the request is in.' })
export class RemoveMemberInputType {
  @Field(() => ID, { description: 'The member.' }) userId!: string;
}

@ObjectType('InviteMemberPayload', { description: 'What inviteMember did.' })
export class InviteMemberPayload extends Payload {
  @Field(() => InvitationType, { nullable: true, description: 'The invitation; its token travels by mail only.' }) invitation!: InvitationType | null;
}
@ObjectType('RevokeInvitationPayload', { description: 'What revokeInvitation did.' })
export class RevokeInvitationPayload extends Payload {
  @Field(() => InvitationType, { nullable: true, description: 'The invitation, which nobody can accept any more.' }) invitation!: InvitationType | null;
}
@ObjectType('AcceptInvitationPayload', { description: 'What acceptInvitation did.' })
export class AcceptInvitationPayload extends Payload {
  @Field(() => TenantType, { nullable: true, description: 'The tenant that the caller now belongs to.' }) tenant!: TenantType | null;
  @Field(() => MemberType, { nullable: true, description: 'The caller as its member.' }) member!: MemberType | null;
}
@ObjectType('ChangeMemberRolePayload', { description: 'What changeMemberRole did.' })
export class ChangeMemberRolePayload extends Payload {
  @Field(() => MemberType, { nullable: true, description: 'The member as it is now.' }) member!: MemberType | null;
}
@ObjectType('RemoveMemberPayload', { description: 'What removeMember did.' })
export class RemoveMemberPayload extends Payload {
  @Field(() => MemberType, { nullable: true, description: 'Who was a member.' }) member!: MemberType | null;
}

@Directive('@inaccessible')
@ObjectType('UserRelation', { description: 'That the caller shares a tenant with somebody.' })
export class UserRelationType {
  @Field(() => ID, { description: 'The other one.' }) userId!: string;
  /** A text, because an enum cannot be kept out of the public graph from here. */
  @Field(() => String, { description: 'What the caller is to them: PEER in some tenant that both belong to, or GUEST in all.' }) kind!: 'PEER' | 'GUEST';
}
