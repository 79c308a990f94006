/**
 * What a document may ask for, decided before anything is validated, planned or run. Fragments are counted where they
 * are spread, each measured once, so a small text that unfolds into a huge one costs little to refuse.
 */
import {
  getNamedType, getNullableType, isCompositeType, isInterfaceType, isListType, isObjectType, Kind, parse, visit,
  type DocumentNode, type FieldNode, type FragmentDefinitionNode, type GraphQLNamedType, type GraphQLSchema, type OperationDefinitionNode, type SelectionSetNode, type ValueNode,
} from 'graphql';
import { AtlasError } from '../../platform/errors.ts';
import { isCleanText } from './text.ts';

export const LIMITS = {
  documentBytes: 100_000, tokens: 4_000, depth: 12, introspectionDepth: 16, aliases: 30, rootFields: 20, firstMax: 100, firstDefault: 20, nodes: 50_000,
} as const;
export type Limits = Record<keyof typeof LIMITS, number>;

/** Lists of the introspection types: one of them twice on a path multiplies the schema by itself. */
const INTROSPECTION_LISTS = new Set(['types', 'fields', 'inputFields', 'interfaces', 'possibleTypes']);

export interface Asked { document: DocumentNode; operation: OperationDefinitionNode; rootFields: number; introspects: boolean }

export function readDocument(text: string, operationName: string | null, limits: Limits = LIMITS): { document: DocumentNode; operation: OperationDefinitionNode } {
  if (Buffer.byteLength(text) > limits.documentBytes) throw new AtlasError('DOCUMENT_TOO_LARGE', `A document may hold ${limits.documentBytes} bytes.`);
  const document = parseWithin(text, limits.tokens);
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const operation = operationName ? operations.find(({ name }) => name?.value === operationName) : operations.length === 1 ? operations[0] : undefined;
  if (!operation) {
    throw new AtlasError('OPERATION_RESOLUTION_FAILURE', operationName ? 'The document has no operation of that name.' : 'The document has several operations or none: name one in `operationName`.');
  }
  return { document, operation };
}

function parseWithin(text: string, tokens: number): DocumentNode {
  try {
    return parse(text, { maxTokens: tokens, noLocation: true });
  } catch (cause) {
    const { message } = cause as Error;
    if (message.includes('tokens')) throw new AtlasError('TOO_MANY_TOKENS', `A document may have ${tokens} tokens.`, { cause });
    throw new AtlasError('GRAPHQL_PARSE_FAILED', message, { cause });
  }
}

/** Selections within selections, fragments within fragments: whoever reads a document goes down them one by one, and has only so much room, whatever else is allowed. */
const LEVELS_MAX = 1_000;

interface Measure { depth: number; levels: number; aliases: number; fields: number; nodes: number; introspectionDepth: number }
const NONE: Measure = { depth: 0, levels: 0, aliases: 0, fields: 0, nodes: 0, introspectionDepth: 0 };

