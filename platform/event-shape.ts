/**
 * What the body of an event looks like, said once: TypeScript's type of it, the check before it is told, and the JSON
 * Schema that others read. The words are few, so that a contract needs no library and all contracts say a thing alike.
 */
import { z } from 'zod';
import { isDecimal, type Decimal } from './decimal.ts';
import { ID_SUFFIX, type Id, type IdPrefix } from './ids.ts';

export type Field<Value = unknown> = z.ZodType<Value>;
export type Shape = Readonly<Record<string, Field>>;
export type BodyOf<Of extends Shape> = { [Name in keyof Of]: z.output<Of[Name]> };

export const text: Field<string> = z.string();
export const flag: Field<boolean> = z.boolean();
/** Zero or more, without a fraction, and small enough for every reader's numbers. */
export const whole: Field<number> = z.int().nonnegative();
/** As `toISOString` writes it: UTC, to the millisecond. */
export const moment: Field<string> = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/).meta({ format: 'date-time' });
export const id = <P extends IdPrefix>(prefix: P): Field<Id<P>> => z.string().regex(new RegExp(`^${prefix}_${ID_SUFFIX}$`)) as unknown as Field<Id<P>>;
/** One of these for ever: what may grow is `text`, because a new value is a new version. */
export const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values): Field<Values[number]> => z.enum(values) as unknown as Field<Values[number]>;
/** Exact, as its one text: `platform/decimal.ts` reckons with it. */
export const exact: Field<Decimal> = z.string().regex(/^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/).refine(isDecimal, 'a decimal in its one spelling') as unknown as Field<Decimal>;
/** By names that may grow: a reader leaves alone those that it does not know. */
export const named = <Value>(of: Field<Value>): Field<Record<string, Value>> => z.record(z.string(), of);
export const list = <Value>(of: Field<Value>): Field<Value[]> => z.array(of);
export const nullable = <Value>(of: Field<Value>): Field<Value | null> => z.nullable(of);
/** The sentence stands beside the field wherever its schema is read. */
export const described = <Value>(of: Field<Value>, sentence: string): Field<Value> => of.describe(sentence);

/** What an event counts for in metering, beside its body. */
export const usageLines: Field<{ metric: string; quantity: Decimal; attributes?: Record<string, string> }[]> =
  z.array(z.strictObject({ metric: z.string().min(1), quantity: exact, attributes: z.record(z.string(), z.string()).optional() })) as never;

export type JsonSchema = Readonly<Record<string, unknown>>;
export function jsonSchemaOf(field: Field): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(field, { target: 'draft-2020-12' });
  return schema;
}

/** Exactly these fields and no other: what nobody declared might be a secret. */
export const bodyOf = <Of extends Shape>(shape: Of): Field<BodyOf<Of>> => z.strictObject(shape) as unknown as Field<BodyOf<Of>>;

/** What keeps a value from its shape, or null. Names fields and says what they should be, never what stands in them. */
export function misfit(field: Field, value: unknown): string | null {
  const { error } = field.safeParse(value);
  return error ? error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ') : null;
}
