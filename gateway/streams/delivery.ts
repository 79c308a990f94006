/** The events of one subscription on their way to one client: read as they come, kept within bounds, paid for one by one, sent as fast as they are taken. */
import type { AtlasError } from '../../platform/errors.ts';
import { StreamQueue, type QueueLimits, type Together } from '../../platform/stream/queue.ts';
import { streamEventsTotal } from '../../platform/telemetry/metrics.ts';
import { refusalIn } from '../edge/mask.ts';
import type { Answer, JsonText } from '../executor.ts';
import type { Came } from '../policy/charge.ts';
import type { Meter } from '../policy/meter.ts';
import { bodyOf, payload } from './payload.ts';

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

/** A connection that took nothing for so long after its stream ended is not merely slow. */
const STALL_MS = 1_000;

interface Event { body: string; came: Came }

export class Delivery {
  readonly #sink: Sink;
  readonly #meter: Meter | null;
  readonly #grown: () => void;
  readonly #queue: StreamQueue<Event>;
  readonly #upstream = new AbortController();
  readonly #stalled: Promise<never>;
  #sending = false;

  constructor(given: { sink: Sink; meter: Meter | null; limits: QueueLimits; together: Together; grown: () => void }) {
    this.#sink = given.sink;
    this.#meter = given.meter;
    this.#grown = given.grown;
    let stall: (error: Error) => void = () => undefined;
    this.#stalled = new Promise<never>((_, reject) => { stall = reject; });
    this.#queue = new StreamQueue<Event>(given.limits, (error) => {
      this.#upstream.abort();
      if (error) setTimeout(() => { if (this.#sending) stall(error); }, STALL_MS).unref();
    }, given.together);
  }

  /** Bytes that wait for the client. */
  get waiting(): number { return this.#queue.waiting; }
  /** The client took nothing more, to the end. */
  get isStuck(): boolean { return this.#sending; }

  /** What waits is still sent; then it is over, for this reason. */
  end(error: AtlasError): void { this.#queue.end(error); }
  /** It is over at once. */
  cut(error: AtlasError): void { this.#queue.cut(error); }

  /** To the end of the source; rejects with what ended it early. */
  async run(source: (signal: AbortSignal) => AsyncIterable<Answer<JsonText>>): Promise<void> {
    const { signal } = this.#sink;
    const gone = () => this.#queue.cut();
    signal.addEventListener('abort', gone, { once: true });
    if (signal.aborted) gone();
    void this.#fill(source(this.#upstream.signal));
    try {
      await Promise.race([this.#drain(), this.#stalled]);
    } finally {
      this.#queue.cut();
      signal.removeEventListener('abort', gone);
    }
  }

  /** Reads events as fast as they come: what waits, waits where it is counted. */
  async #fill(answers: AsyncIterable<Answer<JsonText>>): Promise<void> {
    try {
      for await (const answer of answers) {
        if (answer.data === undefined) return this.#queue.end(refusalIn(answer));
        const body = bodyOf(answer);
        if (!this.#queue.push({ body, came: { points: answer.actualCost, usage: answer.usage } }, Buffer.byteLength(body))) return;
        this.#grown();
      }
      this.#queue.end();
    } catch (error) {
      this.#queue.end(error as Error);
    }
  }

  async #drain(): Promise<void> {
    for await (const { body, came } of this.#queue) {
      const cost = this.#meter && await this.#meter.pay(came);
      this.#sending = true;
      await this.#sink.send(payload(body, cost));
      this.#sending = false;
      streamEventsTotal.inc({ transport: this.#sink.transport });
    }
  }
}