/** Measures one operation against the schema and the variables that came with it; throws the first limit that it breaks. */
export function limit(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Record<string, unknown>, limits: Limits = LIMITS): Asked {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  if (!clean.has(document)) refuseUncleanText(document);

  const measured = new Map<string, Measure>();
  const open = new Set<string>();
  const defaults = new Map(operation.variableDefinitions?.map((variable) => [variable.variable.name.value, variable.defaultValue]));

  const measureFragment = (name: string, introspection: readonly string[] | null): Measure => {
    const fragment = fragments.get(name);
    if (!fragment || open.has(name)) return NONE; // validation says what is wrong
    const key = introspection ? `${name} ${introspection.join(' ')}` : name;
    const known = measured.get(key);
    if (known) return known;
    open.add(name);
    const result = measure(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value), introspection);
    open.delete(name);
    measured.set(key, result);
    return result;
  };

  const measureField = (field: FieldNode, parent: GraphQLNamedType | undefined, introspection: readonly string[] | null): Measure => {
    const name = field.name.value;
    const path = introspection ?? (name === '__schema' || name === '__type' ? [] : null);
    const lists = path && INTROSPECTION_LISTS.has(name) ? [...path, name] : path;
    if (limits.introspectionDepth < Infinity && lists && new Set(lists).size < lists.length) throw new AtlasError('TOO_DEEP', 'Introspection may not pass the same list twice on one path.');
    const type = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    const paged = type?.args.some((argument) => argument.name === 'first') ?? false;
    const many = pageSize(field, paged, variables, defaults, limits) ?? (type && isListType(getNullableType(type.type)) ? longestList(field, variables, defaults) : null);
    const inner = field.selectionSet ? measure(field.selectionSet, type && getNamedType(type.type), lists) : NONE;
    return {
      depth: path ? 0 : 1 + inner.depth,
      levels: inner.levels,
      introspectionDepth: path ? 1 + inner.introspectionDepth : inner.introspectionDepth,
      aliases: (field.alias ? 1 : 0) + inner.aliases,
      fields: 1,
      nodes: many === null ? inner.nodes : many * (1 + inner.nodes),
    };
  };

  let level = 0;
  const measure = (set: SelectionSetNode, parent: GraphQLNamedType | undefined, introspection: readonly string[] | null): Measure => {
    refuseLevels(level += 1);
    const inner = set.selections.map((selection) => {
      if (selection.kind === Kind.FIELD) return measureField(selection, parent, introspection);
      if (selection.kind === Kind.FRAGMENT_SPREAD) return measureFragment(selection.name.value, introspection);
      const condition = selection.typeCondition && schema.getType(selection.typeCondition.name.value);
      return measure(selection.selectionSet, isCompositeType(condition) ? condition : parent, introspection);
    }).reduce(add, NONE);
    level -= 1;
    return { ...inner, levels: 1 + inner.levels };
  };

  const total = measure(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined, null);
  refuseLevels(total.levels);
  refuse(total.depth > limits.depth, 'TOO_DEEP', `A document may nest ${limits.depth} levels deep.`);
  refuse(total.introspectionDepth > limits.introspectionDepth, 'TOO_DEEP', `Introspection may nest ${limits.introspectionDepth} levels deep.`);
  refuse(total.aliases > limits.aliases, 'TOO_MANY_ALIASES', `A document may have ${limits.aliases} aliases, counted wherever a fragment is spread.`);
  refuse(total.fields > limits.rootFields, 'TOO_MANY_ROOT_FIELDS', `A document may ask for ${limits.rootFields} root fields.`);
  refuse(total.nodes > limits.nodes, 'TOO_MANY_NODES', `This could return ${total.nodes} nodes; ${limits.nodes} is the limit. Ask for smaller pages.`);
  return { document, operation, rootFields: total.fields, introspects: total.introspectionDepth > 0 };
}

const add = (a: Measure, b: Measure): Measure => ({
  depth: Math.max(a.depth, b.depth),
  levels: Math.max(a.levels, b.levels),
  introspectionDepth: Math.max(a.introspectionDepth, b.introspectionDepth),
  aliases: a.aliases + b.aliases,
  fields: a.fields + b.fields,
  nodes: a.nodes + b.nodes,
});

function refuse(broken: boolean, code: 'TOO_DEEP' | 'TOO_MANY_ALIASES' | 'TOO_MANY_ROOT_FIELDS' | 'TOO_MANY_NODES', sentence: string): void {
  if (broken) throw new AtlasError(code, sentence);
}

const refuseLevels = (levels: number): void => refuse(levels > LEVELS_MAX, 'TOO_DEEP', `A document may hold ${LEVELS_MAX} selections within one another, fragments included.`);

/** How many a paged field may return, or null when it is not paged. */
function pageSize(field: FieldNode, paged: boolean, variables: Record<string, unknown>, defaults: ReadonlyMap<string, ValueNode | undefined>, limits: Limits): number | null {
  if (!paged) return null;
  let value = field.arguments?.find(({ name }) => name.value === 'first')?.value;
  if (value?.kind === Kind.VARIABLE) {
    const given = variables[value.name.value];
    if (typeof given === 'number') return within(given, limits.firstMax);
    value = given === undefined ? defaults.get(value.name.value) : undefined;
  }
  return value?.kind === Kind.INT ? within(Number(value.value), limits.firstMax) : limits.firstDefault;
}

/** A list that is asked for by a list (`nodes(ids:)`) returns as many as were named; null when nothing was. */
function longestList(field: FieldNode, variables: Record<string, unknown>, defaults: ReadonlyMap<string, ValueNode | undefined>): number | null {
  const lengths = (field.arguments ?? []).map(({ value: given }) => {
    const variable = given.kind === Kind.VARIABLE ? variables[given.name.value] : undefined;
    if (Array.isArray(variable)) return variable.length;
    const value = given.kind === Kind.VARIABLE && variable === undefined ? defaults.get(given.name.value) : given;
    return value?.kind === Kind.LIST ? value.values.length : 0;
  });
  return Math.max(0, ...lengths) || null;
}

/** Without a limit it is the subgraph's own question what `first` means. */
function within(first: number, firstMax: number): number {
  if (firstMax < Infinity && (first < 1 || first > firstMax)) throw new AtlasError('PAGE_SIZE');
  return first;
}

/** Documents are kept; each is looked through once. */
const clean = new WeakSet<DocumentNode>();

function refuseUncleanText(document: DocumentNode): void {
  visit(document, { StringValue: ({ value }) => { if (!isCleanText(value)) throw new AtlasError('TEXT_NOT_ALLOWED'); } });
  clean.add(document);
}
