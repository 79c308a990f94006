import { Arg, Args, Ctx, Directive, ID, Mutation, Query, Resolver } from 'type-graphql';
import { ListSize } from '../../../platform/cost.ts';
import { PageArgs, pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { CreateTenant } from '../application/create-tenant.ts';
import type { LeaveTenant } from '../application/leave-tenant.ts';
import type { RelatePeople, UserRelation } from '../application/relate-people.ts';
import type { SeeTenants } from '../application/see-tenants.ts';
import type { SetFeature } from '../application/set-feature.ts';
import type { UpdateTenant } from '../application/update-tenant.ts';
import { SCOPES, type Scope } from '../domain/scopes.ts';
import type { TenantView } from '../domain/tenant-view.ts';
import type { Context } from './context.ts';
import { UserRelationType } from './member.graph.ts';
import {
  CreateTenantInputType, CreateTenantPayload, LeaveTenantInputType, LeaveTenantPayload, ScopeType, SetFeatureInputType, SetFeaturePayload,
  TenantConnection, TenantType, UpdateTenantInputType, UpdateTenantPayload,
} from './tenant.graph.ts';

interface Asked { createTenant: CreateTenant; updateTenant: UpdateTenant; setFeature: SetFeature; leaveTenant: LeaveTenant; seeTenants: SeeTenants; relatePeople: RelatePeople }
const INPUT = { description: 'What to do.' };

@Resolver(() => TenantType)
export class TenantsResolver {
  constructor(private readonly ask: Asked, private readonly pages: Pages<TenantView>) {}

  @Query(() => TenantType, { nullable: true, description: 'A tenant that the caller belongs to: the one that the request is in, or the one with this slug.' })
  async tenant(@Arg('slug', () => String, { nullable: true, description: 'Its slug.' }) slug: string | null | undefined, @Ctx() { viewer, tenants }: Context): Promise<TenantView | null> {
    if (slug != null) return this.ask.seeTenants.bySlug(viewer, slug);
    return viewer.tenantId && tenants.load(viewer.tenantId);
  }

  @Query(() => TenantConnection, { nullable: true, description: 'Every tenant that the caller belongs to; for a key its own.' })
  async tenants(@Args(() => PageArgs) args: PageArgs, @Ctx() { viewer }: Context): Promise<Connection<TenantView>> {
    const request = this.pages.request(args);
    return this.pages.connection(pageOf(await this.ask.seeTenants.own(viewer, request), request.first), request);
  }

  @ListSize({ assumedSize: SCOPES.length })
  @Query(() => [ScopeType], { nullable: true, description: 'What API keys can be allowed.' })
  apiKeyScopes(): readonly Scope[] { return SCOPES; }

  @Directive('@inaccessible')
  @Query(() => [UserRelationType], { description: 'Which of these people share a tenant with the caller. For users, which shows nobody to strangers.' })
  relations(@Arg('userIds', () => [ID], { description: 'The people; at most 500.' }) userIds: string[], @Ctx() { viewer }: Context): Promise<UserRelation[]> {
    return this.ask.relatePeople(viewer, userIds);
  }

  @Mutation(() => CreateTenantPayload, { description: 'Makes a tenant whose owner the caller is.' })
  createTenant(@Arg('input', () => CreateTenantInputType, INPUT) input: CreateTenantInputType, @Ctx() { viewer }: Context): unknown { return this.ask.createTenant(viewer, input); }
  @Mutation(() => UpdateTenantPayload, { description: 'Changes the name or slug of the tenant.' })
  updateTenant(@Arg('input', () => UpdateTenantInputType, INPUT) input: UpdateTenantInputType, @Ctx() { viewer }: Context): unknown { return this.ask.updateTenant(viewer, input); }
  @Mutation(() => SetFeaturePayload, { description: 'Switches a feature of the tenant on or off.' })
  setFeature(@Arg('input', () => SetFeatureInputType, INPUT) input: SetFeatureInputType, @Ctx() { viewer }: Context): unknown { return this.ask.setFeature(viewer, input); }
  @Mutation(() => LeaveTenantPayload, { description: 'Ends the caller’s membership, and the caller’s keys with it. The last owner cannot leave.' })
  leaveTenant(@Arg('input', () => LeaveTenantInputType, INPUT) input: LeaveTenantInputType, @Ctx() { viewer }: Context): unknown { return this.ask.leaveTenant(viewer, input); }
}
