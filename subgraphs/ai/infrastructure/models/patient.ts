/**
 * A model elsewhere, with an end to everybody's patience: until its first word it is asked again, as soon as it says or
 * a little later each time; after that nobody is, because what was said would be said twice. One that fails again and
 * again is left alone for a moment. What goes wrong is one error; what a server said of it stays in the log.
 */
import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleAll, BrokenCircuitError } from 'cockatiel';
import { setTimeout as pause } from 'node:timers/promises';
import { AtlasError } from '../../../../platform/errors.ts';
import type { Model, Prompt, Said } from '../../domain/models.ts';

export interface Patience {
  /** For the first word, and between two. */
  firstMs: number;
  betweenMs: number;
  triesAgain: number;
  firstWaitMs: number;
  /** A server that asks for more is as good as down. */
  waitMaxMs: number;
  failuresMax: number;
  leftAloneMs: number;
}
export const PATIENCE: Patience = { firstMs: 20_000, betweenMs: 20_000, triesAgain: 2, firstWaitMs: 300, waitMaxMs: 8_000, failuresMax: 4, leftAloneMs: 10_000 };

const AGAIN = new Set([408, 409, 425, 429, 500, 502, 503, 504, 529]);
class Silent extends Error {}

export function patient(model: Model, given: Partial<Patience> = {}): Model {
  const patience = { ...PATIENCE, ...given };
  const breaker = circuitBreaker(handleAll, { breaker: new ConsecutiveBreaker(patience.failuresMax), halfOpenAfter: patience.leftAloneMs });
  return { name: model.name, price: model.price, say: (prompt, signal) => said(model, prompt, signal, patience, breaker) };
}

type Breaker = ReturnType<typeof circuitBreaker>;

async function* said(model: Model, prompt: Prompt, signal: AbortSignal, patience: Patience, breaker: Breaker): AsyncIterable<Said> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  try {
    const { first, rest } = await begun(model, prompt, { signal, both }, patience, breaker);
    for (let one = first; !one.done; one = await within(patience.betweenMs, rest.next(), both)) yield one.value;
  } catch (cause) {
    signal.throwIfAborted();
    throw cause instanceof AtlasError ? cause : new AtlasError('MODEL_UNAVAILABLE', undefined, { cause });
  } finally {
    // Whoever leaves, or has waited long enough, hangs up: what nobody reads is paid for all the same.
    stop.abort();
  }
}

interface Begun { first: IteratorResult<Said>; rest: AsyncIterator<Said> }

async function begun(model: Model, prompt: Prompt, { signal, both }: { signal: AbortSignal; both: AbortSignal }, patience: Patience, breaker: Breaker): Promise<Begun> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await attempt(model, prompt, both, patience, breaker);
    } catch (error) {
      signal.throwIfAborted();
      const waitMs = waitAfter(error, tried, patience);
      if (waitMs === null || breaker.state === CircuitState.Open) throw error;
      await pause(waitMs, undefined, { signal });
    }
  }
}

/** A refusal of what was sent says nothing of how the server is. */
async function attempt(model: Model, prompt: Prompt, signal: AbortSignal, patience: Patience, breaker: Breaker): Promise<Begun> {
  const own = new AbortController();
  const outcome = await breaker.execute(async (): Promise<Begun | { refused: unknown }> => {
    const rest = model.say(prompt, AbortSignal.any([signal, own.signal]))[Symbol.asyncIterator]();
    try {
      return { first: await within(patience.firstMs, rest.next(), signal), rest };
    } catch (error) {
      own.abort();
      if (signal.aborted || !isPassing(error)) return { refused: error };
      throw error;
    }
  });
  if ('refused' in outcome) throw outcome.refused;
  return outcome;
}

/** Nobody waits longer, whether or not the client gives up by itself. */
async function within<T>(ms: number, answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const done = new AbortController();
  const late = pause(ms, undefined, { signal: AbortSignal.any([done.signal, signal]), ref: false }).then(() => { throw new Silent(`Said nothing for ${ms} ms.`); });
  try {
    return await Promise.race([answer, late]);
  } finally {
    done.abort();
    late.catch(() => undefined);
    answer.catch(() => undefined);
  }
}

const statusOf = (error: unknown): number | undefined => (error as { status?: number }).status;
const isPassing = (error: unknown): boolean => statusOf(error) === undefined || AGAIN.has(statusOf(error)!);

/** Null: asking again is no use. Never all at the same moment. */
function waitAfter(error: unknown, tried: number, { triesAgain, firstWaitMs, waitMaxMs }: Patience): number | null {
  if (tried >= triesAgain || !isPassing(error) || error instanceof BrokenCircuitError) return null;
  const asked = askedFor(error);
  if (asked !== null) return asked <= waitMaxMs ? asked + Math.random() * firstWaitMs : null;
  const longest = Math.min(waitMaxMs, firstWaitMs * 2 ** tried);
  return longest / 2 + (Math.random() * longest) / 2;
}

/** Seconds or a date (RFC 9110), or milliseconds in a header that both providers know. */
function askedFor(error: unknown): number | null {
  const headers = (error as { headers?: { get?(name: string): string | null } }).headers;
  const ms = Number(headers?.get?.('retry-after-ms') ?? NaN);
  if (Number.isFinite(ms)) return Math.max(0, ms);
  const said = headers?.get?.('retry-after');
  if (said == null) return null;
  const after = /^\d+(\.\d+)?$/.test(said.trim()) ? Number(said) * 1_000 : Date.parse(said) - Date.now();
  return Number.isFinite(after) ? Math.max(0, after) : null;
}
