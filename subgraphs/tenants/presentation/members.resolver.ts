import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { AcceptInvitation } from '../application/accept-invitation.ts';
import type { ChangeMemberRole } from '../application/change-member-role.ts';
import type { InviteMember } from '../application/invite-member.ts';
import type { RemoveMember } from '../application/remove-member.ts';
import type { RevokeInvitation } from '../application/revoke-invitation.ts';
import type { Member } from '../domain/membership.ts';
import type { Context } from './context.ts';
import {
  AcceptInvitationInputType, AcceptInvitationPayload, ChangeMemberRoleInputType, ChangeMemberRolePayload, InviteMemberInputType, InviteMemberPayload,
  MemberType, RemoveMemberInputType, RemoveMemberPayload, RevokeInvitationInputType, RevokeInvitationPayload,
} from './member.graph.ts';
import { UserStub } from './tenant.graph.ts';

interface Asked { inviteMember: InviteMember; revokeInvitation: RevokeInvitation; acceptInvitation: AcceptInvitation; changeMemberRole: ChangeMemberRole; removeMember: RemoveMember }
const INPUT = { description: 'What to do.' };

@Resolver(() => MemberType)
export class MembersResolver {
  constructor(private readonly ask: Asked) {}

  @FieldResolver(() => UserStub, { nullable: true, description: 'Who it is.' })
  user(@Root() { userId }: Member): UserStub { return { id: userId }; }

  @Mutation(() => InviteMemberPayload, { description: 'Sends a letter whose token lets whoever holds it join the tenant, once and within 7 days.' })
  inviteMember(@Arg('input', () => InviteMemberInputType, INPUT) input: InviteMemberInputType, @Ctx() { viewer }: Context): unknown { return this.ask.inviteMember(viewer, input); }
  @Mutation(() => RevokeInvitationPayload, { description: 'Withdraws an invitation that nobody has accepted.' })
  revokeInvitation(@Arg('input', () => RevokeInvitationInputType, INPUT) input: RevokeInvitationInputType, @Ctx() { viewer }: Context): unknown { return this.ask.revokeInvitation(viewer, input); }
  @Mutation(() => AcceptInvitationPayload, { description: 'Joins the tenant that the token in a letter invites to.' })
  acceptInvitation(@Arg('input', () => AcceptInvitationInputType, INPUT) input: AcceptInvitationInputType, @Ctx() { viewer }: Context): unknown { return this.ask.acceptInvitation(viewer, input); }
  @Mutation(() => ChangeMemberRolePayload, { description: 'Changes what a member is. A tenant always keeps an owner.' })
  changeMemberRole(@Arg('input', () => ChangeMemberRoleInputType, INPUT) input: ChangeMemberRoleInputType, @Ctx() { viewer }: Context): unknown { return this.ask.changeMemberRole(viewer, input); }
  @Mutation(() => RemoveMemberPayload, { description: 'Removes a member, and their keys with them. A tenant always keeps an owner.' })
  removeMember(@Arg('input', () => RemoveMemberInputType, INPUT) input: RemoveMemberInputType, @Ctx() { viewer }: Context): unknown { return this.ask.removeMember(viewer, input); }
}
