import { Directive, Field, ID, InputType, ObjectType } from 'type-graphql';
import type { Decimal } from '../../../platform/decimal.ts';
import { Payload } from '../../../platform/graph-types.ts';
import { DecimalScalar } from '../../../platform/money.ts';
import type { LeaseBudgetsInput, LeaseGranted, LeaseRefused } from '../application/lease-budgets.ts';
import type { ReturnLeasesInput } from '../application/return-leases.ts';
import type { BudgetUnit as Unit } from '../domain/metric.ts';
import { BudgetUnit } from './budget.graph.ts';

/** For services alone that spend: they reserve blocks, and ask nobody while they are within them. */
@Directive('@inaccessible')
@InputType('BudgetWishInput', { description: 'How much of a unit is wished for.' })
export class BudgetWishInputType {
  @Field(() => BudgetUnit, { description: 'Of which unit.' }) unit!: Unit;
  @Field(() => DecimalScalar, { description: 'How much would be well; where little is left it may be less.' }) amount!: Decimal;
  @Field(() => DecimalScalar, { description: 'How much is needed: where not even that is left, it is refused.' }) atLeast!: Decimal;
}
@Directive('@inaccessible')
@InputType('LeaseBudgetsInput', { description: 'What is to be reserved for whom.' })
export class LeaseBudgetsInputType implements LeaseBudgetsInput {
  @Field(() => ID, { description: 'The tenant.' }) tenantId!: string;
  @Field(() => ID, { nullable: true, description: 'The person who asks.' }) userId?: string | null;
  @Field(() => ID, { nullable: true, description: 'The key that asks.' }) keyId?: string | null;
  @Field(() => [ID], { nullable: true, description: 'The collections that are asked about.' }) collectionIds?: string[] | null;
  @Field(() => String, { description: 'Who reserves: the usage of it says the same as `attributes.holder`.' }) holder!: string;
  @Field(() => [BudgetWishInputType], { description: 'One for each unit.' }) wants!: BudgetWishInputType[];
}
@Directive('@inaccessible')
@ObjectType('BudgetLease', { description: 'A part of a budget, reserved.' })
export class BudgetLeaseType implements Omit<LeaseGranted, 'currency'> {
  @Field(() => ID, { description: 'The budget.' }) budgetId!: LeaseGranted['budgetId'];
  @Field(() => BudgetUnit, { description: 'Its unit.' }) unit!: Unit;
  @Field(() => String, { nullable: true, description: 'Its currency, where it is money.' }) currency!: string | null;
  @Field(() => ID, { nullable: true, description: 'The collection whose use alone it counts.' }) collectionId!: string | null;
  @Field(() => DecimalScalar, { description: 'What came to what the holder had.' }) granted!: Decimal;
  @Field(() => DecimalScalar, { description: 'How much there is in the period.' }) limit!: Decimal;
  @Field(() => DecimalScalar, { description: 'What is neither used nor reserved.' }) remaining!: Decimal;
  @Field(() => Date, { description: 'When the next period begins.' }) resetAt!: Date;
  @Field(() => Boolean, { description: 'Whether it is held to: what a soft one grants is not reserved.' }) hard!: boolean;
  @Field(() => Date, { description: 'Until when all that the holder has of it may be used.' }) expiresAt!: Date;
}
@Directive('@inaccessible')
@ObjectType('BudgetRefusal', { description: 'A budget that has not even what is needed.' })
export class BudgetRefusalType implements Omit<LeaseRefused, 'currency' | 'hard'> {
  @Field(() => ID, { description: 'The budget.' }) budgetId!: LeaseRefused['budgetId'];
  @Field(() => BudgetUnit, { description: 'Its unit.' }) unit!: Unit;
  @Field(() => String, { nullable: true, description: 'Its currency, where it is money.' }) currency!: string | null;
  @Field(() => DecimalScalar, { description: 'How much there is in the period.' }) limit!: Decimal;
  @Field(() => DecimalScalar, { description: 'What is neither used nor reserved.' }) remaining!: Decimal;
  @Field(() => Date, { description: 'When the next period begins.' }) resetAt!: Date;
}
@Directive('@inaccessible')
@ObjectType('LeaseBudgetsPayload', { description: 'What was reserved: of every budget that the caller comes under, or of none.' })
export class LeaseBudgetsPayload extends Payload {
  @Field(() => [BudgetLeaseType], { nullable: true, description: 'One for each budget; none where there is no budget.' }) leases!: BudgetLeaseType[] | null;
  @Field(() => BudgetRefusalType, { nullable: true, description: 'The first that has too little; then nothing was reserved.' }) refusal!: BudgetRefusalType | null;
}

@Directive('@inaccessible')
@InputType('ReturnedLeaseInput', { description: 'A part of a lease that will not be used.' })
export class ReturnedLeaseInputType {
  @Field(() => ID, { description: 'The budget.' }) budgetId!: string;
  @Field(() => Date, { description: 'As the lease said: which period it is of.' }) resetAt!: Date;
  @Field(() => DecimalScalar, { description: 'How much of what was granted will not be used.' }) amount!: Decimal;
}
@Directive('@inaccessible')
@InputType('ReturnLeasesInput', { description: 'What a holder gives back.' })
export class ReturnLeasesInputType implements ReturnLeasesInput {
  @Field(() => ID, { description: 'The tenant.' }) tenantId!: string;
  @Field(() => String, { description: 'Who had reserved it.' }) holder!: string;
  @Field(() => [ReturnedLeaseInputType], { description: 'What of which budget.' }) leases!: ReturnedLeaseInputType[];
}
@Directive('@inaccessible')
@ObjectType('ReturnLeasesPayload', { description: 'What was given back is there for others.' })
export class ReturnLeasesPayload extends Payload {
  @Field(() => Boolean, { nullable: true, description: 'True when it was.' }) returned!: boolean | null;
}
