/**
 * Random valid questions to a schema, the same for the same seed. What a document may hold and the engine may get wrong is
 * here on purpose: one response key from several fragments, aliases that are names of other fields, conditions by
 * variables with and without defaults, arguments missing, null and by variable, introspection among the rest.
 */
import { getNamedType, GraphQLNonNull, isAbstractType, isCompositeType, isInterfaceType, isNonNullType, isObjectType, parse, validate, type GraphQLCompositeType, type GraphQLField, type GraphQLInputType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import type { Random } from '../kit/random.ts';
import { randomValue, textOfValue } from './values.ts';
import type { Question } from './world.ts';

export const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;

interface Draft {
  schema: GraphQLSchema;
  random: Random;
  variables: { name: string; type: string; fallback?: string }[];
  values: Record<string, unknown>;
  fragments: string[];
  /** By response path: which field stands for a key there, so that most documents are valid at the first try. */
  taken: Map<string, string>;
  budget: number;
  options: Options;
}

export interface Options {
  kind?: 'query' | 'mutation';
  /** Whether aliases may be names of other fields: Apollo's execution confuses those with keys and required fields. */
  shadows?: boolean;
  /** Short and flat questions, for worlds that take the planner long. */
  modest?: boolean;
}

const DEPTH_MAX = 5;
const FIELDS_MAX = 60;
const TRIES_MAX = 60;

/** The nth question of a seed. A draft that is not valid (two fields under one key) is thrown away and drawn again. */
export function randomQuestion(schema: GraphQLSchema, random: Random, options: Options = {}): Question {
  const kind = options.kind ?? 'query';
  const root = kind === 'query' ? schema.getQueryType()! : schema.getMutationType()!;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const draft: Draft = { schema, random, variables: [], values: {}, fragments: [], taken: new Map(), options, budget: 4 + Math.floor(random() * ((options.modest ? FIELDS_MAX / 6 : FIELDS_MAX) - 4)) };
    const body = selections(draft, root, '', 0);
    const declared = draft.variables.map(({ name, type, fallback }) => `$${name}: ${type}${fallback === undefined ? '' : ` = ${fallback}`}`);
    const document = [`${kind} Q${declared.length > 0 ? `(${declared.join(', ')})` : ''} ${body}`, ...draft.fragments].join('\n');
    if (validate(schema, parse(document)).length === 0) return { document, variables: draft.values };
  }
  throw new Error(`No valid question was found in ${TRIES_MAX} tries.`);
}

function selections(draft: Draft, type: GraphQLCompositeType, path: string, depth: number): string {
  const { random } = draft;
  const parts: string[] = [];
  const wanted = 1 + Math.floor(random() * (depth === 0 ? 3 : 4));
  for (let n = 0; n < wanted; n += 1) parts.push(selection(draft, type, path, depth));
  // A set that may be empty by its conditions alone is fine; one that is empty in text is not.
  return `{ ${parts.join(' ')} }`;
}

function selection(draft: Draft, type: GraphQLCompositeType, path: string, depth: number): string {
  const { random } = draft;
  draft.budget -= 1;
  const depthMax = draft.options.modest ? DEPTH_MAX - 2 : DEPTH_MAX;
  const roll = random();
  const mutation = type === draft.schema.getMutationType();
  if (!mutation && depth > 0 && roll < 0.1) return typename(draft, path);
  if (!mutation && depth === 0 && roll < 0.04) return introspection(random);
  const abstract = isAbstractType(type);
  if (!mutation && depth < depthMax && draft.budget > 0 && roll < (abstract ? 0.5 : 0.22)) return fragment(draft, type, path, depth);
  const fields = 'getFields' in type ? Object.values(type.getFields()) : [];
  const few = depth >= depthMax || draft.budget <= 0;
  const possible = few ? fields.filter((field) => !isCompositeType(getNamedType(field.type))) : fields;
  if (possible.length === 0) return typename(draft, path);
  return oneField(draft, pick(random, possible), path, depth, fields);
}

const typename = ({ random, taken }: Draft, path: string): string => {
  const alias = random() < 0.7 ? '' : `${pick(random, ['kind2', 't', 'id2'])}: `;
  if (alias && taken.get(`${path}/${alias}`)) return '__typename';
  return `${alias}__typename`;
};

const introspection = (random: Random): string =>
  pick(random, ['__schema { queryType { name kind } }', '__type(name: "Query") { kind fields { name type { kind } } }', 'meta: __type(name: "Nothing") { name }', '__typename']);

