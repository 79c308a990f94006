import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal, Money } from '../../../platform/decimal.ts';
import { Payload } from '../../../platform/graph-types.ts';
import { DecimalScalar, MoneyInputType, MoneyType } from '../../../platform/money.ts';
import type { SetBudgetInput } from '../application/set-budget.ts';
import type { BudgetPeriod as Period } from '../domain/budget.ts';
import type { BudgetUnit as Unit } from '../domain/metric.ts';

export const BudgetPeriod: Record<Period, Period> = { DAY: 'DAY', MONTH: 'MONTH' };
registerEnumType(BudgetPeriod, {
  name: 'BudgetPeriod',
  description: 'How long a budget has to last, in UTC.',
  valuesConfig: { DAY: { description: 'From midnight to midnight.' }, MONTH: { description: 'A month of the calendar.' } },
});
export const BudgetUnit: Record<Unit, Unit> = { POINTS: 'POINTS', TOKENS: 'TOKENS', MONEY: 'MONEY' };
registerEnumType(BudgetUnit, {
  name: 'BudgetUnit',
  description: 'What a budget is counted in.',
  valuesConfig: {
    POINTS: { description: 'Points of the API: `api.points`.' },
    TOKENS: { description: 'Tokens of language models, read and written.' },
    MONEY: { description: 'What usage is worth by the plan.' },
  },
});

@ObjectType('Budget', { description: 'How much may be used in each day or month.' })
export class BudgetType {
  @Field(() => ID, { description: 'Opaque, typed and sortable.' }) id!: string;
  @Field(() => BudgetPeriod, { description: 'How long it has to last.' }) period!: Period;
  @Field(() => BudgetUnit, { description: 'What it is counted in.' }) unit!: Unit;
  @Field(() => DecimalScalar, { description: 'How much of the unit there is in each period.' }) amount!: Decimal;
  @Field(() => MoneyType, { nullable: true, description: 'The same, where it is money.' }) limit!: Money | null;
  @Field(() => Boolean, { description: 'Whether what would go beyond it is refused with BUDGET_EXCEEDED; otherwise it is only told of.' }) hard!: boolean;
  @Field(() => ID, { nullable: true, description: 'Whose use alone it counts.' }) userId!: string | null;
  @Field(() => ID, { nullable: true, description: 'Whose use alone it counts, where that is a key.' }) apiKeyId!: string | null;
  @Field(() => ID, { nullable: true, description: 'The use in which collection alone it counts.' }) collectionId!: string | null;
  @Field(() => DecimalScalar, { description: 'Used in the running period, as far as it has been counted.' }) spent!: Decimal;
  @Field(() => DecimalScalar, { description: 'Reserved for what is under way; it comes back where it is not used.' }) leased!: Decimal;
  @Field(() => DecimalScalar, { description: 'What is left: below zero when more was under way than there was.' }) remaining!: Decimal;
  @Field(() => Date, { description: 'When the next period begins.' }) resetAt!: Date;
}

@InputType('SetBudgetInput', { description: 'A budget: exactly one of limit, tokens and points, of the whole tenant or of one of userId, apiKeyId and collectionId. Setting the same once more changes it.' })
export class SetBudgetInputType implements SetBudgetInput {
  @Field(() => BudgetPeriod, { description: 'How long it has to last.' }) period!: Period;
  @Field(() => MoneyInputType, { nullable: true, description: 'How much money, in the currency that the tenant is billed in.' }) limit?: MoneyInputType | null;
  @Field(() => DecimalScalar, { nullable: true, description: 'How many tokens.' }) tokens?: Decimal | null;
  @Field(() => DecimalScalar, { nullable: true, description: 'How many points.' }) points?: Decimal | null;
  @Field(() => Boolean, { description: 'Whether what would go beyond it is refused.' }) hard!: boolean;
  @Field(() => ID, { nullable: true, description: 'Count this person’s use alone.' }) userId?: string | null;
  @Field(() => ID, { nullable: true, description: 'Count this key’s use alone.' }) apiKeyId?: string | null;
  @Field(() => ID, { nullable: true, description: 'Count the use in this collection alone.' }) collectionId?: string | null;
}
@ObjectType('SetBudgetPayload', { description: 'What setBudget did.' })
export class SetBudgetPayload extends Payload {}

@InputType('DeleteBudgetInput', { description: 'Which budget to delete.' })
export class DeleteBudgetInputType {
  @Field(() => ID, { description: 'The budget.' }) id!: string;
}
@ObjectType('DeleteBudgetPayload', { description: 'What deleteBudget did.' })
export class DeleteBudgetPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The budget that is no more.' }) budgetId!: string | null;
}
