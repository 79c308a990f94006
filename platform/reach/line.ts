/**
 * The line to one subgraph in another process, shared by everybody here who asks it: a pool of kept connections, one
 * deadline for a whole answer, a query put again when nobody answered, and a breaker. What leaves it is an answer in
 * GraphQL or one sentence without an address; the cause stays in the log.
 */
import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { Pool } from 'undici';
import type { Settings } from '../config.ts';
import { AtlasError } from '../errors.ts';
import type { GraphAnswer, GraphRequest } from '../graph.ts';
import type { Log } from '../log.ts';
import { requestInfo } from '../request.ts';
import { retriesTotal } from '../telemetry/metrics.ts';
import { NOBODY, PROBE } from './answers-at.ts';
import { openBreaker } from './breaker.ts';
import { exchange, Unanswered, type Posted } from './exchange.ts';

export interface Line {
  /** How long a whole answer may take. */
  readonly timeoutMs: number;
  /** `headers` are names and values in turn, beside the content type. */
  answer(request: Omit<GraphRequest, 'viewer'>, headers: readonly string[]): Promise<GraphAnswer>;
  close(): Promise<void>;
}

export type LineSettings = Pick<Settings, 'ASK_TIMEOUT_MS' | 'BREAKER_FAILURES' | 'BREAKER_PROBE_MS'>;

/** Nobody there answered this question. Whether that is the question's fault can be told by when another was answered. */
export class NeighbourAway extends AtlasError {
  /** On the clock of `performance.now()`; -Infinity when none was answered here yet. */
  readonly answeredAt: number;

  constructor(service: string, { answeredAt, cause }: { answeredAt: number; cause: unknown }) {
    super('SUBGRAPH_UNAVAILABLE', `The ${service} service does not answer at the moment.`, { cause });
    this.answeredAt = answeredAt;
  }
}

const CONNECTIONS = 64;
const CONNECT_MS = 1_000;
const KEEP_MS = 30_000;
const ANSWER_BYTES_MAX = 32 * 1_024 * 1_024;
/** Questions that are on their way or wait for a connection. */
const ASKED_MAX = 10_000;
const RETRIES_MAX = 2;
const RETRY_FIRST_MS = 40;
const RETRY_LAST_MS = 250;
const PROBE_MS_MAX = 1_000;
const JSON_HEADERS = ['content-type', 'application/json', 'accept', 'application/graphql-response+json, application/json'];

