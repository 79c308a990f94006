/** Blocks of segments, decoded: what is in a segment never changes, so none of them is ever stale. As many as so many bytes hold. */
import { LRUCache } from 'lru-cache';
import type { TenantId } from '../../../../platform/ids.ts';
import { columnsSize } from '../../domain/columns.ts';
import type { TermPostings } from './postings.ts';
import type { Opened } from './read-segments.ts';
import type { WordBlock } from './source.ts';

/** A term that a segment does not have is remembered too. */
type Block = Opened | TermPostings | WordBlock | Uint32Array | typeof NONE;
export const NONE = Symbol('none');

const KEY_BYTES = 200;
const WORD_BYTES = 40;

export class BlockCache {
  private readonly blocks: LRUCache<string, Block>;
  constructor(bytesMax: number) { this.blocks = new LRUCache({ maxSize: bytesMax }); }

  opened(tenantId: TenantId, segment: number): Opened | undefined { return this.get(`${tenantId}/${segment}`) as Opened | undefined; }
  keepOpened(tenantId: TenantId, segment: number, opened: Opened): Opened {
    this.set(`${tenantId}/${segment}`, opened, columnsSize(opened.columns));
    return opened;
  }

  /** `null`: the segment has no such term. */
  term(tenantId: TenantId, segment: number, stem: string): TermPostings | null | undefined {
    const known = this.get(`${tenantId}/${segment}/${stem}`);
    return known === NONE ? null : known as TermPostings | undefined;
  }
  keepTerm(tenantId: TenantId, segment: number, stem: string, term: TermPostings | null): void {
    this.set(`${tenantId}/${segment}/${stem}`, term ?? NONE, term?.bytes ?? 0);
  }

  phrase(tenantId: TenantId, segment: number, phrase: string): Uint32Array | undefined { return this.get(`${tenantId}/${segment}"${phrase}`) as Uint32Array | undefined; }
  keepPhrase(tenantId: TenantId, segment: number, phrase: string, docs: Uint32Array): void { this.set(`${tenantId}/${segment}"${phrase}`, docs, docs.byteLength); }

  words(tenantId: TenantId, segment: number, block: number): WordBlock | undefined { return this.get(`${tenantId}/${segment}#${block}`) as WordBlock | undefined; }
  keepWords(tenantId: TenantId, segment: number, block: number, words: WordBlock): void {
    this.set(`${tenantId}/${segment}#${block}`, words, words.words.length * WORD_BYTES);
  }

  private get(key: string): Block | undefined { return this.blocks.get(key); }
  private set(key: string, block: Block, bytes: number): void { this.blocks.set(key, block, { size: KEY_BYTES + bytes }); }
}
