/**
 * Equal operations that begin while none of the first one's fetches is answered yet would put the same fetches at the same moments
 * and share each of them (`share.ts`); so they run once, and what was written for the first is what all of them get. Alike are
 * callers that share fetches: the same viewer and the same headers. Only queries, and none across a change that went through here.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { GraphQLFormattedError } from 'graphql';
import type { Waiting } from '../../platform/gone.ts';
import { requestInfo } from '../../platform/request.ts';
import type { Answer, Asked, JsonText } from '../executor.ts';
import type { Operation } from '../operation.ts';
import type { Variables } from '../compile/shape.ts';
import { Awaited } from './awaited.ts';
import type { Call } from './call.ts';
import { callerOf } from './share.ts';

type Answered = Answer<JsonText>;
/** Runs it once: calls go through `call`, for as long as `signal` is quiet. */
type Answering = (via: { call: Call; signal: Waiting | undefined }) => Promise<Answered>;

export interface SharedAnswers {
  of(operation: Operation, asked: Asked, variables: Variables, run: Answering): Promise<Answered>;
  /** Something is changed meanwhile: what began before is not joined by what begins after. */
  changing<T>(change: () => Promise<T>): Promise<T>;
}

export function sharedAnswers(): SharedAnswers {
  const begun = new WeakMap<Operation, Map<string, Awaited<Answered>>>();
  let changes = 0;

  const begin = (operation: Operation, of: Map<string, Awaited<Answered>>, key: string, run: Answering): Awaited<Answered> =>
    new Awaited<Answered>(of, key, async (signal, close) => {
      let isAnswered = false;
      const answered = () => { isAnswered = true; close(); };
      const call: Call = (service, request) => {
        const answer = operation.via.call(service, request);
        if (!isAnswered) answer.then(answered, answered);
        return answer;
      };
      // Whoever has asked already is heard first: a service in this process answers before the next request is read.
      await turn();
      return run({ call, signal });
    });

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
    if (!own) begun.set(operation, own = new Map<string, Awaited<Answered>>());
    const key = `${changes}\n${callerOf(asked.caller)}\n${JSON.stringify(variables)}`;
    const first = own.get(key);
    const { answer, isFirst } = await (first ?? begin(operation, own, key, run)).wait(asked.signal);
    const mine = first ? asMine(answer) : answer;
    return isFirst || !mine.usage ? mine : unspent(mine);
  };
  return { of, changing };
}

/** What its fetches have cost was spent once, and is said to one. */
function unspent({ usage: _, ...answer }: Answered): Answered { return answer; }

/** Errors name the request in which they are told. */
function asMine({ errors, ...answer }: Answered): Answered {
  const requestId = requestInfo()?.requestId;
  const mine = (error: GraphQLFormattedError): GraphQLFormattedError =>
    requestId && error.extensions?.requestId ? { ...error, extensions: { ...error.extensions, requestId } } : error;
  return { ...answer, ...(errors && { errors: errors.map(mine) }) };
}