export function openLine(given: { service: string; url: string; settings: LineSettings; log: Log }): Line {
  const { service, settings, log } = given;
  const url = new URL(given.url);
  const path = url.pathname + url.search;
  const pool = new Pool(url.origin, { connections: CONNECTIONS, pipelining: 1, connect: { timeout: CONNECT_MS }, keepAliveTimeout: KEEP_MS });
  let asked = 0;
  let answeredAt = -Infinity;

  const post = async (posted: Omit<Posted, 'path' | 'bytesMax'>): Promise<string> => {
    const { status, text } = await exchange(pool, { path, bytesMax: ANSWER_BYTES_MAX, ...posted });
    if (NOBODY.has(status)) throw new Unanswered(`Answered with status ${status}.`, { counts: true, again: true });
    return text;
  };
  const breaker = openBreaker({
    service, log, failuresMax: settings.BREAKER_FAILURES, probeMs: settings.BREAKER_PROBE_MS,
    counts: (error) => error instanceof Unanswered && error.counts,
    // Whatever it says to a question without credentials, it is there.
    probe: () => post({ body: PROBE, headers: JSON_HEADERS, withinMs: Math.min(settings.ASK_TIMEOUT_MS, PROBE_MS_MAX), lateCounts: true }),
  });
  const mayBePutAgain = (error: unknown): boolean => error instanceof Unanswered && error.again && !breaker.open;
  const retriesOf = (handles: (error: unknown) => boolean) => {
    const retries = retry(handleWhen(handles), { maxAttempts: RETRIES_MAX, backoff: new ExponentialBackoff({ initialDelay: RETRY_FIRST_MS, maxDelay: RETRY_LAST_MS }) });
    retries.onRetry(() => retriesTotal.inc({ service }));
    return { handles, retries };
  };
  const ofQueries = retriesOf(mayBePutAgain);
  // What may change something is put again only when it was not even sent.
  const ofOthers = retriesOf((error) => mayBePutAgain(error) && (error as Unanswered).unsent);

  const unavailable = (cause: unknown) => new NeighbourAway(service, { answeredAt, cause });

  const ask = async (request: Omit<GraphRequest, 'viewer'>, headers: readonly string[]): Promise<GraphAnswer> => {
    const clock = deadlineOf(settings.ASK_TIMEOUT_MS, request);
    const { document: query, variables, operationName, signal } = request;
    const body = bodyOf(query, request.variablesText ?? JSON.stringify(variables ?? {}), operationName);
    const sent = JSON_HEADERS.concat(headers);
    const attempt = () => {
      const leftMs = clock.leftMs();
      if (leftMs <= 0) throw new Unanswered('There is no time left to ask.', { counts: false, again: false });
      return post({ body, headers: sent, withinMs: leftMs, lateCounts: clock.isFair, signal });
    };
    try {
      const answer = readAnswer(await breaker.run(attempt).catch((error: unknown) => {
        // Most questions are answered at once: only one that was not, and may be put again, needs the policy for it.
        const { handles, retries } = request.kind === 'query' ? ofQueries : ofOthers;
        if (!handles(error)) throw error;
        let first = true;
        return retries.execute(() => {
          if (!first) return breaker.run(attempt);
          first = false;
          throw error;
        });
      }));
      answeredAt = performance.now();
      return answer;
    } catch (cause) {
      if (!signal?.aborted) log.warn({ service, err: cause }, 'A subgraph did not answer a question.');
      throw unavailable(cause);
    }
  };

  return {
    timeoutMs: settings.ASK_TIMEOUT_MS,
    async answer(request, headers) {
      if (breaker.open) throw unavailable(new Error('The breaker is open.'));
      if (asked >= ASKED_MAX) throw new AtlasError('OVERLOADED');
      asked += 1;
      return ask(request, headers).finally(() => { asked -= 1; });
    },
    async close() {
      await breaker.stop();
      await pool.close();
    },
  };
}

/** The line's own time, or what is left of the client's when that is less: whoever had little of it says nothing about the subgraph by being late. */
function deadlineOf(timeoutMs: number, { isShared }: Pick<GraphRequest, 'isShared'>): { isFair: boolean; leftMs(): number } {
  const now = performance.now();
  const until = Math.min(now + timeoutMs, (isShared ? undefined : requestInfo()?.deadlineAtMs) ?? Infinity);
  return { isFair: until - now >= timeoutMs / 2, leftMs: () => until - performance.now() };
}

function readAnswer(text: string): GraphAnswer {
  const parsed = parse(text) as GraphAnswer | null;
  if (parsed === null || typeof parsed !== 'object' || (parsed.data === undefined && !Array.isArray(parsed.errors))) {
    throw new Unanswered('What came is not an answer in GraphQL.', { counts: false, again: false });
  }
  return parsed;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes what came, and that is data.
    throw new Unanswered('What came is not JSON.', { counts: false, again: false });
  }
}

/** The texts of plans come again and again. */
const DOCUMENTS_MAX = 1_000;
const quoted = new LRUCache<string, string>({ max: DOCUMENTS_MAX });

function bodyOf(document: string, variables: string, operationName: string | undefined): string {
  let query = quoted.get(document);
  if (query === undefined) quoted.set(document, query = JSON.stringify(document));
  return `{"query":${query},"variables":${variables}${operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`}}`;
}
