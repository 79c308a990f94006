/** Loads by key, batched within a tick and remembered for one request: fifty authors of a page are one statement. */
import DataLoader from 'dataloader';

const BATCH_MAX = 500;

/** One of these belongs to one request (a service's `context`), so it remembers nobody else's rights. */
export const batched = <K extends string, V>(batch: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>): DataLoader<K, V | null> =>
  new DataLoader<K, V | null>(async (keys) => {
    const found = await batch(keys);
    return keys.map((key) => found.get(key) ?? null);
  }, { maxBatchSize: BATCH_MAX });

/** The map that a batch returns. */
export const byId = <T extends { id: string }>(rows: readonly T[]): ReadonlyMap<T['id'], T> => new Map(rows.map((row) => [row.id, row]));
