/**
 * A sequence that ends when a signal aborts, even while it waits for its next item. A generator that waits cannot be
 * ended from outside, and a race against the signal for each item would keep every item's promise for as long as the
 * stream lives; so one listener wakes whoever waits.
 */
const DONE = { done: true, value: undefined } as const;

export function abortable<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncIterableIterator<T> {
  const inner = source[Symbol.asyncIterator]();
  let wake: () => void = () => undefined;
  const letGo = () => Promise.resolve(inner.return?.()).then(() => undefined, () => undefined);
  const onAbort = () => {
    wake();
    void letGo();
  };
  const forget = () => signal.removeEventListener('abort', onAbort);
  if (signal.aborted) void letGo();
  else signal.addEventListener('abort', onAbort, { once: true });
  return {
    next: () => (signal.aborted ? Promise.resolve(DONE) : new Promise((resolve, reject) => {
      wake = () => resolve(DONE);
      inner.next().then((result) => {
        if (result.done) forget();
        resolve(result);
      }, (error: Error) => {
        forget();
        // Who was told to stop may well fail at it; nobody listens any more.
        if (signal.aborted) resolve(DONE);
        else reject(error);
      });
    })),
    async return() {
      forget();
      wake();
      await letGo();
      return DONE;
    },
    [Symbol.asyncIterator]() { return this; },
  };
}
