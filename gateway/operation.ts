/** A document as it is served: read once, checked and planned once, compiled once for every set of fields that is withheld. */
import { Kind, parse, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { AtlasError } from '../platform/errors.ts';
import { keepApart } from './plan/aliases.ts';
import { decide, type Decided } from './plan/conditions.ts';
import { withoutDeferred } from './plan/deferred-document.ts';
import type { Plan } from './plan.ts';
import type { Facts } from './plan/document.ts';
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
export interface Via {
  call: Call;
  follow: Follow;
  weights: Weights;
  /** Whether a progressive override is on for a request. */
  isOverridden(label: string): boolean;
}

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
  readonly #decisive: readonly string[];
  readonly #selections = new Map<string, Selection>();
  #pretty = '';

  constructor(readonly supergraph: Supergraph, readonly document: DocumentNode, readonly operation: OperationDefinitionNode, private readonly text: string, readonly via: Via, facts: Facts) {
    this.kind = operation.operation;
    this.schema = supergraph.schema;
    this.rootType = supergraph.schema.getRootType(operation.operation)?.name ?? 'Query';
    this.coordinates = new Set(facts.coordinates);
    this.#apart = facts.collides ? keepApart(document, supergraph.asked) : document;
    this.#conditions = facts.conditions;
    this.#decisive = facts.decisive;
    this.defers = facts.defers;
    this.writer = new TextWriter(supergraph.schema, via.weights);
  }

  /** Refuses what does not fit the schema, and leaves the common way to run it behind. */
  static async prepare(given: { supergraph: Supergraph; text: string; operationName: string | null; via: Via; document?: DocumentNode | undefined }): Promise<Operation> {
    const { supergraph, text, operationName } = given;
    const document = given.document ?? read(text);
    const operation = chosen(document, operationName);
    const planned = await supergraph.planner.plan({ text, operationName: operation.name?.value ?? null, overrides: [], refused: [], decided: {}, inParts: false });
    const prepared = new Operation(supergraph, document, operation, text, given.via, planned.facts);
    prepared.#pretty = planned.pretty;
    prepared.#runnables.set(keyOf([], [], {}, false), Promise.resolve(runnableOf(planned, supergraph)));
    return prepared;
  }

  /** What is wanted when these variables decide: where a field stands in the answer depends on what else is wanted. */
  selection(variables: Variables): Selection {
    const key = this.#conditions.map((name) => String(variables[name])).join();
    let made = this.#selections.get(key);
    if (!made) {
      const decided = this.#conditions.length > 0 ? decide(this.#apart, decidedBy(this.#conditions, variables)) : this.#apart;
      this.#selections.set(key, made = Selection.ofOperation(this.schema, decided, operationIn(decided, this.operation)));
      if (this.#selections.size > RUNNABLES_MAX) this.#selections.delete(this.#selections.keys().next().value!);
    }
    return made;
  }

  /** What of it is answered at once where the rest comes in parts. */
  firstSelection(variables: Variables): Selection {
    const first = withoutDeferred(decide(this.#apart, decidedBy(this.#conditions, variables)), variables);
    return Selection.ofOperation(this.schema, first, operationIn(first, this.operation));
  }

  plan(): string { return this.#pretty; }

  /** `inParts`: what is deferred is planned by itself. */
  runnable(refused: ReadonlySet<string>, overrides: Overrides, variables: Variables, inParts = false): Promise<Runnable> {
    const decided = decidedBy(this.#decisive, variables);
    const key = keyOf([...refused].sort(), overrides, decided, inParts);
    const known = this.#runnables.get(key);
    if (known) return known;
    const made = this.#make(refused, overrides, decided, inParts);
    this.#runnables.set(key, made);
    if (this.#runnables.size > RUNNABLES_MAX) this.#runnables.delete(this.#runnables.keys().next().value!);
    made.catch(() => this.#runnables.delete(key));
    return made;
  }

  async #make(refused: ReadonlySet<string>, overrides: Overrides, decided: Decided, inParts: boolean): Promise<Runnable> {
    const planned = await this.supergraph.planner.plan({ text: this.text, operationName: this.operation.name?.value ?? null, overrides, refused: [...refused], decided, inParts });
    return runnableOf(planned, this.supergraph);
  }
}

type Overrides = readonly (readonly [label: string, on: boolean])[];

const keyOf = (refused: readonly string[], overrides: Overrides, decided: Decided, inParts: boolean): string => JSON.stringify([refused, overrides.filter(([, on]) => on), decided, inParts]);

const decidedBy = (names: readonly string[], variables: Variables): Decided => Object.fromEntries(names.map((name) => [name, variables[name] === true]));

const runnableOf = ({ plan, pretty }: Plan, supergraph: Supergraph): Runnable => ({ ...compile(plan, supergraph), texts: new Map(), pretty });

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
