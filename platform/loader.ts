/** Loads by key, batched within a tick and remembered for one request: fifty authors of a page are one statement. */
import DataLoader from 'dataloader';

/** The loaders of one request, made when first asked for. */
export class Loaders {
  private readonly made = new Map<object, DataLoader<never, unknown>>();

  /** `batch` is the identity: the same function gives the same loader within a request. */
  of<K extends string, V>(batch: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>): DataLoader<K, V | null> {
    const known = this.made.get(batch);
    if (known) return known as unknown as DataLoader<K, V | null>;
    const loader = new DataLoader<K, V | null>(async (keys) => {
      const found = await batch(keys);
      return keys.map((key) => found.get(key) ?? null);
    }, { maxBatchSize: 500 });
    this.made.set(batch, loader as unknown as DataLoader<never, unknown>);
    return loader;
  }
}

/** `byId(rows)`: the map that a batch returns. */
export const byId = <T extends { id: string }>(rows: readonly T[]): ReadonlyMap<T['id'], T> => new Map(rows.map((row) => [row.id, row]));
