/**
 * Equal questions that are on their way at one moment are asked once. Equal means: the same text, the same variables,
 * the same caller down to the last header that travels on. Only queries are shared, and none that was asked before a
 * change that went through this gateway: whoever has just written something must not be handed an older answer.
 */
import type { GraphAnswer, GraphRequest } from '../../platform/graph.ts';
import { requestInfo, type RequestInfo } from '../../platform/request.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { copied } from '../compile/represent.ts';
import { Awaited } from './awaited.ts';
import type { Call } from './call.ts';

export function shared(call: Call): Call {
  const onTheirWay = new Map<string, Awaited<GraphAnswer>>();
  let changes = 0;

  return async (service, request) => {
    if (request.kind !== 'query') {
      changes += 1;
      return call(service, request).finally(() => { changes += 1; });
    }
    const key = `${changes}\n${service}\n${callerOf(request)}\n${request.document}\n${request.variablesText ?? JSON.stringify(request.variables)}`;
    const asked = onTheirWay.get(key) ?? new Awaited(onTheirWay, key, (signal) => call(service, { ...request, signal, isShared: true }));
    const { answer, isFirst, isLast } = await asked.wait(request.signal);
    // Each gets an answer of its own, to write into; the last may have the original.
    const own = isLast ? answer : copied(answer);
    // What it has cost was spent once, and is said to one.
    if (!isFirst) delete own.extensions;
    return own;
  };
}

const known = new WeakMap<Viewer, string>();

/** All that makes two callers alike. */
export function callerOf({ viewer, headers }: Pick<GraphRequest, 'viewer' | 'headers'>): string {
  let said = known.get(viewer);
  if (said === undefined) known.set(viewer, said = JSON.stringify(viewer));
  return `${said}\n${circumstancesOf(requestInfo(), headers)}`;
}

/** One request puts many questions. */
const written = new WeakMap<object, { headers: GraphRequest['headers']; text: string }>();
const NOWHERE = {};

function circumstancesOf(info: RequestInfo | undefined, headers: GraphRequest['headers']): string {
  const known = written.get(info ?? NOWHERE);
  if (known && known.headers === headers) return known.text;
  const text = JSON.stringify([info?.address, info?.userAgent, headers]);
  written.set(info ?? NOWHERE, { headers, text });
  return text;
}
