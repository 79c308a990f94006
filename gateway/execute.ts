/**
 * The engine: documents in, answers out. Apollo's planner says what is to be fetched from whom; everything after that
 * is done here.
 */
import { getVariableValues, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { LRUCache } from 'lru-cache';
import { documentCache } from '../platform/document-cache.ts';
import { AtlasError, toPublic } from '../platform/errors.ts';
import { requestInfo } from '../platform/request.ts';
import type { Reach } from '../platform/reach/reach.ts';
import type { Asked, Executor, Prepared } from './executor.ts';
import { run, type Asking } from './execute/begin.ts';
import { followed } from './execute/follow.ts';
import { inParts } from './execute/in-parts.ts';
import { laidOut, written } from './execute/lay-out.ts';
import { Operation, type Via } from './operation.ts';
import { callOver } from './reach/call.ts';
import { shared } from './reach/share.ts';
import { sharedAnswers } from './reach/share-answers.ts';
import { retired, warm } from './supergraph/succession.ts';
import { openSupergraph, type Supergraph } from './supergraph.ts';
import { ONE_AN_OBJECT, type Weights } from './compile/weights.ts';

const DOCUMENTS_BYTES_MAX = 128_000_000;

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
  let serving = await open(given.supergraphSdl, given);
  const gone = retired();
  const answers = sharedAnswers();
  return {
    schema: () => serving.supergraph.schema,
    prepare: (text, operationName, document) => prepare(serving, `${operationName ?? ''}\n${text}`, document),
    async answer(prepared, asked) {
      const asking = asAsked(prepared, asked);
      if (asking instanceof AtlasError) return refusal(asking);
      return answers.of(asking.operation, asked, asking.variables, async ({ call, signal }) => {
        const own = { ...asking, asked: { ...asked, signal } };
        return written(own, await run(own, call));
      });
    },
    async answerObject(prepared, asked) {
      const asking = asAsked(prepared, asked);
      return asking instanceof AtlasError ? refusal(asking) : laidOut(asking, await run(asking));
    },
    async *answerInParts(prepared, asked) {
      const asking = asAsked(prepared, asked);
      if (asking instanceof AtlasError) yield { answer: refusal(asking), hasNext: false };
      else yield* inParts(asking, answers.changing);
    },
    async *follow(prepared, asked, signal) {
      const asking = asAsked(prepared, asked);
      if (asking instanceof AtlasError) yield refusal(asking);
      else yield* followed(asking, signal);
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
      via: { call: shared(call), follow, weights: given.weights?.(sdl) ?? ONE_AN_OBJECT, isOverridden: given.isOverridden ?? byShare },
    };
  } catch (error) {
    await supergraph.planner.close();
    throw error;
  }
}

/** What is wrong with the variables, when they do not fit. */
function asAsked(prepared: Prepared, asked: Asked): Asking | AtlasError {
  const operation = prepared as Operation;
  const { coerced: variables, errors } = getVariableValues(operation.schema, operation.operation.variableDefinitions ?? [], asked.variables, { maxErrors: 5 });
  return errors ? new AtlasError('BAD_USER_INPUT', errors[0]?.message) : { operation, asked, variables };
}

const refusal = (error: AtlasError): { errors: ReturnType<typeof toPublic>[]; actualCost: number } => ({ errors: [toPublic(error, requestInfo()?.requestId)], actualCost: 0 });

/** `percent(5)` is on for five requests of a hundred; a label of another form for none. */
function byShare(label: string): boolean {
  const share = /^percent\((\d+(?:\.\d+)?)\)$/.exec(label)?.[1];
  return share !== undefined && Math.random() * 100 < Number(share);
}
