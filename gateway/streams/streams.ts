/**
 * What every transport of streams shares: who may open one, how much waits for a slow reader, what ends it. A transport
 * only turns payloads into its own words, and says when a client has taken them.
 */
import type { Settings } from '../../platform/config.ts';
import { AtlasError, toPublic } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import { StreamQueue, type Together } from '../../platform/stream/queue.ts';
import { errorsTotal, streamEventsTotal, streamsOpen } from '../../platform/telemetry/metrics.ts';
import type { RequestInfo } from '../../platform/request.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { suggestsTo, type Admit } from '../edge/admit.ts';
import { JsonText, type Answer, type Asked, type Executor, type Prepared } from '../executor.ts';
import { refusalIn, spoken } from '../edge/mask.ts';
import type { Authenticate, Credentials } from '../policy/authenticate.ts';
import type { Rate } from '../policy/rate.ts';
import type { Question } from '../edge/question.ts';
import { slots } from './slots.ts';
import type { Watch } from './watch.ts';

export interface StreamEdge {
  settings: Settings;
  executor: Pick<Executor, 'schema' | 'answer' | 'follow'>;
  authenticate: Authenticate;
  admit: Admit;
  rate: Rate;
  watch: Watch;
  log: Log;
  /** Headers, or parameters of a socket's greeting, that travel on to subgraphs: only without viewers of Atlas. */
  forward?: readonly string[];
}

/** Who is at the other end, by what they said when they came. */
export interface Client { credentials: Credentials; said: (name: string) => string | null }

/** Where a transport's payloads go. */
export interface Sink {
  transport: 'websocket' | 'sse' | 'multipart';
  /** Resolves when the connection has taken the payload, or is gone. This is what holds a fast stream to a slow reader. */
  send(payload: string): Promise<void>;
  /** The connection takes nothing more: say why, if it can still be said, and let go of it. */
  abandon(error: AtlasError): void;
  /** Aborts when the client has left. */
  signal: AbortSignal;
}

export interface Opened {
  prepared: Prepared;
  /** A query or a mutation; goes on for as long as `signal` is quiet. */
  answer(signal: AbortSignal): Promise<string>;
  /** A subscription, to its end; rejects with the AtlasError that ended it early. */
  follow(sink: Sink): Promise<void>;
}

export interface Streams {
  /** Everything that HTTP does before anything runs, in the same order. */
  open(from: Client, info: RequestInfo, ask: (viewer: Viewer) => Question | Promise<Question>): Promise<Opened>;
  /** Ends all streams; each says why. */
  end(code: 'SHUTTING_DOWN' | 'SUPERGRAPH_CHANGED'): void;
}

/** A connection that took nothing for so long after its stream ended is not merely slow. */
const STALL_MS = 1_000;

