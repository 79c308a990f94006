/**
 * What was fetched, laid out as the client asked for it, by the rules of the GraphQL specification: values that do not
 * fit their type are null, null where it may not be travels up to where it may, and each such null says why once.
 * The exact way, with paths; `project-text.ts` is the fast one for answers in which nothing is amiss.
 */
import {
  isAbstractType, isEnumType, isInterfaceType, isLeafType, isListType, isNonNullType, isObjectType, isSpecifiedScalarType,
  type GraphQLFormattedError, type GraphQLLeafType, type GraphQLOutputType, type GraphQLSchema,
} from 'graphql';
import { AtlasError, toPublic } from '../../platform/errors.ts';
import { requestInfo } from '../../platform/request.ts';
import { isAbsent } from './absent.ts';
import { set, type Data } from './represent.ts';
import { isWanted, type Selection, type Variables, type Wanted } from './shape.ts';
import type { Weights } from './weights.ts';

type Path = readonly (string | number)[];

export interface ToProject {
  schema: GraphQLSchema;
  selection: Selection;
  rootType: string;
  data: Data;
  variables: Variables;
  /** Why fields of these coordinates are withheld. */
  refused: ReadonlyMap<string, AtlasError>;
  /** What subgraphs said, with the paths of the whole answer. A null that one of them explains needs no other reason. */
  errors: readonly GraphQLFormattedError[];
  weights: Weights;
  /** Where the object stands in the whole answer; at its root without it. */
  at?: Path;
}

export interface Projected { data: Data | null; errors: GraphQLFormattedError[]; actualCost: number }

/** A null that may not be where it is. */
const BROKEN = Symbol('null where it may not be');
type Completed = unknown;

export function project(given: ToProject): Projected {
  const projection = new Projection(given);
  const made = projection.object(given.data, given.selection, given.rootType, given.at ?? []);
  const data = made === BROKEN ? null : made;
  return { data, errors: withoutEchoes(data, projection.errors, given.errors.length), actualCost: projection.actualCost };
}

class Projection {
  readonly errors: GraphQLFormattedError[];
  actualCost: number;
  readonly #given: ToProject;
  readonly #explained: Explained;

  constructor(given: ToProject) {
    this.#given = given;
    this.errors = [...given.errors];
    this.#explained = new Explained(given.errors);
    this.actualCost = given.weights.ofType(given.rootType);
  }

  object(source: Data, selection: Selection, typeName: string, path: Path): Data | typeof BROKEN {
    const made: Data = {};
    for (const wanted of selection.of(typeName)) {
      if (!isWanted(wanted, this.#given.variables)) continue;
      const value = this.#field(source, wanted, typeName, [...path, wanted.name]);
      if (value === BROKEN) return BROKEN;
      set(made, wanted.name, value);
    }
    return made;
  }

  #field(source: Data, wanted: Wanted, typeName: string, path: Path): Completed {
    if (wanted.field.name === '__typename') return nameOf(this.#given.schema, typeName, source) ?? this.#broken(path, 'Nobody said what this is.');
    const refusal = this.#given.refused.get(wanted.coordinate);
    if (refusal) {
      this.#say(refusal, path);
      return isNonNullType(wanted.type) ? BROKEN : null;
    }
    return this.#complete(Object.hasOwn(source, wanted.from) ? source[wanted.from] : undefined, wanted.type, wanted, path);
  }

  #complete(value: unknown, type: GraphQLOutputType, wanted: Wanted, path: Path, isRequired = false): Completed {
    if (isNonNullType(type)) {
      const inner = this.#complete(value, type.ofType, wanted, path, true);
      if (inner !== null) return inner;
      return this.#broken(path, `Cannot return null for non-nullable field ${wanted.coordinate}.`);
    }
    if (value === null || value === undefined) return null;
    if (isListType(type)) return this.#list(value, type.ofType, wanted, path);
    this.actualCost += this.#given.weights.ofField(wanted.coordinate);
    if (!isLeafType(type)) {
      const said = this.errors.length;
      const made = this.#composite(value, type.name, wanted, path);
      if (made === null && !isRequired && isAbsent(value as object)) this.errors.length = said; // what it lacks was never there
      return made;
    }
    const fit = fitting(value, type);
    return fit === undefined ? this.#unfit(wanted, path) : fit;
  }

