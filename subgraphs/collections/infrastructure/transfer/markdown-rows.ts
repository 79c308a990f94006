/** A folder of Markdown files as a zip archive: what note programs keep and export. */
import { isUtf8 } from 'node:buffer';
import ZipStream from 'zip-stream';
import { AtlasError } from '../../../../platform/errors.ts';
import { refusalOf, type Bytes, type ExportedItem, type ReadRow, type RowReader, type RowWriter } from '../../domain/transfer.ts';
import { FileNames } from './file-names.ts';
import { pageOf, rowOfPage } from './markdown-page.ts';
import { ARCHIVE_LIMITS, ArchiveTooLarge, entriesOf, type ArchiveEntry } from './zip-archive.ts';

const BOM = '\ufeff';

export class MarkdownRows implements RowReader, RowWriter {
  readonly type = 'application/zip';
  readonly extension = 'zip';

  constructor(private readonly limits = ARCHIVE_LIMITS) {}

  async *read(source: Bytes, after = 0): AsyncGenerator<ReadRow> {
    for await (const entry of entriesOf(source, this.limits)) {
      if (entry.line > after && !entry.name.endsWith('/')) yield await rowOfEntry(entry);
    }
  }

  async *write(items: AsyncIterable<ExportedItem>): AsyncGenerator<Uint8Array> {
    const ready = new Blocks();
    const zip = new ZipStream({ level: 6 });
    const ended = new Promise<void>((resolve, reject) => { zip.once('end', resolve).once('error', reject); });
    ended.catch(() => undefined); // an entry that fails says the same
    zip.on('data', (chunk: Buffer) => ready.add(chunk));
    const names = new FileNames();
    for await (const item of items) {
      await added(zip, pageOf(item), { name: names.nameFor(item.title, item.id, 'md'), date: item.updatedAt });
      yield* ready.taken();
    }
    zip.finish();
    await ended;
    yield* ready.taken();
  }
}

const BLOCK_BYTES = 65_536;

/** The directory at the end comes in pieces of two bytes: millions of buffers, were they kept as they come. */
class Blocks {
  private full: Buffer[] = [];
  private block = Buffer.allocUnsafe(BLOCK_BYTES);
  private used = 0;

  add(chunk: Buffer): void {
    for (let from = 0; from < chunk.length;) {
      const copied = chunk.copy(this.block, this.used, from);
      from += copied;
      this.used += copied;
      if (this.used === BLOCK_BYTES) this.turn();
    }
  }

  private turn(): void {
    this.full.push(this.block);
    this.block = Buffer.allocUnsafe(BLOCK_BYTES);
    this.used = 0;
  }

  taken(): Buffer[] {
    const taken = this.full;
    if (this.used > 0) taken.push(Buffer.from(this.block.subarray(0, this.used)));
    this.full = [];
    this.used = 0;
    return taken;
  }
}

/** One at a time: what is added before the last is written would wait in memory. */
const added = (zip: ZipStream, text: string, given: { name: string; date: Date }): Promise<void> =>
  new Promise((resolve, reject) => {
    zip.entry(Buffer.from(text), given, (error) => (error ? reject(error as Error) : resolve()));
  });

async function rowOfEntry(entry: ArchiveEntry): Promise<ReadRow> {
  const { line, of, name } = entry;
  const place = { line, at: line, of, name };
  const skipped = skippedFor(entry);
  if (skipped) return { ...place, skipped };
  try {
    if (entry.fault) throw entry.fault;
    const bytes = await entry.read();
    if (!isUtf8(bytes)) throw new AtlasError('INVALID_INPUT', 'The file is not valid UTF-8.');
    const text = bytes.toString();
    return { ...place, row: rowOfPage(text.startsWith(BOM) ? text.slice(1) : text, name) };
  } catch (error) {
    if (error instanceof ArchiveTooLarge) throw error;
    return { ...place, refused: refusalOf(error) };
  }
}

function skippedFor({ name, isFile }: ArchiveEntry): string | undefined {
  if (!isFile) return 'Links are left out.';
  if (name.split('/').some((part) => part === '__MACOSX' || /^\.[^.]/.test(part))) return 'Hidden files are left out.';
  return /\.(md|markdown)$/i.test(name) ? undefined : 'Only Markdown files (.md, .markdown) are brought in.';
}
