/**
 * One POST and its whole answer, or the reason why there is none. The answer is collected as it arrives and counted
 * while it is read; one clock runs over connecting, waiting and reading together. It speaks to undici's dispatcher
 * without a stream in between, because a subgraph's answer is only ever wanted whole.
 */
import type { Dispatcher } from 'undici';
import type { Waiting } from '../gone.ts';

/** Why nothing usable came. `counts`: it speaks against the subgraph. `again`: nothing at all was answered, so a query may be put once more; `unsent`: nor was anything asked, so a change may be, too. */
export class Unanswered extends Error {
  readonly counts: boolean;
  readonly again: boolean;
  readonly unsent: boolean;
  constructor(sentence: string, given: { counts: boolean; again: boolean; unsent?: boolean; cause?: unknown }) {
    super(sentence, { cause: given.cause });
    this.name = 'Unanswered';
    this.counts = given.counts;
    this.again = given.again;
    this.unsent = given.unsent ?? false;
  }
}

export interface Posted {
  path: string;
  /** Names and values in turn, as undici takes them fastest. */
  headers: string[];
  body: string;
  withinMs: number;
  /** Whether being late speaks against the subgraph. */
  lateCounts: boolean;
  bytesMax: number;
  /** Aborts when nobody waits for the answer any more. */
  signal?: Waiting | undefined;
}

export interface Exchanged { status: number; text: string }

export const exchange = (dispatcher: Dispatcher, posted: Posted): Promise<Exchanged> => new Promise((resolve, reject) => {
  new Exchange(posted, resolve, reject).begin(dispatcher);
});

class Exchange implements Dispatcher.DispatchHandler {
  private status = 0;
  private parts: Buffer[] = [];
  private bytes = 0;
  private ended = false;
  private failure: Unanswered | undefined;
  private abort: ((reason?: Error) => void) | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly posted: Posted, private readonly resolve: (answer: Exchanged) => void, private readonly reject: (reason: Unanswered) => void) {}

  begin(dispatcher: Dispatcher): void {
    const { path, headers, body, withinMs, signal } = this.posted;
    if (signal?.aborted) return this.onGone();
    signal?.addEventListener('abort', this.onGone, { once: true });
    this.timer = setTimeout(this.onLate, withinMs);
    // undici's own clocks tick in half seconds: ours is the one that counts.
    dispatcher.dispatch({ method: 'POST', path, headers, body, headersTimeout: 0, bodyTimeout: 0 }, this);
  }

  onConnect(abort: (reason?: Error) => void): void {
    if (this.ended) abort(this.failure);
    else this.abort = abort;
  }

  onHeaders(status: number): boolean {
    this.status = status;
    return true;
  }

  onData(part: Buffer): boolean {
    this.bytes += part.length;
    if (this.bytes > this.posted.bytesMax) this.fail(new Unanswered(`The answer is larger than ${this.posted.bytesMax} bytes.`, { counts: false, again: false }));
    else this.parts.push(part);
    return true;
  }

  onComplete(): void {
    if (!this.end()) return;
    const [only] = this.parts;
    this.resolve({ status: this.status, text: this.parts.length === 1 ? only!.toString() : Buffer.concat(this.parts, this.bytes).toString() });
  }

  onError(cause: Error & { code?: string }): void {
    // A header that may not be sent is our own fault; a parser that stumbled has been answered, if not in HTTP.
    const ours = cause.code === 'UND_ERR_INVALID_ARG';
    const nothing = this.status === 0 && !cause.code?.startsWith('HPE_');
    const unsent = cause.code === 'ECONNREFUSED' || cause.code === 'UND_ERR_CONNECT_TIMEOUT';
    this.fail(new Unanswered('The connection failed.', { counts: !ours, again: nothing && !ours, unsent, cause }));
  }

  private readonly onLate = (): void => this.fail(new Unanswered(`No whole answer within ${Math.round(this.posted.withinMs)} ms.`, { counts: this.posted.lateCounts, again: false }));
  private readonly onGone = (): void => this.fail(new Unanswered('Nobody waits for this answer any more.', { counts: false, again: false, cause: this.posted.signal?.reason }));

  private fail(failure: Unanswered): void {
    if (!this.end()) return;
    this.failure = failure;
    this.parts = [];
    this.reject(failure);
    this.abort?.(failure);
  }

  /** Whether it was still running. */
  private end(): boolean {
    if (this.ended) return false;
    this.ended = true;
    clearTimeout(this.timer);
    this.posted.signal?.removeEventListener('abort', this.onGone);
    return true;
  }
}
