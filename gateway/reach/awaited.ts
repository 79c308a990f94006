/**
 * Something that several wait for: it is found by its key for as long as others may join, and given up with the last who
 * waits. Nobody's deadline is its own: whoever runs out of time leaves, and it goes on for those who have more.
 */
import { Gone, type Waiting } from '../../platform/gone.ts';

export class Awaited<T> {
  readonly #among: Map<string, Awaited<T>>;
  readonly #key: string;
  readonly #gone = new Gone();
  readonly #answer: Promise<T>;
  /** Who still wants it, and who will be handed it: whoever has left is handed it too. */
  #waiting = 0;
  #toBeHanded = 0;
  #isHanded = false;

  /** `begin` works for as long as `signal` is quiet; after `close` nobody joins any more. */
  constructor(among: Map<string, Awaited<T>>, key: string, begin: (signal: Waiting, close: () => void) => Promise<T>) {
    this.#among = among;
    this.#key = key;
    among.set(key, this);
    const close = () => this.#close();
    this.#answer = begin(this.#gone, close).finally(close);
  }

  /** `isFirst`: nobody who still waited was handed the same before this. `isLast`: nobody else is after it. */
  async wait(signal: Waiting | undefined): Promise<{ answer: T; isFirst: boolean; isLast: boolean }> {
    this.#waiting += 1;
    this.#toBeHanded += 1;
    const leave = () => this.#leave();
    if (signal?.aborted) leave();
    else signal?.addEventListener('abort', leave, { once: true });
    try {
      const answer = await this.#answer;
      const isFirst = !this.#isHanded && !signal?.aborted;
      this.#isHanded ||= isFirst;
      return { answer, isFirst, isLast: (this.#toBeHanded -= 1) === 0 };
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  #leave(): void {
    this.#waiting -= 1;
    if (this.#waiting > 0) return;
    this.#close();
    this.#gone.abort();
  }

  #close(): void { if (this.#among.get(this.#key) === this) this.#among.delete(this.#key); }
}