function oneField(draft: Draft, field: GraphQLField<unknown, unknown>, path: string, depth: number, siblings: readonly GraphQLField<unknown, unknown>[]): string {
  const { random } = draft;
  const args = argumentsOf(draft, field);
  const spelled = `${field.name}${args}`;
  // Another field's name as an alias is what breaks engines that look results up by name.
  let key = random() < 0.75 ? field.name : draft.options.shadows && random() < 0.4 ? pick(random, siblings).name : pick(random, ['a', 'b', 'c', 'd']);
  const known = draft.taken.get(`${path}/${key}`);
  if (known !== undefined && known !== spelled && random() < 0.9) key = `${field.name}_${draft.taken.size}`;
  draft.taken.set(`${path}/${key}`, spelled);
  const named = getNamedType(field.type);
  const below = isCompositeType(named) ? ` ${selections(draft, named, `${path}/${key}`, depth + 1)}` : '';
  return `${key === field.name ? '' : `${key}: `}${spelled}${condition(draft)}${below}`;
}

function fragment(draft: Draft, type: GraphQLCompositeType, path: string, depth: number): string {
  const { random, schema } = draft;
  const on = pick(random, overlapping(schema, type));
  const body = selections(draft, on, path, depth + 0.5);
  const roll = random();
  if (roll < 0.1 && on === type) return `...${condition(draft)} ${body}`;
  if (roll < 0.7) return `... on ${on.name}${condition(draft)} ${body}`;
  const name = `F${draft.fragments.length}`;
  draft.fragments.push(`fragment ${name} on ${on.name} ${body}`);
  const spread = `...${name}${condition(draft)}`;
  return random() < 0.2 ? `${spread} ...${name}` : spread;
}

/** Every type that something of this type may also be, itself included. */
function overlapping(schema: GraphQLSchema, type: GraphQLCompositeType): GraphQLCompositeType[] {
  const objects = (of: GraphQLCompositeType): readonly GraphQLObjectType[] => (isObjectType(of) ? [of] : schema.getPossibleTypes(of));
  const own = new Set(objects(type));
  const found = Object.values(schema.getTypeMap()).filter((each): each is GraphQLCompositeType => isCompositeType(each) && !each.name.startsWith('__') && objects(each).some((one) => own.has(one)));
  // The members of an abstract type more often than what is around it.
  return [type, ...found, ...found.filter((each) => isObjectType(each) && isAbstractType(type)), ...found.filter(isInterfaceType)];
}

function condition(draft: Draft): string {
  const { random } = draft;
  if (random() > 0.14) return '';
  const [first, second] = random() < 0.5 ? ['skip', 'include'] : ['include', 'skip'];
  return ` @${first}(if: ${boolean(draft)})${random() < 0.15 ? ` @${second}(if: ${boolean(draft)})` : ''}`;
}

function boolean(draft: Draft): string {
  if (draft.random() < 0.25) return String(draft.random() < 0.5);
  return variable(draft, new GraphQLNonNull(draft.schema.getType('Boolean') as never), true);
}

function argumentsOf(draft: Draft, field: GraphQLField<unknown, unknown>): string {
  const given: string[] = [];
  for (const argument of field.args) {
    const needed = isNonNullType(argument.type) && argument.defaultValue === undefined;
    if (!needed && draft.random() < 0.35) continue;
    given.push(`${argument.name}: ${draft.random() < 0.5 ? variable(draft, argument.type, argument.defaultValue !== undefined) : textOfValue(randomValue(argument.type, draft.random, argument.name), argument.type)}`);
  }
  return given.length > 0 ? `(${given.join(', ')})` : '';
}

/** A variable of the type: with or without a default, given, missing or null wherever that is allowed. */
function variable(draft: Draft, type: GraphQLInputType, mayDefault: boolean): string {
  const { random } = draft;
  const wanted = type.toString();
  const again = draft.variables.find((each) => each.type === wanted);
  if (again && random() < 0.4) return `$${again.name}`;
  const name = `v${draft.variables.length}`;
  const fallback = random() < (mayDefault ? 0.5 : 0.3) ? textOfValue(randomValue(type, random, name), type) : undefined;
  draft.variables.push({ name, type: wanted, ...(fallback !== undefined && { fallback }) });
  const strict = isNonNullType(type);
  const roll = random();
  if (fallback !== undefined && roll < 0.5) return `$${name}`;
  if (!strict && roll < 0.65) return `$${name}`;
  const value = randomValue(type, random, name);
  draft.values[name] = !strict && roll > 0.95 ? null : value;
  return `$${name}`;
}
