import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { PageArgs, pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { ListOfTenant } from '../application/list-of-tenant.ts';
import type { ApiKey } from '../domain/api-key.ts';
import type { Invitation } from '../domain/invitation.ts';
import type { Member } from '../domain/membership.ts';
import type { TenantView } from '../domain/tenant-view.ts';
import { ApiKeyConnection } from './api-key.graph.ts';
import type { Context } from './context.ts';
import { InvitationConnection, MemberConnection } from './member.graph.ts';
import { TenantType } from './tenant.graph.ts';

interface ListPages { members: Pages<Member>; invitations: Pages<Invitation>; apiKeys: Pages<ApiKey> }

/** The lists of a tenant: of whichever tenant the field is a field of, not only of the one that the request is in. */
@Resolver(() => TenantType)
export class TenantListsResolver {
  constructor(private readonly lists: ListOfTenant, private readonly pages: ListPages) {}

  @FieldResolver(() => MemberConnection, { nullable: true, description: 'Who belongs to it, the longest first.' })
  async members(@Root() { id }: TenantView, @Args(() => PageArgs) args: PageArgs, @Ctx() { viewer }: Context): Promise<Connection<Member>> {
    const request = this.pages.members.request(args, id);
    return this.pages.members.connection(pageOf(await this.lists.members(viewer, id, request), request.first), request);
  }

  @FieldResolver(() => InvitationConnection, { nullable: true, description: 'Its invitations, the newest first, without the revoked; 30 days after they expired they are gone.' })
  async invitations(@Root() { id }: TenantView, @Args(() => PageArgs) args: PageArgs, @Ctx() { viewer }: Context): Promise<Connection<Invitation>> {
    const request = this.pages.invitations.request(args, id);
    return this.pages.invitations.connection(pageOf(await this.lists.invitations(viewer, id, request), request.first), request);
  }

  @FieldResolver(() => ApiKeyConnection, { nullable: true, description: 'Its keys, the newest first, the revoked among them.' })
  async apiKeys(@Root() { id }: TenantView, @Args(() => PageArgs) args: PageArgs, @Ctx() { viewer }: Context): Promise<Connection<ApiKey>> {
    const request = this.pages.apiKeys.request(args, id);
    return this.pages.apiKeys.connection(pageOf(await this.lists.apiKeys(viewer, id, request), request.first), request);
  }
}
