/**
 * Large files through the readers and writers of the collections: how many rows a second, and how much memory at most.
 * Each format has a process of its own, so that none pays for what another left. `npm run test:full transfer`
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Bytes, ExportedItem, RowReader, RowWriter } from '../../subgraphs/collections/domain/transfer.ts';
import { CsvRows } from '../../subgraphs/collections/infrastructure/transfer/csv-rows.ts';
import { JsonlRows } from '../../subgraphs/collections/infrastructure/transfer/jsonl-rows.ts';
import { MarkdownRows } from '../../subgraphs/collections/infrastructure/transfer/markdown-rows.ts';

/** Far below what the rows take together, so that whoever held them would be found. */
const MEMORY_MB_MAX = 400;
const LOOK_EVERY = 1_000;
const FORMATS: Record<string, { rows: number; made: () => RowReader & RowWriter }> = {
  jsonl: { rows: 1_000_000, made: () => new JsonlRows() },
  csv: { rows: 100_000, made: () => new CsvRows() },
  markdown: { rows: 100_000, made: () => new MarkdownRows() },
};

/** Each row is another one, as long as a note is: about a kilobyte. */
async function* items(rows: number): AsyncGenerator<ExportedItem> {
  const at = new Date('2026-01-02T03:04:05Z');
  for (let n = 0; n < rows; n += 1) {
    const body = `# Note ${n}\n\n${Array.from({ length: 12 }, (_, line) => `- "Line" ${line} of note ${n}, with a comma; it says ${(n * 31 + line) % 997} times what notes say.`).join('\n')}\n`;
    yield { id: `itm_${String(n).padStart(26, '0')}`, title: `Note ${n}`, body, url: `https://notes.example/${n}`, tags: ['note', `t${n % 10}`], metadata: { n, folder: `f${n % 7}` }, version: 1, createdAt: at, updatedAt: at };
  }
}

export async function run([name]: readonly string[]): Promise<void> {
  const format = name === undefined ? undefined : FORMATS[name];
  if (name !== undefined && format) return through(name, format);
  for (const each of Object.keys(FORMATS)) {
    const { status } = spawnSync(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('./run.ts', import.meta.url)), 'transfer', each], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}

async function through(name: string, { rows, made }: { rows: number; made: () => RowReader & RowWriter }): Promise<void> {
  const format = made();
  const seen = { bytes: 0, peak: process.memoryUsage.rss() };
  const began = seen.peak;
  const look = () => { seen.peak = Math.max(seen.peak, process.memoryUsage.rss()); };
  async function* counted(bytes: Bytes): Bytes & AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      seen.bytes += chunk.length;
      yield chunk;
    }
  }
  const since = performance.now();
  let read = 0;
  let bad = 0;
  for await (const row of format.read(counted(format.write(items(rows))))) {
    if ('row' in row && row.row.title === `Note ${read}`) read += 1;
    else bad += 1;
    if (read % LOOK_EVERY === 0) look();
  }
  const seconds = (performance.now() - since) / 1_000;
  const mb = (bytes: number) => Math.round(bytes / 1_048_576);
  process.stdout.write(`${name.padEnd(9)} ${rows} rows, ${mb(seen.bytes)} MB, written and read: ${Math.round(rows / seconds)} rows/s, at most ${mb(seen.peak)} MB resident (${mb(began)} before)\n`);
  if (read !== rows || bad > 0) throw new Error(`Of ${rows} rows ${read} were read as they were, ${bad} were not.`);
  if (mb(seen.peak) > MEMORY_MB_MAX) throw new Error(`It took more than ${MEMORY_MB_MAX} MB.`);
}
