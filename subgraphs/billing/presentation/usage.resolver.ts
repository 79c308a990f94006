import { Arg, Args, Ctx, Directive, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Cost, ListSize } from '../../../platform/cost.ts';
import type { RecordUsage } from '../application/record-usage.ts';
import type { SeeBudgets } from '../application/see-budgets.ts';
import type { SeeUsage } from '../application/see-usage.ts';
import { percentile } from '../domain/latency.ts';
import type { UsageSum } from '../domain/usage.ts';
import { BudgetType } from './budget.graph.ts';
import { budgetView } from './budget-view.ts';
import type { Context } from './context.ts';
import { TenantStub, type TenantHere } from './tenant.graph.ts';
import { RecordUsageInputType, RecordUsagePayload, UsageArgsType, UsageType, type UsageLineType } from './usage.graph.ts';

/** It sums up what may be a great many lines. */
const USAGE_COST = 20;
const BUDGETS_SIZE = 10;

@Resolver(() => TenantStub)
export class UsageResolver {
  constructor(private readonly see: { seeUsage: SeeUsage; seeBudgets: SeeBudgets }, private readonly ask: { recordUsage: RecordUsage }) {}

  @Cost(USAGE_COST)
  @Directive('@requires(fields: "viewerRole")')
  @FieldResolver(() => UsageType, { nullable: true, description: 'What was used. Owners, admins and keys with `billing:read` see everything; others what they used themselves, with `by: [USER]`.' })
  async usage(@Root() here: TenantHere, @Args(() => UsageArgsType) args: UsageArgsType, @Ctx() { viewer }: Context): Promise<UsageType> {
    const found = await this.see.seeUsage(viewer, { id: here.id, role: here.viewerRole }, args);
    return { total: found.total.map(lineView), series: found.series.map(({ from, lines }) => ({ from, lines: lines.map(lineView) })) };
  }

  @ListSize({ assumedSize: BUDGETS_SIZE })
  @Directive('@requires(fields: "viewerRole")')
  @FieldResolver(() => [BudgetType], { nullable: true, description: 'Its budgets, the oldest first.' })
  async budgets(@Root() { id }: TenantHere, @Ctx() { viewer }: Context): Promise<BudgetType[]> {
    return (await this.see.seeBudgets.all(viewer, id)).map(budgetView);
  }

  @Mutation(() => RecordUsagePayload, { description: 'Counts something of your own. With an `Idempotency-Key` it is counted once, however often it is sent.' })
  recordUsage(@Arg('input', () => RecordUsageInputType, { description: 'What to do.' }) input: RecordUsageInputType, @Ctx() { viewer }: Context): Promise<unknown> { return this.ask.recordUsage(viewer, input); }
}

const lineView = ({ metric, dimension, quantity, amount, currency, latencies }: UsageSum): UsageLineType => ({
  metric, dimension, quantity, amount: amount === null || currency === null ? null : { amount, currency }, latencyMsP50: percentile(latencies, 0.5), latencyMsP95: percentile(latencies, 0.95),
});
