/** Loads by key, batched within a tick and remembered for one request: fifty authors of a page are one statement. */
import DataLoader from 'dataloader';

const BATCH_MAX = 500;

export class Loader<K extends string, V> extends DataLoader<K, V | null> {
  readonly #come = new Map<K, V | null>();

  constructor(batch: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>) {
    super(async (keys) => {
      const found = await batch(keys);
      return keys.map((key) => {
        const value = found.get(key) ?? null;
        this.#come.set(key, value);
        return value;
      });
    }, { maxBatchSize: BATCH_MAX });
  }

  /** What has come is there at once: whoever resolves a field waits for nothing then, and costs no promise. */
  at(key: K): V | null | Promise<V | null> {
    const value = this.#come.get(key);
    return value === undefined ? this.load(key) : value;
  }
}

/** One of these belongs to one request (a service's `context`), so it remembers nobody else's rights. */
export const batched = <K extends string, V>(batch: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>): Loader<K, V> => new Loader<K, V>(batch);

/** The same by keys of several parts, such as an item and how much of its history. Answers stand in the order of the keys. */
export const batchedBy = <K extends object, V>(batch: (keys: readonly K[]) => Promise<readonly (V | Error)[]>): DataLoader<K, V, string> =>
  new DataLoader<K, V, string>(batch as (keys: readonly K[]) => Promise<(V | Error)[]>, { maxBatchSize: BATCH_MAX, cacheKeyFn: (key) => JSON.stringify(key) });

/** The map that a batch returns. */
export const byId = <T extends { id: string }>(rows: readonly T[]): ReadonlyMap<T['id'], T> => new Map(rows.map((row) => [row.id, row]));
