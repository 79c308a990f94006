/**
 * The engine: documents in, answers out. Apollo's planner says what is to be fetched from whom; everything after that
 * is done here.
 */
import { execute as executeGraphql, getVariableValues, Kind, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { LRUCache } from 'lru-cache';
import { documentCache } from '../platform/document-cache.ts';
import { AtlasError, toPublic } from '../platform/errors.ts';
import { requestInfo } from '../platform/request.ts';
import type { Reach } from '../platform/reach/reach.ts';
import { Deferred } from './execute/defer.ts';
import { JsonText, type Answer, type Asked, type Executor, type Prepared } from './executor.ts';
import { followed } from './execute/follow.ts';
import type { Place } from './execute/find.ts';
import { Operation, type Runnable, type Via } from './operation.ts';
import { project, type Projected, type ToProject } from './compile/project.ts';
import { callOver, type Call } from './reach/call.ts';
import { shared } from './reach/share.ts';
import { sharedAnswers } from './reach/share-answers.ts';
import { Run } from './execute/run.ts';
import type { Data } from './compile/represent.ts';
import type { Selection, Variables } from './compile/shape.ts';
import { retired, warm } from './supergraph/succession.ts';
import { openSupergraph, type Supergraph } from './supergraph.ts';
import { ONE_AN_OBJECT, type Weights } from './compile/weights.ts';

const DOCUMENTS_BYTES_MAX = 128_000_000;
const NOTHING_REFUSED: ReadonlyMap<string, AtlasError> = new Map();

export interface Engine extends Executor {
  /**
   * Takes over once it is ready; what was prepared before goes on with what it was planned for. Rejects, and changes nothing,
   * when it is not sound. `before` is told its public schema at the moment it takes over, before anything is prepared over it.
   */
  replace(sdl: string, before?: (schema: GraphQLSchema) => void): Promise<void>;
}

interface Given {
  supergraphSdl: string;
  reaches: (subgraphs: Supergraph['subgraphs']) => ReadonlyMap<string, Reach>;
  weights?: (sdl: string) => Weights;
  /** Whether a progressive override is on for a request; by chance in the wanted share when nobody says otherwise. */
  isOverridden?: (label: string) => boolean;
  planTimeoutMs?: number;
}

interface Serving { supergraph: Supergraph; documents: LRUCache<string, Promise<Operation>>; via: Via }

export async function openExecutor(given: Given): Promise<Engine> {
  const isOverridden = given.isOverridden ?? byShare;
  let serving = await open(given.supergraphSdl, given);
  const gone = retired();

  const overridesOf = ({ overrideLabels }: Supergraph) => overrideLabels.map((label) => [label, isOverridden(label)] as const);

  const finish = (prepared: Operation, asked: Asked, variables: Variables, run: { data: Data; errors: ToProject['errors'] }): ToProject => ({
    schema: prepared.schema, selection: prepared.selection(variables), rootType: prepared.rootType,
    data: run.data, errors: run.errors, variables,
    refused: asked.refused ?? NOTHING_REFUSED,
    weights: prepared.via.weights,
  });

  const runnableOf = (prepared: Operation, asked: Asked, inParts = false) => prepared.runnable(new Set(asked.refused?.keys()), overridesOf(prepared.supergraph), inParts);
  const begin = ({ via, supergraph }: Operation, asked: Asked, variables: Variables, { texts, contextual }: Runnable, { call = via.call, deferred }: { call?: Call | undefined; deferred?: Deferred } = {}): Run =>
    new Run({ call, types: supergraph.types, variables, caller: asked.caller, texts, contextual, signal: asked.signal, defer: deferred?.begin, fetched: deferred?.fetched });

  /** What a run is laid out by, when it is not the whole operation. */
  const lain = (operation: Operation, asked: Asked, variables: Variables) => (errors: ToProject['errors'], selection: Selection, rootType: string, data: Data, at: Place): Projected =>
    project({ ...finish(operation, asked, variables, { data, errors }), selection, rootType, at });

  const answers = sharedAnswers();
  const run = async (prepared: Operation, asked: Asked, variables: Variables, call?: Call): Promise<Run> => {
    const runnable = await runnableOf(prepared, asked);
    const made = begin(prepared, asked, variables, runnable, { call });
    if (runnable.step) await made.step(runnable.step);
    introspect(prepared, asked, variables, made.data);
    return made;
  };

  const answerObject = async (prepared: Prepared, asked: Asked): Promise<Answer> => {
    const operation = prepared as Operation;
    const variables = coerced(operation, asked);
    if (variables instanceof AtlasError) return refusal(variables);
    return whole(project(finish(operation, asked, variables, await run(operation, asked, variables))));
  };

  const write = async (operation: Operation, asked: Asked, variables: Variables, call: Call): Promise<Answer<JsonText>> => {
    const made = await run(operation, asked, variables, call);
    if (!asked.refused?.size) {
      const counted = { cost: 0 };
      const text = operation.writer.of(operation.selection(variables), operation.rootType)(made.data, variables, counted);
      if (text !== undefined) return { data: new JsonText(text), ...(made.errors.length > 0 && { errors: made.errors }), actualCost: counted.cost };
    }
    const { data, ...rest } = whole(project(finish(operation, asked, variables, made)));
    return { ...rest, data: data ? new JsonText(JSON.stringify(data)) : null };
  };

  return {
    schema: () => serving.supergraph.schema,
    prepare: (text, operationName, document) => prepare(serving, `${operationName ?? ''}\n${text}`, document),
    async answer(prepared, asked) {
      const operation = prepared as Operation;
      const variables = coerced(operation, asked);
      if (variables instanceof AtlasError) return refusal(variables);
      return answers.of(operation, asked, variables, ({ call, signal }) => write(operation, { ...asked, signal }, variables, call));
    },
    answerObject,
    async *answerInParts(prepared, asked) {
      const operation = prepared as Operation;
      const variables = coerced(operation, asked);
      if (variables instanceof AtlasError) return void (yield { answer: refusal(variables), hasNext: false });
      const runnable = await runnableOf(operation, asked, true);
      const lay = lain(operation, asked, variables);
      const { schema, rootType } = operation;
      const deferred = new Deferred({ schema, rootType, selection: operation.selection(variables), lay });
      const made = begin(operation, asked, variables, runnable, { deferred });
      const step = async () => { if (runnable.step) await made.step(runnable.step); };
      await (operation.kind === 'query' ? step() : answers.changing(step));
      introspect(operation, asked, variables, made.data);
      const answer = whole(lay(made.errors, deferred.any ? operation.firstSelection(variables) : operation.selection(variables), rootType, made.data, []));
      deferred.answered(answer.data ? structuredClone(answer.data) : null);
      yield { answer, hasNext: deferred.any };
      if (deferred.any) yield* deferred.parts();
    },
    async *follow(prepared, asked, signal) {
      const operation = prepared as Operation;
      const variables = coerced(operation, asked);
      if (variables instanceof AtlasError) return void (yield refusal(variables));
      const runnable = await runnableOf(operation, asked);
      // What is withheld at the root leaves nothing to follow.
      if (!runnable.first) return void (yield whole(project(finish(operation, asked, variables, begin(operation, asked, variables, runnable)))));
      const { follow } = operation.via;
      for await (const { run: made, ran } of followed({ follow, runnable, asked, variables, types: operation.supergraph.types, schema: operation.schema, begin: () => begin(operation, asked, variables, runnable) }, signal)) {
        yield ran ? whole(project(finish(operation, asked, variables, made))) : { errors: made.errors, actualCost: 0 };
      }
    },
    async replace(sdl, before) {
      const next = await open(sdl, given);
      await warm(serving.documents.keys(), (name) => prepare(next, name));
      before?.(next.supergraph.schema);
      gone.add(serving.supergraph.planner);
      serving = next;
    },
    async stop() {
      await Promise.all([serving.supergraph.planner.close(), gone.close()]);
    },
  };
}

/** `name` is the operation's, a line break and the text. */
function prepare({ documents, supergraph, via }: Serving, name: string, document?: DocumentNode): Promise<Operation> {
  const known = documents.get(name);
  if (known) return known;
  const at = name.indexOf('\n');
  const prepared = Operation.prepare({ supergraph, text: name.slice(at + 1), operationName: name.slice(0, at) || null, via, document });
  documents.set(name, prepared);
  // What failed is not kept: a planner that was overloaded may have time now.
  prepared.catch(() => documents.delete(name));
  return prepared;
}

async function open(sdl: string, given: Given): Promise<Serving> {
  const supergraph = await openSupergraph(sdl, given.planTimeoutMs);
  try {
    const { call, follow } = callOver(given.reaches(supergraph.subgraphs));
    return {
      supergraph,
      documents: documentCache<Promise<Operation>>(DOCUMENTS_BYTES_MAX),
      via: { call: shared(call), follow, weights: given.weights?.(sdl) ?? ONE_AN_OBJECT },
    };
  } catch (error) {
    await supergraph.planner.close();
    throw error;
  }
}

function coerced({ schema, operation }: Operation, { variables }: Asked): Variables | AtlasError {
  const { coerced: fit, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 5 });
  return errors ? new AtlasError('BAD_USER_INPUT', errors[0]?.message) : fit;
}

