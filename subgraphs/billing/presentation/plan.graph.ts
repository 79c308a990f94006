import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal, Money } from '../../../platform/decimal.ts';
import { JsonScalar } from '../../../platform/graph-types.ts';
import { DecimalScalar, MoneyType } from '../../../platform/money.ts';
import type { Included, Plan, PlanKey as Key, SlaTier as Tier } from '../domain/plan.ts';

export const PlanKey: Record<Key, Key> = { FREE: 'FREE', TEAM: 'TEAM', BUSINESS: 'BUSINESS' };
registerEnumType(PlanKey, {
  name: 'PlanKey',
  description: 'What a tenant can buy, the least first.',
  valuesConfig: {
    FREE: { description: 'Costs nothing; its limits hold it.' },
    TEAM: { description: 'For those who work together.' },
    BUSINESS: { description: 'For those whose work hangs on it.' },
  },
});
export const SlaTier: Record<Tier, Tier> = { COMMUNITY: 'COMMUNITY', STANDARD: 'STANDARD', PREMIUM: 'PREMIUM' };
registerEnumType(SlaTier, {
  name: 'SlaTier',
  description: 'What is promised of answers and of being there.',
  valuesConfig: {
    COMMUNITY: { description: 'Nothing is promised.' },
    STANDARD: { description: 'What is promised to most.' },
    PREMIUM: { description: 'What is promised to those who cannot be without.' },
  },
});

@ObjectType('UnitPrice', { description: 'What one of a metric is worth.' })
export class UnitPriceType {
  @Field(() => String, { description: 'What is counted, such as `api.points`.' }) metric!: string;
  @Field(() => DecimalScalar, { description: 'What one of it is worth.' }) amount!: Decimal;
}
@ObjectType('PlanPrice', { description: 'What a plan costs in a currency.' })
export class PlanPriceType {
  @Field(() => MoneyType, { description: 'A month.' }) month!: Money;
  @Field(() => MoneyType, { description: 'A month of each seat beyond those that are included.' }) seat!: Money;
  @Field(() => [UnitPriceType], { description: 'What usage is worth; what is not named here is worth nothing.' }) units!: UnitPriceType[];
}
@ObjectType('PlanLimit', { description: 'How many there may be of something.' })
export class PlanLimitType {
  @Field(() => String, { description: 'Of what.' }) name!: string;
  @Field(() => DecimalScalar, { description: 'How many.' }) limit!: Decimal;
}
@ObjectType('PlanIncluded', { description: 'What of a period’s usage is credited on its invoice.' })
export class PlanIncludedType implements Record<keyof Included, Decimal> {
  @Field(() => DecimalScalar, { description: 'Points of the API.' }) points!: Decimal;
  @Field(() => DecimalScalar, { description: 'Tokens, read and written.' }) tokens!: Decimal;
  @Field(() => DecimalScalar, { description: 'Bytes of files, kept all the while.' }) storageBytes!: Decimal;
}
@ObjectType('Plan', { description: 'Something that can be bought. What has been bought stays as it was: a plan that changes is a new version.' })
export class PlanType implements Pick<Plan, 'version' | 'name'> {
  @Field(() => PlanKey, { description: 'Which.' }) key!: Key;
  @Field(() => Int, { description: 'Which version of it.' }) version!: number;
  @Field(() => String, { description: 'Its name for people.' }) name!: string;
  @Field(() => Int, { description: 'How many people may belong to the tenant without a further seat.' }) seatsIncluded!: number;
  @Field(() => Int, { description: 'How many may with further seats.' }) seatsMax!: number;
  @Field(() => PlanIncludedType, { nullable: true, description: 'What is included each period; null: everything.' }) included!: PlanIncludedType | null;
  @Field(() => [PlanLimitType], { description: 'Its limits; what is not named has none.' }) limits!: PlanLimitType[];
  @Field(() => [String], { description: 'What it switches on, by name.' }) features!: string[];
  @Field(() => SlaTier, { description: 'What is promised with it.' }) sla!: Tier;
  @Field(() => [PlanPriceType], { description: 'What it costs, in each currency.' }) prices!: PlanPriceType[];
}

/** For other services alone. */
@Directive('@inaccessible')
@ObjectType('Entitlements', { description: 'What a tenant may do by what it has bought.' })
export class EntitlementsType {
  @Field(() => ID, { description: 'The tenant.' }) tenantId!: string;
  @Field(() => Int, { description: 'Grows with every change, as the version of the subject of `billing.entitlements-changed` does.' }) version!: number;
  @Field(() => PlanKey, { description: 'Its plan.' }) plan!: Key;
  @Field(() => Int, { description: 'The version of it that it has bought.' }) planVersion!: number;
  @Field(() => String, { description: 'The currency that it pays in.' }) currency!: string;
  @Field(() => [String], { description: 'What is switched on.' }) features!: string[];
  @Field(() => JsonScalar, { description: 'Limits, by name.' }) limits!: object;
  @Field(() => JsonScalar, { description: 'What one of each metric is worth, as an exact decimal in a text.' }) prices!: object;
  @Field(() => Int, { description: 'How many people may belong to it.' }) seats!: number;
}