  #list(value: unknown, of: GraphQLOutputType, wanted: Wanted, path: Path): Completed {
    if (!Array.isArray(value)) return this.#unfit(wanted, path);
    const made: unknown[] = [];
    for (const [at, each] of value.entries()) {
      const completed = this.#complete(each, of, wanted, [...path, at]);
      if (completed === BROKEN) return null;
      made.push(completed);
    }
    return made;
  }

  #composite(value: unknown, typeName: string, wanted: Wanted, path: Path): Completed {
    const { schema, weights } = this.#given;
    if (typeof value !== 'object' || Array.isArray(value)) return this.#unfit(wanted, path);
    const concrete = concreteOf(schema, typeName, value as Data);
    if (concrete === null) return this.#unfit(wanted, path);
    this.actualCost += weights.ofType(concrete);
    const made = this.object(value as Data, wanted.inner!, concrete, path);
    return made === BROKEN ? null : made;
  }

  #broken(path: Path, sentence: string): typeof BROKEN {
    this.#say(new AtlasError('INTERNAL', sentence), path);
    return BROKEN;
  }

  /** A value of the wrong kind is a fault of the subgraph, said once, and null. */
  #unfit(wanted: Wanted, path: Path): null {
    this.#say(new AtlasError('INTERNAL', `What came for ${wanted.coordinate} is not of its type.`), path);
    return null;
  }

  #say(error: AtlasError, path: Path): void {
    if (this.#explained.has(path)) return;
    this.#explained.add(path);
    this.errors.push({ ...toPublic(error, requestInfo()?.requestId), path: [...path] });
  }
}

/** Paths at which, or below or above which, something was said already. */
class Explained {
  readonly #said = new Set<string>();
  constructor(errors: readonly GraphQLFormattedError[]) {
    for (const { path = [] } of errors) this.add(path);
  }
  add(path: Path): void {
    for (let length = path.length; length > 0; length -= 1) this.#said.add(key(path.slice(0, length)));
  }
  /** An error at the path itself or somewhere below it. */
  has(path: Path): boolean { return this.#said.has(key(path)); }
}

/** A null that a subgraph gave the reason for needs no second one: what else is missing there was lost with it. */
function withoutEchoes(data: Data | null, errors: readonly GraphQLFormattedError[], said: number): GraphQLFormattedError[] {
  if (said === 0 || errors.length === said) return [...errors];
  const reasons = new Set(errors.slice(0, said).map(({ path = [] }) => visibleAt(data, path)));
  return errors.filter(({ path = [] }, at) => at < said || !reasons.has(visibleAt(data, path)));
}

/** The null in the data that stands for what was to be at the path. */
function visibleAt(data: Data | null, path: Path): string {
  let at: unknown = data;
  for (const [index, step] of path.entries()) {
    if (at === null || typeof at !== 'object') return key(path.slice(0, index));
    at = (at as Data)[step];
  }
  return key(path);
}

const key = (path: Path): string => JSON.stringify(path);

/** The type of an object: what it says of itself where the schema leaves it open. Null when it names no type that a client knows. */
export function concreteOf(schema: GraphQLSchema, typeName: string, value: Data): string | null {
  const type = schema.getType(typeName);
  if (!isAbstractType(type)) return typeName;
  const said = value.__typename;
  if (said === undefined || said === typeName) return typeName;
  const concrete = typeof said === 'string' ? schema.getType(said) : undefined;
  return (isObjectType(concrete) || isInterfaceType(concrete)) && schema.isSubType(type, concrete) ? concrete.name : null;
}

function nameOf(schema: GraphQLSchema, typeName: string, value: Data): string | null {
  if (isObjectType(schema.getType(typeName))) return typeName;
  return isObjectType(schema.getType(String(value.__typename))) ? String(value.__typename) : null;
}

/** The value as JSON holds it, or undefined when it is none of its type. */
export function fitting(value: unknown, type: GraphQLLeafType): unknown {
  if (isEnumType(type)) return typeof value === 'string' && type.getValue(value) ? value : undefined;
  if (!isSpecifiedScalarType(type)) return value instanceof Date ? value.toJSON() : value;
  switch (type.name) {
    case 'Int': return Number.isInteger(value) && (value as number) <= 2_147_483_647 && (value as number) >= -2_147_483_648 ? value : undefined;
    case 'Float': return Number.isFinite(value) ? value : undefined;
    case 'Boolean': return typeof value === 'boolean' ? value : undefined;
    case 'ID': return typeof value === 'string' ? value : Number.isSafeInteger(value) ? String(value) : undefined;
    default: return typeof value === 'string' ? value : undefined;
  }
}
