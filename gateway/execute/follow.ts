/** A subscription: every event that its subgraph sends is completed by the others, one after the other, and laid out like any answer. */
import type { GraphQLSchema } from 'graphql';
import type { GraphRequest } from '../../platform/graph.ts';
import { placed } from './errors-in-place.ts';
import type { Asked } from '../executor.ts';
import type { Runnable } from '../operation.ts';
import { combine } from '../compile/represent.ts';
import type { Follow } from '../reach/call.ts';
import { rewrite } from '../compile/rewrite.ts';
import { type Run } from './run.ts';
import type { Variables } from '../compile/shape.ts';
import { resumeOf } from '../streams/resume.ts';

interface Given {
  follow: Follow;
  runnable: Runnable;
  asked: Asked;
  variables: Variables;
  /** A run that completes one event. */
  begin: () => Run;
  types: Parameters<typeof rewrite>[2];
  schema: GraphQLSchema;
}

/** One run an event. Without data nothing ran: the subgraph refused the subscription itself, and no other event follows. */
export async function* followed(given: Given, signal: AbortSignal): AsyncIterable<{ run: Run; ran: boolean }> {
  const { runnable, asked, variables, types } = given;
  const first = runnable.first!;
  const own = Object.fromEntries(first.variables.flatMap((name) => (Object.hasOwn(variables, name) ? [[name, variables[name]]] : [])));
  const { viewer, headers } = asked.caller;
  const request: GraphRequest = { document: first.text, operationName: first.operationName, variables: own, kind: 'subscription', viewer, ...(headers && { headers }) };
  const resume = resumeOf(given.schema, request);
  for await (const answer of given.follow(first.service, { ...request, resume }, signal)) {
    const run = given.begin();
    for (const error of answer.errors ?? []) run.errors.push(...placed(error, first, '', [[{ place: [], typeName: undefined }]]));
    if (answer.data) {
      for (const each of first.outputRewrites) rewrite(each, answer.data, types);
      combine(run.data, answer.data, types);
      if (runnable.step) await run.step(runnable.step);
    }
    yield { run, ran: answer.data !== undefined };
    if (answer.data === undefined) return;
  }
}
