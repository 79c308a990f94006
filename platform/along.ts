/**
 * What goes along with asynchronous calls without being handed from one to the next. All of it lies in one storage: Node
 * passes every storage that there is on with every promise, so each more would be paid for by whoever awaits anything.
 */
// eslint-disable-next-line no-restricted-imports -- this is the one
import { AsyncLocalStorage } from 'node:async_hooks';

type Load = Readonly<Record<symbol, unknown>>;
const storage = new AsyncLocalStorage<Load>();

export interface Along<T> {
  /** What `body` was run with, for it and everything that it awaits. */
  get(): T | undefined;
  run<R>(value: T, body: () => R): R;
}

export function along<T>(): Along<T> {
  const place = Symbol();
  return {
    get: () => storage.getStore()?.[place] as T | undefined,
    run: (value, body) => storage.run({ ...storage.getStore(), [place]: value }, body),
  };
}
