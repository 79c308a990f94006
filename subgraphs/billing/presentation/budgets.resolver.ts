import { Arg, Ctx, Directive, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { DeleteBudget } from '../application/delete-budget.ts';
import type { LeaseBudgets, LeasesAnswer } from '../application/lease-budgets.ts';
import type { ReturnLeases } from '../application/return-leases.ts';
import type { SeeBudgets } from '../application/see-budgets.ts';
import type { SetBudget } from '../application/set-budget.ts';
import type { BudgetId } from '../domain/budget.ts';
import { BudgetType, DeleteBudgetInputType, DeleteBudgetPayload, SetBudgetInputType, SetBudgetPayload } from './budget.graph.ts';
import { budgetView } from './budget-view.ts';
import type { Context } from './context.ts';
import { LeaseBudgetsInputType, LeaseBudgetsPayload, ReturnLeasesInputType, ReturnLeasesPayload } from './lease.graph.ts';

export interface BudgetVerbs { setBudget: SetBudget; deleteBudget: DeleteBudget; leaseBudgets: LeaseBudgets; returnLeases: ReturnLeases }

@Resolver()
export class BudgetsResolver {
  constructor(private readonly ask: BudgetVerbs) {}

  @Mutation(() => SetBudgetPayload, { description: 'Says how much may be used in each day or month. What was used already in the running one counts.' })
  setBudget(@Arg('input', () => SetBudgetInputType, { description: 'What to do.' }) input: SetBudgetInputType, @Ctx() { viewer }: Context): Promise<unknown> { return this.ask.setBudget(viewer, input); }
  @Mutation(() => DeleteBudgetPayload, { description: 'Deletes a budget: it refuses nothing and tells of nothing any more.' })
  deleteBudget(@Arg('input', () => DeleteBudgetInputType, { description: 'What to do.' }) input: DeleteBudgetInputType, @Ctx() { viewer }: Context): Promise<unknown> { return this.ask.deleteBudget(viewer, input); }

  @Directive('@inaccessible')
  @Mutation(() => LeaseBudgetsPayload, { description: 'Reserves a part of every budget that somebody comes under.' })
  leaseBudgets(@Arg('input', () => LeaseBudgetsInputType) input: LeaseBudgetsInputType): Promise<LeasesAnswer> { return this.ask.leaseBudgets(input); }
  @Directive('@inaccessible')
  @Mutation(() => ReturnLeasesPayload, { description: 'Gives back what was reserved and is not used.' })
  returnLeases(@Arg('input', () => ReturnLeasesInputType) input: ReturnLeasesInputType): Promise<unknown> { return this.ask.returnLeases(input); }
}

@Resolver(() => SetBudgetPayload)
export class SetBudgetPayloadResolver {
  constructor(private readonly see: SeeBudgets) {}

  @FieldResolver(() => BudgetType, { nullable: true, description: 'The budget as it is now.' })
  async budget(@Root() { budgetId }: { budgetId?: BudgetId }, @Ctx() { viewer }: Context): Promise<BudgetType | null> {
    const seen = budgetId ? await this.see.one(viewer, budgetId) : null;
    return seen && budgetView(seen);
  }
}
