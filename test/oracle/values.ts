/** Random values for arguments. A world may say which are worth drawing by the name of an argument; else any of the type. */
import { isEnumType, isInputObjectType, isListType, isNonNullType, type GraphQLInputType } from 'graphql';
import type { Random } from '../kit/random.ts';

const IDS = ['1', '2', '3', '4', 'nobody'];
const TEXTS = ['', 'x', 'ünïcode "quoted"', 'EUR'];
const one = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;

/** An enum's value is marked, because in a document it is written bare. */
export class EnumName {
  constructor(readonly name: string) {}
  toJSON(): string { return this.name; }
}

export function randomValue(type: GraphQLInputType, random: Random, name: string): unknown {
  if (isNonNullType(type)) return randomValue(type.ofType, random, name) ?? randomValue(type, random, name);
  if (isListType(type)) return random() < 0.1 ? null : Array.from({ length: Math.floor(random() * 3) }, () => randomValue(type.ofType, random, name));
  if (random() < 0.06) return null;
  if (isEnumType(type)) return new EnumName(one(random, type.getValues()).name);
  if (isInputObjectType(type)) {
    const given = Object.values(type.getFields()).filter((field) => (isNonNullType(field.type) && field.defaultValue === undefined) || random() < 0.6);
    return Object.fromEntries(given.map((field) => [field.name, randomValue(field.type, random, field.name)]));
  }
  switch (type.name) {
    case 'Int': return Math.floor(random() * 4);
    case 'Float': return random() < 0.5 ? 1 : 2.5;
    case 'Boolean': return random() < 0.5;
    case 'ID': return one(random, IDS);
    default: return one(random, TEXTS);
  }
}

export function textOfValue(value: unknown, type: GraphQLInputType): string {
  if (isNonNullType(type)) return textOfValue(value, type.ofType);
  if (value === null || value === undefined) return 'null';
  if (value instanceof EnumName) return value.name;
  if (isListType(type) && Array.isArray(value)) return `[${value.map((each) => textOfValue(each, type.ofType)).join(', ')}]`;
  if (isInputObjectType(type)) {
    const fields = type.getFields();
    return `{ ${Object.entries(value as object).map(([name, each]) => `${name}: ${textOfValue(each, fields[name]!.type)}`).join(', ')} }`;
  }
  return JSON.stringify(value);
}
