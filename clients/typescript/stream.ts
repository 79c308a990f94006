/**
 * A subscription over event streams. Every event of one field that carries a `cursor` says where to go on: when the
 * connection is lost, or the server ends the stream and says that it helps to come again, it is asked for anew from there.
 */
import { RequestError, type WireError } from './errors.ts';

interface Following {
  variables: object;
  /** What to ask for to go on from a cursor; null: it cannot be asked for. */
  goOn: ((variables: object, cursor: string) => object) | null;
  /** Whether the variables say where to go on already. */
  isResumed: boolean;
  signal: AbortSignal | undefined;
  triesMax: number | undefined;
  /** `begun` is called when the server has taken it: what happens from then on may be missed. */
  open(variables: object, signal: AbortSignal, begun: () => void): AsyncIterable<Record<string, unknown>>;
  /** A new credential; rejects when there is none. */
  refresh(reason: RequestError): Promise<void>;
}

/** So many in a row without an event between them, with longer and longer pauses: two minutes altogether, in which a process comes back. */
const TRIES_MAX = 30;
const PAUSE_MS = 100;
const PAUSE_MS_MAX = 5_000;
/** A stream that was open for so long was no failed try. */
const LASTED_MS = 10_000;
/** The server sends a sign of life every few seconds: a connection that is silent for so long is dead, whatever it says. */
const SILENT_MS = 45_000;

export async function* followed<Data>(given: Following): AsyncGenerator<Data, void, undefined> {
  const { signal, triesMax = TRIES_MAX } = given;
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  if (signal?.aborted) return;
  signal?.addEventListener('abort', leave, { once: true });
  let cursor: string | null = null;
  let missable = false;
  const begun = () => { missable = true; };
  try {
    for (let attempt = 1; ; attempt += 1) {
      const since = Date.now();
      try {
        for await (const data of given.open(cursor === null || !given.goOn ? given.variables : given.goOn(given.variables, cursor), leaving.signal, begun)) {
          attempt = 0;
          cursor = cursorIn(data) ?? cursor;
          yield data as Data;
        }
        return;
      } catch (error) {
        if (leaving.signal.aborted) return;
        if (!(error instanceof RequestError) || (missable && (!given.goOn || (cursor === null && !given.isResumed)))) throw error;
        if (Date.now() - since > LASTED_MS) attempt = 0;
        if (attempt >= triesMax) throw error;
        if (error.code === 'UNAUTHENTICATED') await given.refresh(error);
        else if (!error.retryable) throw error;
        else await pause(error, attempt, leaving.signal);
        if (leaving.signal.aborted) return;
      }
    }
  } finally {
    signal?.removeEventListener('abort', leave);
    leave();
  }
}

function pause({ retryAfterSeconds }: RequestError, attempt: number, signal: AbortSignal): Promise<void> {
  const ms = retryAfterSeconds ? retryAfterSeconds * 1_000 : Math.min(PAUSE_MS * 2 ** attempt, PAUSE_MS_MAX) * (0.5 + Math.random());
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Of the one field of a subscription. */
function cursorIn(data: Record<string, unknown>): string | null {
  const [event] = Object.values(data) as ({ cursor?: unknown } | null)[];
  return typeof event?.cursor === 'string' ? event.cursor : null;
}

interface Answer { data?: Record<string, unknown> | null; errors?: WireError[] }

/** What the server sends until it says that there is no more; an answer with errors ends it, as one to a query would. */
export async function* eventsIn(response: Response): AsyncGenerator<Record<string, unknown>, void, undefined> {
  if (!response.ok || !response.body) throw await refusalIn(response);
  for await (const block of blocksOf(response.body)) {
    const lines = block.split('\n');
    const event = lines.find((line) => line.startsWith('event: '))?.slice(7);
    if (event === 'complete') return;
    if (event !== 'next') continue;
    const { data, errors } = JSON.parse(lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6)).join('\n')) as Answer;
    if (errors && errors.length > 0) throw new RequestError(errors, response.status);
    if (data) yield data;
  }
  throw new RequestError([], 503, new Error('The connection was closed in the middle of the stream.'));
}

async function refusalIn(response: Response): Promise<RequestError> {
  const { errors = [] } = await response.json().catch(() => ({})) as Answer;
  return new RequestError(errors, response.status);
}

/** The parts between empty lines. Leaving this leaves the connection. */
async function* blocksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await nextWithin(reader);
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      yield* blocks;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function nextWithin(reader: ReadableStreamDefaultReader<Uint8Array>): ReturnType<typeof reader.read> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('Nothing was heard for too long.')), SILENT_MS); });
  try {
    return await Promise.race([reader.read(), silence]);
  } catch (cause) {
    throw new RequestError([], 503, cause);
  } finally {
    clearTimeout(timer);
  }
}
