/** A subscription: every event that its subgraph sends is completed by the others, one after the other, and laid out like any answer. */
import type { GraphAnswer, GraphRequest } from '../../platform/graph.ts';
import { combine } from '../compile/represent.ts';
import { rewrite } from '../compile/rewrite.ts';
import type { Answer, JsonText } from '../executor.ts';
import type { Runnable } from '../operation.ts';
import { resumeOf } from '../streams/resume.ts';
import { begin, runnableFor, type Asking } from './begin.ts';
import { placed } from './errors-in-place.ts';
import { written } from './lay-out.ts';
import type { Run } from './run.ts';

/** One run an event. Without data nothing ran: the subgraph refused the subscription itself, and no other event follows. */
export async function* followed(asking: Asking, signal: AbortSignal): AsyncIterable<Answer<JsonText>> {
  const { operation } = asking;
  const runnable = await runnableFor(asking);
  // What is withheld at the root leaves nothing to follow.
  if (!runnable.first) return void (yield written(asking, begin(asking, runnable)));
  const request = requestFor(asking, runnable.first);
  const resume = resumeOf(operation.schema, request);
  for await (const event of operation.via.follow(runnable.first.service, { ...request, resume }, signal)) {
    const run = await completed(asking, runnable, event);
    if (event.data === undefined) return void (yield { errors: run.errors, actualCost: 0, ...(run.usage.length > 0 && { usage: run.usage }) });
    yield written(asking, run);
  }
}

function requestFor({ asked: { caller: { viewer, headers } }, variables }: Asking, first: NonNullable<Runnable['first']>): GraphRequest {
  const own = Object.fromEntries(first.variables.flatMap((name) => (Object.hasOwn(variables, name) ? [[name, variables[name]]] : [])));
  return { document: first.text, operationName: first.operationName, variables: own, kind: 'subscription', viewer, ...(headers && { headers }) };
}

async function completed(asking: Asking, runnable: Runnable, event: GraphAnswer): Promise<Run> {
  const { data, errors } = event;
  const { first, step } = runnable;
  const { types } = asking.operation.supergraph;
  const run = begin(asking, runnable);
  run.said(event);
  for (const error of errors ?? []) run.errors.push(...placed(error, first!, '', [[{ place: [], typeName: undefined }]]));
  if (!data) return run;
  for (const each of first!.outputRewrites) rewrite(each, data, types);
  combine(run.data, data, types);
  if (step) await run.step(step);
  return run;
}
