/**
 * Subscriptions of a subgraph in another process: graphql-transport-ws, one socket a credential, closed when nobody uses
 * it any longer.
 *
 * A subgraph that was lost is asked again only when the asker has said how to go on (`resume`): a stream that carries a
 * cursor continues after its last event, without a gap and unnoticed. Any other ends with SUBGRAPH_UNAVAILABLE, which is
 * retryable: going on in silence would hide what was missed, and asking a model its question twice is paid for twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Client, type SubscribePayload } from 'graphql-ws';
import { WebSocket, type ClientOptions } from 'ws';
import { AtlasError } from '../errors.ts';
import type { GraphAnswer, GraphRequest } from '../graph.ts';
import { requestInfo } from '../request.ts';
import { StreamQueue } from '../stream/queue.ts';
import { currentTraceparent } from '../telemetry/trace.ts';
import { VIEWER_HEADER, type ViewerSigner } from '../viewer-header.ts';

export interface SocketReach {
  follow(request: GraphRequest, signal: AbortSignal): AsyncIterable<GraphAnswer>;
  close(): void;
}

const IDLE_MS = 1_000;
const PING_MS = 10_000;
/** How long a lost subgraph is waited for, and the longest pause between two tries. */
const RESUME_MS = 10_000;
const PAUSE_MS_MAX = 500;
const MESSAGE_BYTES_MAX = 32 * 1_024 * 1_024;
/** What waits for the gateway itself; it reads at once, so more than this is a fault or a flood. */
const QUEUE = { countMax: 2_000, bytesMax: 8_000_000 };

/** The subgraph is gone or was never there: the one failure after which asking again makes sense. */
class Lost extends Error {}
interface Held { client: Client; streams: number; bytes: number }

export function socketReach(given: {
  service: string; url: string; timeoutMs: number;
  /** Null where viewers mean nothing: then the caller's headers travel as they came. */
  signer: (() => ViewerSigner) | null;
}): SocketReach {
  const held = new Map<string, Held>();
  const url = given.url.replace(/^http/, 'ws');

  const open = (request: GraphRequest): Held => {
    const headers = request.headers ?? {};
    const name = JSON.stringify(given.signer ? { ...request.viewer } : headers);
    const known = held.get(name);
    if (known) return known;
    const client = createClient({
      url, lazy: true, lazyCloseTimeout: IDLE_MS, retryAttempts: 0, connectionAckWaitTimeout: given.timeoutMs, keepAlive: PING_MS,
      webSocketImpl: socketWith({ handshakeTimeout: given.timeoutMs, maxPayload: MESSAGE_BYTES_MAX, perMessageDeflate: false, ...(!given.signer && { headers }) }, (bytes) => { entry.bytes = bytes; }),
      connectionParams: async () => (given.signer ? { [VIEWER_HEADER]: await given.signer().sign(request.viewer, given.service as never) } : { ...headers }),
    });
    const entry: Held = { client, streams: 0, bytes: 0 };
    endsWhenSilent(client);
    client.on('closed', () => { if (entry.streams === 0 && held.get(name) === entry) held.delete(name); });
    held.set(name, entry);
    return entry;
  };

  /** One subscription over the socket, as long as the socket lives. */
  const once = async function* (request: GraphRequest, signal: AbortSignal): AsyncGenerator<GraphAnswer, void, undefined> {
    if (signal.aborted) return;
    const entry = open(request);
    entry.streams += 1;
    const queue = new StreamQueue<GraphAnswer>(QUEUE);
    const leave = entry.client.subscribe<Record<string, unknown>>(payloadOf(request), {
      next: (answer) => {
        const one = answer as GraphAnswer;
        if (!queue.push(one, entry.bytes)) leave();
      },
      error: (error) => {
        if (!Array.isArray(error)) return queue.end(new Lost('The socket has closed.', { cause: error }));
        queue.push({ errors: error as NonNullable<GraphAnswer['errors']> }, 0);
        queue.end();
      },
      complete: () => queue.end(),
    });
    const abort = () => queue.cut();
    signal.addEventListener('abort', abort, { once: true });
    try {
      yield* queue;
    } finally {
      signal.removeEventListener('abort', abort);
      entry.streams -= 1;
      leave();
    }
  };

  const follow = async function* (first: GraphRequest, signal: AbortSignal): AsyncGenerator<GraphAnswer, void, undefined> {
    let request = first;
    let next: GraphRequest | null = null;
    let lostAt: number | null = null;
    for (let pauseMs = 25; !signal.aborted; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
      try {
        for await (const answer of once(request, signal)) {
          // Before it is handed out: whoever gets it may write into it.
          next = request.resume?.(answer) ?? null;
          yield answer;
          [lostAt, pauseMs] = [null, 25];
        }
        return;
      } catch (cause) {
        if (!(cause instanceof Lost)) throw cause;
        lostAt ??= Date.now();
        if (!next || Date.now() - lostAt > RESUME_MS) throw new AtlasError('SUBGRAPH_UNAVAILABLE', `The ${given.service} service does not answer at the moment.`, { cause });
        request = next;
        await sleep(pauseMs * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
      }
    }
  };

  return {
    follow,
    close() {
      for (const { client } of held.values()) client.terminate();
      held.clear();
    },
  };
}

function payloadOf({ document, variables, operationName }: GraphRequest): SubscribePayload {
  const traceparent = currentTraceparent();
  const requestId = requestInfo()?.requestId;
  return {
    query: document,
    ...(variables && { variables }),
    ...(operationName && { operationName }),
    ...((requestId ?? traceparent) && { extensions: { ...(requestId && { requestId }), ...(traceparent && { traceparent }) } }),
  };
}

/** Says how long each message is before the client reads it: an answer is not written again to be measured. */
const socketWith = (options: ClientOptions, measured: (bytes: number) => void) => class extends WebSocket {
  constructor(address: string, protocols: string) {
    super(address, protocols, options);
    this.on('message', (data: Buffer) => measured(data.length));
  }
};

/** A peer that answers no ping is gone, whatever TCP believes. */
function endsWhenSilent(client: Client): void {
  let waiting: NodeJS.Timeout | undefined;
  client.on('ping', (received) => {
    if (received) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => client.terminate(), PING_MS);
    waiting.unref();
  });
  client.on('pong', (received) => { if (received) clearTimeout(waiting); });
  client.on('closed', () => clearTimeout(waiting));
}
