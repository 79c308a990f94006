/** What one question reads: of the cache, of the database what is not there, and of what stands in no segment from memory. */
import type { Database } from '../../../../platform/database/database.ts';
import type { BlockCache } from './block-cache.ts';
import { Breath } from './breath.ts';
import { withPhrase, type Phrase, type Spoken } from './phrases.ts';
import { TermPostings, wordPosting } from './postings.ts';
import { readPlaces, readTerms, readWords, type ReadTerms } from './read-segments.ts';
import type { Reading, Source, WordBlock } from './source.ts';
import { asSearch, type TenantView } from './tenant-view.ts';
import { blocksWith, wordBlock } from './word-blocks.ts';

type Terms = Map<string, TermPostings | null>;
const nameOf = (phrase: Phrase): string => phrase.join(' ');

export class SegmentReading implements Reading {
  private readonly terms = new Map<number, Terms>();
  /** By segment and phrase; 0 is what stands in none. */
  private readonly phrases = new Map<string, Uint32Array>();
  private readonly breath = new Breath();

  constructor(private readonly given: { database: Database; cache: BlockCache }, private readonly view: TenantView) {
    for (const { id } of view.segments) this.terms.set(id, new Map());
  }

  postings({ id }: Source, stem: string): TermPostings | null {
    return id === 0 ? this.view.delta.postingsOf(stem) : this.terms.get(id)!.get(stem) ?? null;
  }
  phrase({ id }: Source, phrase: Phrase): Uint32Array { return this.phrases.get(`${id} ${nameOf(phrase)}`)!; }

  async load(wanted: Iterable<string>): Promise<void> {
    const { tenantId } = this.view;
    const segments = new Set<number>();
    const stems = new Set<string>();
    for (const stem of new Set(wanted)) {
      for (const [id, terms] of this.terms) {
        if (terms.has(stem)) continue;
        const known = this.given.cache.term(tenantId, id, stem);
        if (known !== undefined) terms.set(stem, known);
        else {
          segments.add(id);
          stems.add(stem);
        }
      }
    }
    if (stems.size === 0) return;
    const read = await this.read(readTerms, [...segments], [...stems]);
    for (const segment of segments) {
      for (const stem of stems) {
        const rows = read(segment, stem);
        const term = rows.length > 0 ? new TermPostings(rows.map(wordPosting)) : null;
        this.terms.get(segment)!.set(stem, term);
        this.given.cache.keepTerm(tenantId, segment, stem, term);
        if (term) await this.breath.after(term.all.docs.length * 4);
      }
    }
  }

  async loadPhrases(wanted: Iterable<Phrase>): Promise<void> {
    const { tenantId, delta } = this.view;
    for (const phrase of new Map([...wanted].map((one) => [nameOf(one), one])).values()) {
      const name = nameOf(phrase);
      this.phrases.set(`0 ${name}`, await withPhrase(phrase.map((stem) => delta.spoken(stem)), this.breath));
      const unknown = [...this.terms.keys()].filter((id) => {
        const known = this.given.cache.phrase(tenantId, id, name);
        if (known) this.phrases.set(`${id} ${name}`, known);
        return !known;
      });
      if (unknown.length === 0) continue;
      await this.load(phrase);
      const read = await this.read(readPlaces, unknown, [...new Set(phrase)]);
      for (const id of unknown) {
        const spoken = (stem: string): Spoken | null => {
          const term = this.terms.get(id)!.get(stem);
          if (!term) return null;
          const places = new Map(read(id, stem).map((row) => [row.word, row.places]));
          return { docs: term.all.docs, spellings: term.words.map(({ word, docs }) => ({ docs, places: places.get(word)! })) };
        };
        const docs = await withPhrase(phrase.map(spoken), this.breath);
        this.phrases.set(`${id} ${name}`, docs);
        this.given.cache.keepPhrase(tenantId, id, name, docs);
      }
    }
  }

  private async read<Row extends { segment: number; stem: string }>(of: ReadTerms<Row>, segments: number[], stems: string[]): Promise<(segment: number, stem: string) => readonly Row[]> {
    const { tenantId } = this.view;
    const rows = await this.given.database.read(asSearch(tenantId), (on) => of(on, { tenantId, segments, stems }));
    const found = new Map<string, Row[]>();
    for (const row of rows) {
      const key = `${row.segment} ${row.stem}`;
      const there = found.get(key);
      if (there) there.push(row);
      else found.set(key, [row]);
    }
    return (segment, stem) => found.get(`${segment} ${stem}`) ?? [];
  }

  async words(language: string, prefix = ''): Promise<WordBlock[]> {
    const found = [this.view.delta.words(language, prefix)];
    for (const { id, opened } of this.view.segments) found.push(...await this.wordsOf(id, blocksWith(opened.blocks, language, prefix)));
    return found;
  }

  private async wordsOf(segment: number, blocks: readonly number[]): Promise<WordBlock[]> {
    const { tenantId } = this.view;
    const { cache, database } = this.given;
    const known = new Map(blocks.map((block) => [block, cache.words(tenantId, segment, block)]));
    const unread = blocks.filter((block) => !known.get(block));
    if (unread.length > 0) {
      const rows = await database.read(asSearch(tenantId), (on) => readWords(on, tenantId, segment, unread));
      for (const { block, words } of rows) {
        const decoded = wordBlock(words.split('\n'));
        cache.keepWords(tenantId, segment, block, decoded);
        known.set(block, decoded);
        await this.breath.after(decoded.words.length * 10);
      }
    }
    return [...known.values()].flatMap((block) => block ?? []);
  }
}
