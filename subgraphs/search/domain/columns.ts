/** What is known of each document of a segment beside its words: arrays by ordinal, in the order of their ids. */
import type { CollectionId } from '../../../platform/ids.ts';
import { packed, unpacked } from './encoding.ts';
import { KEY_WORDS } from './item-key.ts';

/** Names once, and of each document the number of its name. */
export interface Named { readonly names: readonly string[]; readonly of: Uint32Array }

export interface Columns {
  readonly size: number;
  readonly keys: Uint32Array;
  readonly versions: Uint32Array;
  /** Weighted, of all its fields together. */
  readonly lengths: Uint32Array;
  readonly collections: Named & { readonly names: readonly CollectionId[] };
  readonly creators: Named;
  readonly languages: Named;
  /** Since the epoch, in milliseconds. */
  readonly created: Float64Array;
  /** Of its creation, in UTC: the year by twelve and the month. */
  readonly months: Uint32Array;
  /** The tags of the document at i are `of[starts[i]]` up to `of[starts[i + 1]]`. */
  readonly tags: Named & { readonly starts: Uint32Array };
}

export interface ColumnNames { collections: readonly string[]; creators: readonly string[]; languages: readonly string[]; tags: readonly string[] }

export const namesOf = ({ collections, creators, languages, tags }: Columns): ColumnNames =>
  ({ collections: collections.names, creators: creators.names, languages: languages.names, tags: tags.names });

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array | Float64Array): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);
/** A copy: bytes that a database hands over begin anywhere. */
const copied = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

const PACKED = ['versions', 'lengths', 'collections', 'creators', 'languages', 'months', 'tagCounts', 'tags'] as const;
export type ColumnBytes = Record<'keys' | 'created' | (typeof PACKED)[number], Uint8Array>;

export function columnBytes(columns: Columns): ColumnBytes {
  const { versions, lengths, collections, creators, languages, months, tags } = columns;
  const counts = Uint32Array.from({ length: columns.size }, (_, at) => tags.starts[at + 1]! - tags.starts[at]!);
  return {
    keys: bytesOf(columns.keys), created: bytesOf(columns.created), versions: packed(versions), lengths: packed(lengths), collections: packed(collections.of),
    creators: packed(creators.of), languages: packed(languages.of), months: packed(months), tagCounts: packed(counts), tags: packed(tags.of),
  };
}

export function columnsFrom(size: number, names: ColumnNames, bytes: ColumnBytes): Columns {
  const numbers = (column: (typeof PACKED)[number]): Uint32Array => unpacked(bytes[column], size);
  const counts = numbers('tagCounts');
  const starts = startsOf(counts);
  const keys = new Uint32Array(copied(bytes.keys));
  if (keys.length !== size * KEY_WORDS) throw new Error('The columns of a segment are not as long as it is.');
  return {
    size, keys, created: new Float64Array(copied(bytes.created)), versions: numbers('versions'), lengths: numbers('lengths'), months: numbers('months'),
    collections: { names: names.collections as CollectionId[], of: numbers('collections') },
    creators: { names: names.creators, of: numbers('creators') },
    languages: { names: names.languages, of: numbers('languages') },
    tags: { names: names.tags, starts, of: unpacked(bytes.tags, starts[size]!) },
  };
}

export function startsOf(counts: ArrayLike<number>): Uint32Array {
  const starts = new Uint32Array(counts.length + 1);
  for (let at = 0; at < counts.length; at += 1) starts[at + 1] = starts[at]! + counts[at]!;
  return starts;
}

/** Gives each name a number when it is first heard. */
export class Naming {
  private readonly numbers = new Map<string, number>();
  of(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.numbers.size);
    return this.numbers.size - 1;
  }
  names(): string[] { return [...this.numbers.keys()]; }
}

export const monthOf = (at: Date): number => at.getUTCFullYear() * 12 + at.getUTCMonth();
export const monthName = (month: number): string => `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;

const PER_DOCUMENT = 16 + 8 + 4 * 8;
export const columnsSize = (columns: Columns): number =>
  columns.size * PER_DOCUMENT + columns.tags.of.length * 4 + Object.values<readonly string[]>({ ...namesOf(columns) }).reduce((sum, names) => sum + names.length * 60, 1_000);
