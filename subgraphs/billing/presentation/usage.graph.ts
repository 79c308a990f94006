import { ArgsType, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal, Money } from '../../../platform/decimal.ts';
import { JsonScalar, Payload } from '../../../platform/graph-types.ts';
import { DecimalScalar, MoneyType } from '../../../platform/money.ts';
import type { RecordUsageInput } from '../application/record-usage.ts';
import type { Granularity as Grain } from '../domain/counting-period.ts';
import type { UsageArgs, UsageDimension as Dimension } from '../domain/usage.ts';

export const Granularity: Record<Grain, Grain> = { HOUR: 'HOUR', DAY: 'DAY', MONTH: 'MONTH' };
registerEnumType(Granularity, {
  name: 'Granularity',
  description: 'How long the periods are that usage is summed up in, all of them UTC.',
  valuesConfig: { HOUR: { description: 'At most 31 days of them at once.' }, DAY: { description: 'At most 400 at once.' }, MONTH: { description: 'At most 120 at once.' } },
});
export const UsageDimension: Record<Dimension, Dimension> = { USER: 'USER', API_KEY: 'API_KEY', COLLECTION: 'COLLECTION', MODEL: 'MODEL' };
registerEnumType(UsageDimension, {
  name: 'UsageDimension',
  description: 'What usage is told apart by.',
  valuesConfig: {
    USER: { description: 'Who did it; of what is there, who made it.' },
    API_KEY: { description: 'The key that did it.' },
    COLLECTION: { description: 'Where it was.' },
    MODEL: { description: 'The language model that was asked.' },
  },
});

@ObjectType('UsageLine', { description: 'How much of one thing was used.' })
export class UsageLineType {
  @Field(() => String, { description: 'What is counted, such as `api.points`.' }) metric!: string;
  @Field(() => String, { nullable: true, description: 'By what it was asked for: the id of the person, the key or the collection, or the name of the model. Empty: of none. Null: nothing was asked by.' }) dimension!: string | null;
  @Field(() => DecimalScalar, { description: 'How much. Of what is there rather than used (`items`, `storage.bytes`, `seats`): how much at the end of the period.' }) quantity!: Decimal;
  @Field(() => MoneyType, { nullable: true, description: 'What it is worth, before anything is credited; null where nothing is asked for it.' }) amount!: Money | null;
  @Field(() => Int, { nullable: true, description: 'In how many milliseconds half of it was done, to some five of a hundred; null where it was not timed.' }) latencyMsP50!: number | null;
  @Field(() => Int, { nullable: true, description: 'In how many milliseconds 95 of a hundred were done; null where it was not timed.' }) latencyMsP95!: number | null;
}
@ObjectType('UsagePoint', { description: 'What was used in one period.' })
export class UsagePointType {
  @Field(() => Date, { description: 'When it begins.' }) from!: Date;
  @Field(() => [UsageLineType], { description: 'By metric and dimension.' }) lines!: UsageLineType[];
}
@ObjectType('Usage', { description: 'What was used.' })
export class UsageType {
  @Field(() => [UsageLineType], { description: 'In all periods together.' }) total!: UsageLineType[];
  @Field(() => [UsagePointType], { description: 'Period by period; one in which nothing was counted is left out.' }) series!: UsagePointType[];
}

@ArgsType()
export class UsageArgsType implements UsageArgs {
  @Field(() => Date, { nullable: true, description: 'Since when: from the beginning of the period it lies in. The beginning of the month when not given.' }) from?: Date | null;
  @Field(() => Date, { nullable: true, description: 'Until when: to the end of the period it lies in. Now when not given.' }) to?: Date | null;
  @Field(() => Granularity, { defaultValue: 'DAY', description: 'How long the periods are.' }) granularity!: Grain;
  @Field(() => [UsageDimension], { nullable: true, description: 'What it is told apart by: one dimension at most.' }) by?: Dimension[] | null;
}

@InputType('RecordUsageInput', { description: 'Something of your own that was used.' })
export class RecordUsageInputType implements RecordUsageInput {
  @Field(() => String, { description: '`custom.` and a word of lower-case letters, digits and hyphens.' }) metric!: string;
  @Field(() => DecimalScalar, { description: 'How much; below zero takes something back.' }) quantity!: Decimal;
  @Field(() => Date, { nullable: true, description: 'When, at most 35 days ago; now when not given.' }) at?: Date | null;
  @Field(() => JsonScalar, { nullable: true, description: 'An object of at most 10 short texts, kept beside it.' }) attributes?: unknown;
}
@ObjectType('RecordUsagePayload', { description: 'What recordUsage did.' })
export class RecordUsagePayload extends Payload {
  @Field(() => String, { nullable: true, description: 'What it is known by. `usage` shows it a moment later.' }) recordId!: string | null;
}
