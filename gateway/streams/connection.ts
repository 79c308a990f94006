/** One socket of a client: how it is written to, how it is found to be dead, and how it is left. */
import { setImmediate } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { AtlasError } from '../../platform/errors.ts';
import { CLOSES } from './codes.ts';
import type { EndCode } from './edge.ts';
import type { Client } from './streams.ts';

/** How long a client that was told to leave may take to do so. */
const GOODBYE_MS = 1_000;

export class Connection {
  /** Who is at the other end, once they have said so. */
  client: Client | null = null;
  /** Heard of since the last ping. */
  alive = true;
  /** No operation begins any longer. */
  leaving = false;
  private readonly answers = new Set<Promise<void>>();
  private readonly streams = new Set<Promise<void>>();
  private readonly farewells: (() => void)[] = [];

  constructor(private readonly socket: WebSocket) {
    socket.on('pong', () => { this.alive = true; });
    socket.on('error', () => undefined); // a message that is too large or broken: the library closes with the code of it
  }

  /** Resolves when the network has taken it, or there is nobody to take it. */
  send(text: string): Promise<void> {
    return new Promise((resolve) => {
      if (this.socket.readyState !== this.socket.OPEN) return resolve();
      this.socket.send(text, () => resolve());
    });
  }

  ping(): void {
    if (!this.alive) return this.socket.terminate();
    this.alive = false;
    if (this.socket.readyState === this.socket.OPEN) this.socket.ping();
  }

  answering(work: Promise<void>): Promise<void> { return this.track(this.answers, work); }
  following(work: Promise<void>): Promise<void> { return this.track(this.streams, work); }

  onGone(farewell: () => void): void { this.farewells.push(farewell); }
  gone(): void { for (const farewell of this.farewells.splice(0)) farewell(); }

  close(why: keyof typeof CLOSES, reason: string = why): void {
    this.leaving = true;
    this.socket.close(CLOSES[why].code, reason);
    setTimeout(() => this.socket.terminate(), GOODBYE_MS * 10).unref();
  }

  closeBy(error: AtlasError): void {
    if (error.code === 'SLOW_CONSUMER' || error.code === 'SHUTTING_DOWN' || error.code === 'SUPERGRAPH_CHANGED' || error.code === 'INTERNAL') this.close(error.code);
    else this.close(error.retryable ? 'OVERLOADED' : 'REFUSED', error.code);
  }

  /** The credential is no longer good: streams say so one by one, then the socket is closed. */
  async refuse(error: AtlasError): Promise<void> {
    await Promise.allSettled([...this.answers, ...this.streams]);
    await setImmediate(); // what ended them is on its way to being said
    this.closeBy(error);
  }

  /** What was asked is answered; what is followed is followed again where the client goes next. */
  async leave(why: EndCode): Promise<void> {
    this.leaving = true;
    await Promise.allSettled(this.answers);
    await setImmediate();
    if (this.socket.readyState === this.socket.CLOSED) return;
    const closed = new Promise<void>((resolve) => { this.socket.once('close', () => resolve()); });
    setTimeout(() => this.socket.terminate(), GOODBYE_MS).unref();
    this.close(why);
    await closed;
  }

  private track(running: Set<Promise<void>>, work: Promise<void>): Promise<void> {
    running.add(work);
    return work.finally(() => running.delete(work));
  }
}
