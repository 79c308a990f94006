/** A document as it is served: read once, checked and planned once, compiled once for every set of fields that is withheld. */
import {
  Kind, TypeInfo, isAbstractType, parse, visit, visitWithTypeInfo,
  type DocumentNode, type FieldNode, type FragmentDefinitionNode, type GraphQLSchema, type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql';
import { print } from 'graphql';
import { AtlasError } from '../platform/errors.ts';
import { atOnce, defersIn, withoutDeferred } from './plan/deferred-document.ts';
import { anchored, keepApart } from './plan/aliases.ts';
import { compile, type Fetch, type Step } from './compile.ts';
import type { Prepared } from './executor.ts';
import { TextWriter } from './compile/project-text.ts';
import type { Call, Follow } from './reach/call.ts';
import { Selection, type Variables } from './compile/shape.ts';
import type { Supergraph } from './supergraph.ts';
import type { Weights } from './compile/weights.ts';

/** One way to run an operation: with these fields withheld, with these overrides on. */
export interface Runnable {
  /** Of a subscription: what is followed. */
  readonly first: Fetch | null;
  readonly step: Step | null;
  readonly contextual: boolean;
  /** Texts of fetches that travel joined. */
  readonly texts: Map<string, string>;
  readonly pretty: string;
}

/** What an operation runs over: the subgraphs of its own supergraph, whatever has taken over since. */
export interface Via { call: Call; follow: Follow; weights: Weights }

const RUNNABLES_MAX = 64;

export class Operation implements Prepared {
  readonly kind: Prepared['kind'];
  readonly schema: GraphQLSchema;
  readonly rootType: string;
  readonly coordinates: ReadonlySet<string>;
  readonly writer: TextWriter;
  readonly defers: boolean;
  readonly #runnables = new Map<string, Promise<Runnable>>();
  readonly #apart: DocumentNode;
  readonly #conditions: readonly string[];
  readonly #selections = new Map<string, Selection>();
  #pretty = '';

  constructor(readonly supergraph: Supergraph, readonly document: DocumentNode, readonly operation: OperationDefinitionNode, private readonly text: string, readonly via: Via) {
    this.kind = operation.operation;
    this.schema = supergraph.schema;
    this.rootType = supergraph.schema.getRootType(operation.operation)?.name ?? 'Query';
    this.coordinates = coordinatesOf(supergraph.schema, document, operation);
    this.#apart = keepApart(document, supergraph.asked);
    this.#conditions = conditionsIn(document);
    this.defers = defersIn(document);
    this.writer = new TextWriter(supergraph.schema, via.weights);
  }

  /** Refuses what does not fit the schema, and leaves the common way to run it behind. */
  static async prepare(given: { supergraph: Supergraph; text: string; operationName: string | null; via: Via }): Promise<Operation> {
    const { supergraph, text, operationName } = given;
    const document = read(text);
    const operation = chosen(document, operationName);
    refuseDisguise(document);
    const prepared = new Operation(supergraph, document, operation, text, given.via);
    const { pretty } = await prepared.runnable(new Set(), []);
    prepared.#pretty = pretty;
    return prepared;
  }

  /** What is wanted when these variables decide: where a field stands in the answer depends on what else is wanted. */
  selection(variables: Variables): Selection {
    const key = this.#conditions.map((name) => String(variables[name])).join();
    let made = this.#selections.get(key);
    if (!made) {
      const decided = this.#conditions.length > 0 ? decide(this.#apart, variables) : this.#apart;
      this.#selections.set(key, made = Selection.ofOperation(this.schema, decided, operationIn(decided, this.operation)));
      if (this.#selections.size > RUNNABLES_MAX) this.#selections.delete(this.#selections.keys().next().value!);
    }
    return made;
  }

  /** What of it is answered at once where the rest comes in parts. */
  firstSelection(variables: Variables): Selection {
    const first = withoutDeferred(decide(this.#apart, variables), variables);
    return Selection.ofOperation(this.schema, first, operationIn(first, this.operation));
  }

  plan(): string { return this.#pretty; }

  /** `inParts`: what is deferred is planned by itself. */
  runnable(refused: ReadonlySet<string>, overrides: readonly (readonly [string, boolean])[], inParts = false): Promise<Runnable> {
    const key = JSON.stringify([[...refused].sort(), overrides.filter(([, on]) => on), inParts]);
    const known = this.#runnables.get(key);
    if (known) return known;
    const made = this.#make(refused, overrides, inParts);
    this.#runnables.set(key, made);
    if (this.#runnables.size > RUNNABLES_MAX) this.#runnables.delete(this.#runnables.keys().next().value!);
    made.catch(() => this.#runnables.delete(key));
    return made;
  }

  async #make(refused: ReadonlySet<string>, overrides: readonly (readonly [string, boolean])[], inParts: boolean): Promise<Runnable> {
    const { planner, asked, schema } = this.supergraph;
    const kept = refused.size > 0 ? without(this.document, schema, refused) : this.document;
    const apart = anchored(keepApart(inParts || !this.defers ? kept : atOnce(kept), asked));
    const { plan, pretty } = await planner.plan({
      text: this.text,
      ...(apart !== this.document && { planned: print(apart) }),
      operationName: this.operation.name?.value ?? null,
      overrides,
    });
    return { ...compile(plan, this.supergraph), texts: new Map(), pretty };
  }
}

const CONDITIONS = new Set(['skip', 'include']);

/** Variables on which it depends what is wanted. */
function conditionsIn(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, { Directive: ({ name, arguments: given }) => {
    if (CONDITIONS.has(name.value)) for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
  } });
  return [...names];
}

const decide = (document: DocumentNode, variables: Variables): DocumentNode => visit(document, {
  VariableDefinition: () => false,
  Directive: (directive) => (CONDITIONS.has(directive.name.value) ? {
    ...directive, arguments: (directive.arguments ?? []).map((each) => (each.value.kind === Kind.VARIABLE ? { ...each, value: { kind: Kind.BOOLEAN as const, value: variables[each.value.name.value] === true } } : each)),
  } : undefined),
});

function read(text: string): DocumentNode {
  try {
    return parse(text, { noLocation: true });
  } catch (cause) {
    throw new AtlasError('GRAPHQL_PARSE_FAILED', (cause as Error).message, { cause });
  }
}

function chosen(document: DocumentNode, name: string | null): OperationDefinitionNode {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const operation = name ? operations.find((each) => each.name?.value === name) : operations.length === 1 ? operations[0] : undefined;
  if (operation) return operation;
  throw new AtlasError('OPERATION_RESOLUTION_FAILURE', name ? 'The document has no operation of that name.' : 'The document has several operations or none: name one in `operationName`.');
}

const operationIn = (document: DocumentNode, operation: OperationDefinitionNode): OperationDefinitionNode =>
  document.definitions.find((each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION && each.name?.value === operation.name?.value)!;

/** Services tell each other what an object is under this name; nothing else may stand there. */
function refuseDisguise(document: DocumentNode): void {
  visit(document, { Field: ({ alias, name }) => {
    if (alias?.value === '__typename' && name.value !== '__typename') throw new AtlasError('GRAPHQL_VALIDATION_FAILED', 'No field may be called `__typename`.');
  } });
}

/** Every `Type.field` that may be reached; of an interface also those of the types behind it. */
function coordinatesOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): ReadonlySet<string> {
  const found = new Set<string>();
  const info = new TypeInfo(schema);
  const only = { ...document, definitions: document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION || each === operation) };
  visit(only, visitWithTypeInfo(info, { Field: ({ name }) => {
    const parent = info.getParentType();
    if (!parent || name.value === '__typename') return;
    found.add(`${parent.name}.${name.value}`);
    if (isAbstractType(parent)) for (const type of schema.getPossibleTypes(parent)) found.add(`${type.name}.${name.value}`);
  } }));
  return found;
}

/** The same without the fields of these coordinates. A selection that is left empty asks what the object is. */
function without(document: DocumentNode, schema: GraphQLSchema, refused: ReadonlySet<string>): DocumentNode {
  const info = new TypeInfo(schema);
  const pruned: DocumentNode = visit(document, visitWithTypeInfo(info, {
    Field: {
      enter: ({ name }: FieldNode) => (refused.has(`${info.getParentType()?.name}.${name.value}`) ? null : undefined),
    },
    SelectionSet: {
      leave: (set: SelectionSetNode) => (set.selections.length === 0 ? { ...set, selections: [TYPENAME] } : undefined),
    },
  }));
  return dropUnusedVariables(pruned);
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function dropUnusedVariables(document: DocumentNode): DocumentNode {
  const fragments = new Map(document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as [string, FragmentDefinitionNode]] : [])));
  return visit(document, { OperationDefinition: (operation) => {
    const used = new Set<string>();
    const opened = new Set<string>();
    const look = (node: OperationDefinitionNode | FragmentDefinitionNode): void => void visit(node, {
      VariableDefinition: () => false,
      Variable: ({ name }) => void used.add(name.value),
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value);
        if (!fragment || opened.has(name.value)) return;
        opened.add(name.value);
        look(fragment);
      },
    });
    look(operation);
    return { ...operation, variableDefinitions: (operation.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value)) };
  } });
}
