/**
 * Equal operations that begin while none of the first one's fetches is answered yet would put the same fetches at the same moments
 * and share each of them (`share.ts`); so they run once, and what was written for the first is what all of them get. Alike are
 * callers that share fetches: the same viewer and the same headers. Only queries, and none across a change that went through here.
 */
import type { GraphQLFormattedError } from 'graphql';
import { Gone, type Waiting } from '../../platform/gone.ts';
import { requestInfo } from '../../platform/request.ts';
import type { Answer, Asked, JsonText } from '../executor.ts';
import type { Operation } from '../operation.ts';
import type { Variables } from '../compile/shape.ts';
import type { Call } from './call.ts';
import { callerOf } from './share.ts';

type Answered = Answer<JsonText>;
/** Runs it once: calls go through `call`, for as long as `signal` is quiet. */
type Answering = (via: { call: Call; signal: Waiting | undefined }) => Promise<Answered>;

interface Begun { answer: Promise<Answered>; waiting: number; gone: Gone }

export interface SharedAnswers {
  of(operation: Operation, asked: Asked, variables: Variables, run: Answering): Promise<Answered>;
  /** Something is changed meanwhile: what began before is not joined by what begins after. */
  changing<T>(change: () => Promise<T>): Promise<T>;
}

export function sharedAnswers(): SharedAnswers {
  const begun = new WeakMap<Operation, Map<string, Begun>>();
  let changes = 0;

  const begin = (operation: Operation, of: Map<string, Begun>, key: string, run: Answering): Begun => {
    const gone = new Gone();
    const close = () => { if (of.get(key) === made) of.delete(key); };
    const call: Call = (service, request) => {
      const answer = operation.via.call(service, request);
      if (of.get(key) === made) answer.then(close, close);
      return answer;
    };
    const made: Begun = { answer: undefined as never, waiting: 0, gone };
    of.set(key, made);
    made.answer = run({ call, signal: gone }).finally(close);
    return made;
  };

  const changing = <T>(change: () => Promise<T>): Promise<T> => {
    changes += 1;
    return change().finally(() => { changes += 1; });
  };

  const of: SharedAnswers['of'] = async (operation, asked, variables, run) => {
    const alone = { call: operation.via.call, signal: asked.signal };
    if (operation.kind !== 'query') return changing(() => run(alone));
    // What is withheld, and what may be known of the schema, is each caller's own.
    if (asked.refused?.size || asked.introspects || operation.supergraph.overrideLabels.length > 0) return run(alone);
    let own = begun.get(operation);
    if (!own) begun.set(operation, own = new Map<string, Begun>());
    const key = `${changes}\n${callerOf(asked.caller)}\n${JSON.stringify(variables)}`;
    const first = own.get(key);
    const one = first ?? begin(operation, own, key, run);
    one.waiting += 1;
    const leave = () => {
      one.waiting -= 1;
      if (one.waiting > 0) return;
      if (own.get(key) === one) own.delete(key);
      one.gone.abort();
    };
    asked.signal?.addEventListener('abort', leave, { once: true });
    try {
      const answer = await one.answer;
      return first ? asMine(answer) : answer;
    } finally {
      asked.signal?.removeEventListener('abort', leave);
    }
  };
  return { of, changing };
}

/** Errors name the request in which they are told. */
function asMine({ errors, ...answer }: Answered): Answered {
  const requestId = requestInfo()?.requestId;
  const mine = (error: GraphQLFormattedError): GraphQLFormattedError =>
    requestId && error.extensions?.requestId ? { ...error, extensions: { ...error.extensions, requestId } } : error;
  return { ...answer, ...(errors && { errors: errors.map(mine) }) };
}