export function openStreams(edge: StreamEdge): Streams {
  const { settings, executor, log } = edge;
  const open = new Set<StreamQueue<string>>();
  /** Every stream's queue. One reader is held to its own limit; this holds all of them, whoever has most waiting first. */
  const queues = new Set<StreamQueue<string>>();
  const together: Together = { bytes: 0 };
  const relieve = () => {
    while (together.bytes > settings.STREAM_QUEUES_BYTES) [...queues].reduce((most, queue) => (queue.waiting > most.waiting ? queue : most)).cut(new AtlasError('SLOW_CONSUMER'));
  };
  const take = slots({ perCaller: settings.STREAMS_PER_CALLER, inAll: settings.STREAMS_MAX });

  let stopping = false;

  const follow = async (prepared: Prepared, asked: Asked, credentials: Credentials, sink: Sink): Promise<void> => {
    const { viewer } = asked.caller;
    if (stopping) throw new AtlasError('SHUTTING_DOWN');
    // Another graph took over while this one was on its way in: it would follow the old one for ever.
    if (prepared.schema !== executor.schema()) throw new AtlasError('SUPERGRAPH_CHANGED');
    const leave = take(viewer, credentials.address);
    const upstream = new AbortController();
    let abandon: (error: AtlasError) => void = () => undefined;
    const abandoned = new Promise<never>((_, reject) => { abandon = reject; });
    let sending = false;
    const queue = new StreamQueue<string>({ countMax: settings.STREAM_QUEUE_EVENTS, bytesMax: settings.STREAM_QUEUE_BYTES }, (error) => {
      upstream.abort();
      if (error) setTimeout(() => { if (sending) abandon(error as AtlasError); }, STALL_MS).unref();
    }, together);
    queues.add(queue);
    const unwatch = edge.watch.over(credentials, viewer, (error) => queue.cut(error));
    const gone = () => queue.cut();
    sink.signal.addEventListener('abort', gone, { once: true });
    if (sink.signal.aborted) gone();
    if (sink.transport !== 'websocket') open.add(queue); // a socket is left as a whole
    streamsOpen.inc({ transport: sink.transport });

    const read = async (): Promise<void> => {
      for await (const payload of queue) {
        sending = true;
        await sink.send(payload);
        sending = false;
        streamEventsTotal.inc({ transport: sink.transport });
      }
    };
    void pump(executor.follow(prepared, asked, upstream.signal), queue, relieve);
    try {
      await Promise.race([read(), abandoned]);
    } catch (error) {
      if (sending) {
        log.info({ transport: sink.transport, principal: viewer.id }, 'A subscriber takes nothing more: its connection is let go.');
        sink.abandon(error as AtlasError);
      }
      throw error;
    } finally {
      queue.cut();
      open.delete(queue);
      queues.delete(queue);
      sink.signal.removeEventListener('abort', gone);
      unwatch();
      leave();
      streamsOpen.dec({ transport: sink.transport });
    }
  };

  return {
    async open({ credentials, said }, info, ask) {
      await edge.rate.admit(credentials.address);
      try {
        const viewer = await edge.authenticate(credentials);
        Object.assign(info, { tenantId: viewer.tenantId, principal: viewer.id, suggests: suggestsTo(viewer, settings) });
        const question = await ask(viewer);
        const admitted = await edge.admit(question, viewer, credentials.address);
        const { prepared, withheld, bill } = await admitted.prepare();
        const headers = edge.forward && Object.fromEntries(edge.forward.flatMap((name) => { const value = said(name); return value === null ? [] : [[name, value]]; }));
        const asked: Asked = { variables: question.variables, caller: { viewer, ...(headers && { headers }) }, ...withheld };
        return {
          prepared,
          async answer(signal) {
            const answered = await within(settings.REQUEST_TIMEOUT_MS, executor.answer(prepared, { ...asked, signal }));
            const billed = await bill(signal.aborted ? null : answered.actualCost);
            return payloadOf(answered, billed ? { cost: billed.extension } : undefined);
          },
          follow: (sink) => follow(prepared, asked, credentials, sink),
        };
      } catch (error) {
        await edge.rate.refused(credentials.address);
        throw error;
      }
    },
    end(code) {
      stopping ||= code === 'SHUTTING_DOWN';
      log.info({ streams: open.size, code }, 'Streams are ended; their clients come again.');
      for (const queue of open) queue.end(new AtlasError(code));
    },
  };
}

/** Reads events as fast as they come: what waits, waits where it is counted. */
async function pump(answers: AsyncIterable<Answer>, queue: StreamQueue<string>, relieve: () => void): Promise<void> {
  try {
    for await (const answer of answers) {
      if (answer.data === undefined) return queue.end(refusalIn(answer));
      const payload = payloadOf(answer);
      if (!queue.push(payload, Buffer.byteLength(payload))) return;
      relieve();
    }
    queue.end();
  } catch (error) {
    queue.end(error as Error);
  }
}

function payloadOf({ data, errors }: Answer<unknown>, extensions?: object): string {
  const text = data instanceof JsonText ? data.text : JSON.stringify(data);
  return `{${[text !== undefined && `"data":${text}`, errors?.length && `"errors":${JSON.stringify(errors.map((error) => ({ ...error, message: spoken(error.extensions?.code, error.message) })))}`, extensions && `"extensions":${JSON.stringify(extensions)}`].filter(Boolean).join(',')}}`;
}

/** The error as a client sees it; what nobody foresaw is logged. */
export function shown(error: unknown, info: RequestInfo, log: Log): ReturnType<typeof toPublic> {
  const said = toPublic(error, info.requestId);
  if (said.extensions.status === 500) log.error({ err: error }, 'A stream failed.');
  errorsTotal.inc({ service: 'gateway', code: said.extensions.code });
  return { ...said, message: spoken(said.extensions.code, said.message, info.suggests ?? false) };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new AtlasError('DEADLINE_EXCEEDED')), ms); });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
