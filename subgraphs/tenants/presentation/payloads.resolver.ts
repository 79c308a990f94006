import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Class } from '../../../platform/graph-types.ts';
import type { TenantView } from '../domain/tenant-view.ts';
import type { Context } from './context.ts';
import { AcceptInvitationPayload } from './member.graph.ts';
import { CreateTenantPayload, SetFeaturePayload, TenantType, UpdateTenantPayload } from './tenant.graph.ts';

/** What a work answers is the tenant as it is kept; what the caller may see of it is read after the commit, with the caller's role in it. */
function tenantOf(Payload: Class): new () => object {
  @Resolver(() => Payload as never)
  class PayloadResolver {
    @FieldResolver(() => TenantType, { nullable: true })
    tenant(@Root() { tenant }: { tenant?: Pick<TenantView, 'id'> | null }, @Ctx() { tenants }: Context): Promise<TenantView | null> | null {
      return tenant ? tenants.load(tenant.id) : null;
    }
  }
  return PayloadResolver;
}

export const payloadResolvers = [CreateTenantPayload, UpdateTenantPayload, SetFeaturePayload, AcceptInvitationPayload].map(tenantOf);
