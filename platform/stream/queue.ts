/**
 * What waits for a reader. It holds so many items and so many bytes and no more: a reader that stops costs that much and
 * is then ended with a code, instead of costing memory until the process is gone. One reader; any number of writers.
 */
import { AtlasError } from '../errors.ts';

export interface QueueLimits { countMax: number; bytesMax: number }
/** What waits in several queues together. */
export interface Together { bytes: number }

const DONE = { done: true, value: undefined } as const;

export class StreamQueue<T> implements AsyncIterableIterator<T> {
  private items: { item: T; bytes: number }[] = [];
  private bytes = 0;
  private ended = false;
  private error: Error | null = null;
  private wake: (() => void) | null = null;

  /** `onClose` is called once, when it ended for whatever reason: whoever writes can stop. */
  constructor(private readonly limits: QueueLimits, private readonly onClose: (error: Error | null) => void = () => undefined, private readonly together: Together = { bytes: 0 }) {}

  /** Bytes that wait. */
  get waiting(): number { return this.bytes; }

  /** False when nobody will read it: the queue has ended, or this item was one too many. */
  push(item: T, bytes: number): boolean {
    if (this.ended) return false;
    if (this.items.length >= this.limits.countMax || this.bytes + bytes > this.limits.bytesMax) {
      this.cut(new AtlasError('SLOW_CONSUMER'));
      return false;
    }
    this.items.push({ item, bytes });
    this.bytes += bytes;
    this.together.bytes += bytes;
    this.wake?.();
    return true;
  }

  /** What waits is still read; then the reader is done, or gets the error. */
  end(error: Error | null = null): void {
    if (this.ended) return;
    this.ended = true;
    this.error = error;
    this.wake?.();
    this.onClose(error);
  }

  /** Lets go of what waits; the reader gets the error at once. */
  cut(error: Error | null = null): void {
    this.items = [];
    this.together.bytes -= this.bytes;
    this.bytes = 0;
    this.end(error);
    this.wake?.();
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    while (this.items.length === 0 && !this.ended) await new Promise<void>((resolve) => { this.wake = resolve; });
    this.wake = null;
    const first = this.items.shift();
    if (first) {
      this.bytes -= first.bytes;
      this.together.bytes -= first.bytes;
      return { done: false, value: first.item };
    }
    const { error } = this;
    this.error = null;
    if (error) throw error;
    return DONE;
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.cut();
    return DONE;
  }

  [Symbol.asyncIterator](): this { return this; }
}
