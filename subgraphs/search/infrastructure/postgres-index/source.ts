/** Something that documents are looked for in: a segment, or those that stand in none yet. */
import type { Columns } from '../../domain/columns.ts';
import type { Phrase } from './phrases.ts';
import type { TermPostings } from './postings.ts';

export interface Source {
  /** Of the segment; 0 of what stands in none. */
  readonly id: number;
  readonly columns: Columns;
  /** 1 for each document that is superseded or deleted. */
  readonly dead: Uint8Array;
}

/** Words in the order of their UTF-16 units, of one language; and which letters each has. */
export interface WordBlock { readonly words: readonly string[]; readonly letters: Uint32Array }

/** What is read of the index for one question, and kept until it is answered, whatever a cache forgets meanwhile. */
export interface Reading {
  /** Reads what is not there yet of these, in one go. */
  load(stems: Iterable<string>): Promise<void>;
  loadPhrases(phrases: Iterable<Phrase>): Promise<void>;
  postings(source: Source, stem: string): TermPostings | null;
  /** Who has it, in ascending order. */
  phrase(source: Source, phrase: Phrase): Uint32Array;
  /** Words of a language that may begin so, in blocks; all of them where nothing is said. There may be others among them. */
  words(language: string, prefix?: string): Promise<WordBlock[]>;
}
