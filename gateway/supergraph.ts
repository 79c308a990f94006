/** One supergraph, ready to serve: its public schema, what its types are to each other, and a thread that plans over it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildSchema, Kind, parse, type DocumentNode, type GraphQLSchema } from 'graphql';
import { openPlanner, type Planner } from './plan.ts';
import { askedOf, directivesNamed, selectionOf, type AskedOfEntities } from './plan/joins.ts';
import { addressesIn, type Address } from './supergraph/addresses.ts';
import { unsound } from './supergraph/unsound.ts';

/** What `npm run schema` makes. */
export const SUPERGRAPH_FILE = fileURLToPath(new URL('../schema/supergraph.graphql', import.meta.url));

export interface Supergraph {
  readonly sdl: string;
  readonly hash: string;
  /** What clients see. */
  readonly schema: GraphQLSchema;
  readonly subgraphs: readonly Address[];
  readonly types: Types;
  /** What a document must not take for itself, because services ask each other for it. */
  readonly asked: AskedOfEntities;
  /** Labels of `@override(label:)`, each a question to be decided for every request. */
  readonly overrideLabels: readonly string[];
  readonly planner: Planner;
}

export interface Types {
  /** Whether an object of this type is one of that: itself, an interface it implements, a union it belongs to. */
  isA(typeName: string, condition: string): boolean;
  /** Top-level fields of each key by which a subgraph finds a type; never a key that is only a reference. */
  keysOf(service: string, typeName: string): readonly (readonly string[])[];
}

export async function loadSupergraph(file = SUPERGRAPH_FILE): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (file === SUPERGRAPH_FILE) throw new Error('schema/supergraph.graphql cannot be read: make it with `npm run schema`.', { cause });
    throw new Error(`The supergraph ${file} cannot be read.`, { cause });
  }
}

export async function openSupergraph(sdl: string, planTimeoutMs?: number): Promise<Supergraph> {
  const document = parse(sdl);
  const planner = await openPlanner(sdl, planTimeoutMs).catch((cause: unknown) => { throw unsound(cause, document); });
  const { apiSdl } = planner.described;
  const subgraphs = addressesIn(document);
  return {
    sdl,
    hash: createHash('sha256').update(sdl).digest('base64url'),
    schema: buildSchema(apiSdl, { assumeValidSDL: true }),
    subgraphs,
    types: typesOf(document, new Map(subgraphs.map(({ inside, name }) => [inside, name]))),
    asked: askedOf(document),
    overrideLabels: [...new Set(directivesNamed(document, 'join__field').flatMap(({ values }) => (typeof values.overrideLabel === 'string' ? [values.overrideLabel] : [])))],
    planner,
  };
}

function typesOf(document: DocumentNode, graphs: ReadonlyMap<string, string>): Types {
  const above = new Map<string, Set<string>>();
  const note = (type: string, condition: string) => void (above.get(type) ?? above.set(type, new Set([type])).get(type)!).add(condition);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.UNION_TYPE_DEFINITION) for (const member of definition.types ?? []) note(member.name.value, definition.name.value);
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    note(definition.name.value, definition.name.value);
    for (const parent of definition.interfaces ?? []) note(definition.name.value, parent.name.value);
  }
  const keys = new Map<string, string[][]>();
  for (const { on, values } of directivesNamed(document, 'join__type')) {
    if (typeof values.key !== 'string' || values.resolvable === false) continue;
    const name = `${graphs.get(String(values.graph))}.${on}`;
    keys.set(name, [...(keys.get(name) ?? []), topFields(values.key)]);
  }
  return {
    isA: (type, condition) => type === condition || (above.get(type)?.has(condition) ?? false),
    keysOf: (service, type) => keys.get(`${service}.${type}`) ?? [],
  };
}

function topFields(fieldSet: string): string[] {
  const [definition] = selectionOf(fieldSet).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return [];
  return definition.selectionSet.selections.flatMap((selection) => (selection.kind === Kind.FIELD ? [selection.name.value] : []));
}
