/** Money and exact decimals as the graph says them: as texts, because a number of JSON is read as a float by most. */
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { Directive, Field, InputType, ObjectType } from 'type-graphql';
import { isDecimal, parseDecimal, type Decimal, type Money } from './decimal.ts';

const TYPED = /^-?\d{1,18}(?:\.\d{1,12})?$/;

function read(value: unknown): Decimal {
  const found = typeof value === 'string' && TYPED.test(value) ? parseDecimal(value) : null;
  if (found === null) throw new GraphQLError('A Decimal is a text such as "12.34": at most 18 digits before the point and 12 after it.');
  return found;
}
function written(value: unknown): Decimal {
  if (!isDecimal(value)) throw new Error('What was to be said as a Decimal is none.');
  return value;
}

export const DecimalScalar = new GraphQLScalarType<Decimal, Decimal>({
  name: 'Decimal',
  description: 'An exact decimal, as a text: "12.34".',
  serialize: written,
  parseValue: read,
  parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : null),
});

@Directive('@shareable')
@ObjectType('Money', { description: 'An amount of money, exact.' })
export class MoneyType implements Money {
  @Field(() => DecimalScalar, { description: 'How much: what a line is worth may have more places than a coin.' }) amount!: Decimal;
  @Field(() => String, { description: 'In which currency, by its code of ISO 4217.' }) currency!: string;
}

@InputType('MoneyInput', { description: 'An amount of money, exact.' })
export class MoneyInputType implements Money {
  @Field(() => DecimalScalar, { description: 'How much.' }) amount!: Decimal;
  @Field(() => String, { description: 'In which currency, by its code of ISO 4217.' }) currency!: string;
}
