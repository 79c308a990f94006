/** Parsed documents by their text, held to a size and not to a number: one that is long is as dear as many that are short. */
import { LRUCache } from 'lru-cache';

/** Measured: 8 kB of fields take some 2 MB when parsed. */
const BYTES_PER_CHARACTER = 200;
const BYTES_AT_LEAST = 1_000;

export const documentCache = <T extends object>(bytesMax: number): LRUCache<string, T> =>
  new LRUCache<string, T>({ maxSize: bytesMax, sizeCalculation: (_, text) => BYTES_AT_LEAST + text.length * BYTES_PER_CHARACTER });
