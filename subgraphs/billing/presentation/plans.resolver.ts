import { Arg, Ctx, Directive, ID, Query, Resolver } from 'type-graphql';
import { ListSize } from '../../../platform/cost.ts';
import { isId } from '../../../platform/ids.ts';
import type { SeePlans } from '../application/see-plans.ts';
import type { Context } from './context.ts';
import { EntitlementsType, PlanType } from './plan.graph.ts';
import { planView } from './plan-view.ts';

@Resolver(() => PlanType)
export class PlansResolver {
  constructor(private readonly see: SeePlans) {}

  @ListSize({ assumedSize: 3 })
  @Query(() => [PlanType], { nullable: true, description: 'What can be bought today, the least first.' })
  async plans(@Ctx() { viewer }: Context): Promise<PlanType[]> { return (await this.see.onSale(viewer)).map(planView); }

  @Directive('@inaccessible')
  @Query(() => EntitlementsType, { nullable: true, description: 'What a tenant may do today by what it has bought; what it begins with, as version 0, while nothing is known of it.' })
  async entitlements(@Arg('tenantId', () => ID, { description: 'The tenant.' }) tenantId: string): Promise<EntitlementsType | null> {
    return isId('tnt', tenantId) ? this.see.entitlements(tenantId) : null;
  }
}
