/**
 * That nobody waits for something any more. It is listened to like an AbortSignal, and an AbortSignal may stand for it;
 * but a request makes a dozen of these, and of those each costs what a hundred of these do.
 */
export interface Waiting {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', hear: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', hear: () => void): void;
}

export class Gone implements Waiting {
  aborted = false;
  reason: unknown;
  #hearing: Set<() => void> | undefined;

  addEventListener(_type: 'abort', hear: () => void): void { (this.#hearing ??= new Set()).add(hear); }
  removeEventListener(_type: 'abort', hear: () => void): void { this.#hearing?.delete(hear); }

  /** Tells everybody who listens, once. */
  abort(reason: unknown = new Error('Nobody waits for this any more.')): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const hearing = [...(this.#hearing ?? [])];
    this.#hearing = undefined;
    for (const hear of hearing) hear();
  }
}