const refusal = (error: AtlasError): { errors: ReturnType<typeof toPublic>[]; actualCost: number } => ({ errors: [toPublic(error, requestInfo()?.requestId)], actualCost: 0 });

const whole = ({ data, errors, actualCost }: ReturnType<typeof project>): Answer => ({ data, ...(errors.length > 0 && { errors }), actualCost });

/** What is asked about the schema itself is answered by the schema, with the client's own fragments and variables. */
function introspect(prepared: Operation, asked: Asked, variables: Variables, data: Data): void {
  const fields = introspected(prepared.selection(variables), prepared.rootType);
  if (fields.length === 0) return;
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      { ...prepared.operation, selectionSet: { kind: Kind.SELECTION_SET, selections: fields } },
      ...prepared.document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION),
    ],
  };
  const { data: found } = executeGraphql({ schema: asked.introspects ?? prepared.schema, document, variableValues: variables }) as ExecutionResult;
  if (found) Object.assign(data, found);
}

const introspected = (selection: Selection, rootType: string) =>
  selection.of(rootType).flatMap(({ field, from, nodes }) => (field.name === '__schema' || field.name === '__type' ? nodes.map((node) => ({ ...node, alias: { kind: Kind.NAME as const, value: from } })) : []));

/** `percent(5)` is on for five requests of a hundred; a label of another form for none. */
function byShare(label: string): boolean {
  const share = /^percent\((\d+(?:\.\d+)?)\)$/.exec(label)?.[1];
  return share !== undefined && Math.random() * 100 < Number(share);
}
