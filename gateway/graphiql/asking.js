/** How the explorer asks the graph: for itself (signing in), and for what is written in the editor. */
import { observable } from './observable.js';

const GRAPH = '/graphql';
/** Of the installed package: it stands beside this file only where it is served. */
const SOCKET_CLIENT = './graphql-ws/client.js';
const { createClient } = await import(SOCKET_CLIENT);

/** The last answer, for the panels: { answer, seconds, events, query }; `events` counts what a subscription has told. */
export const lastAnswer = observable(null);
/** Whether the plan is asked for with each query. */
export const withPlan = observable(true);

/** For the panels' own needs; throws what the graph refused, with its code. */
export async function send(document, variables, headers) {
  const response = await fetch(GRAPH, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json;q=0.9', ...headers },
    body: JSON.stringify({ query: document, variables }),
  });
  const { data, errors } = await response.json();
  if (errors?.length) throw Object.assign(new Error(errors[0].message), { code: errors[0].extensions?.code, retryable: errors[0].extensions?.retryable });
  return data;
}

/** A fetcher for one identity: GraphiQL asks for the schema again whenever it gets another one. */
export function fetcherFor(account) {
  const socket = createClient({
    url: new URL(GRAPH, location.href.replace(/^http/, 'ws')).href,
    connectionParams: () => account.headers(),
    // Whoever subscribes anew asks anew: a question would be answered, and paid for, once more.
    retryAttempts: 0,
  });
  const asTheAccount = async (url, init) => {
    // What is typed under "Headers" wins: to try another tenant or token for one request.
    const post = () => {
      const headers = new Headers(account.headers());
      for (const [name, value] of Object.entries(init.headers)) headers.set(name, String(value));
      return fetch(url, { ...init, headers });
    };
    const response = await post();
    if (response.status !== 401 || account.state.get().kind !== 'session') return response;
    await account.refresh(); // a laptop that slept has missed the moment
    return post();
  };
  const ask = window.GraphiQL.createFetcher({ url: GRAPH, fetch: asTheAccount, wsClient: socket });
  const fetcher = async (asked, options) => {
    if (asked.operationName === 'IntrospectionQuery') return ask(asked, options);
    const since = performance.now();
    const headers = { ...(withPlan.get() && { 'atlas-query-plan': '1' }), ...options?.headers };
    return remembered(await ask(asked, { ...options, headers }), (answer, events) => {
      lastAnswer.set({ answer, events, seconds: (performance.now() - since) / 1_000, query: asked.query });
    });
  };
  return { fetcher, close: () => socket.dispose() };
}

/**
 * The same answers, told to the panels on their way. Not a generator: its `return` would wait for the next event, and a
 * subscription that is stopped here has to be stopped there at once.
 */
function remembered(answers, tell) {
  let events = 0;
  let cursor = null;
  const inner = answers[Symbol.asyncIterator]();
  return {
    [Symbol.asyncIterator]() { return this; },
    async next() {
      const step = await inner.next().catch((error) => { throw lost(error, cursor); });
      if (step.done) return step;
      events += 1;
      cursor = cursorIn(step.value) ?? cursor;
      tell(Array.isArray(step.value) ? Object.assign({}, ...step.value) : step.value, events);
      return { done: false, value: withoutPlan(step.value) };
    },
    return: async () => await inner.return?.() ?? { done: true, value: undefined },
  };
}

/** Of an event that says how to go on after it. */
const cursorIn = (answer) => Object.values(answer?.data ?? {})[0]?.cursor;

/** What became of a socket is said by an event, or by its number alone: nobody finds in that how to go on. */
function lost(error, cursor) {
  const [, why] = /^Socket closed with event (.*)$/.exec(error?.message ?? '') ?? [];
  if (!why && !(error instanceof Event)) return error;
  const next = cursor ? `What it told goes on with this cursor, as resumeFrom or after: ${cursor}` : 'Run it again.';
  return Object.assign(new Error(`The connection was lost${why ? ` (${why.trim()})` : ''}. ${next}`), { stack: undefined });
}

/** The plan is drawn in its panel; in the text of the answer it would bury the data. */
function withoutPlan(answer) {
  if (!answer?.extensions?.queryPlan) return answer;
  const { extensions: { queryPlan: _, ...others }, ...rest } = answer;
  return Object.keys(others).length > 0 ? { ...rest, extensions: others } : rest;
}
