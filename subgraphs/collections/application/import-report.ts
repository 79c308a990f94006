/**
 * What was refused of a file, and why. The file is read once more for it, from its beginning: then it is whole whatever
 * the import went through, and nothing of it has to be carried from attempt to attempt.
 */
import { sayable } from '../../../platform/text.ts';
import type { Judged } from './judge-rows.ts';
import type { FileKey, TransferFiles } from './job-ports.ts';
import { resultKeptUntil, type ImportResult, type RefusedRow } from './transfer-jobs.ts';

const SHOWN_MAX = 1_000;
const MESSAGE_MAX = 300;
const CHUNK_CHARACTERS = 65_536;
const TYPE = 'application/x-ndjson';

export async function refusedRows(rows: AsyncIterable<Judged>, { files, key, signal }: { files: TransferFiles; key: FileKey; signal: AbortSignal }): Promise<Pick<ImportResult, 'codes' | 'refusals' | 'report'>> {
  const codes: Record<string, number> = {};
  const refusals: RefusedRow[] = [];
  const encoder = new TextEncoder();
  async function* lines(): AsyncGenerator<Uint8Array> {
    let waiting = '';
    for await (const row of rows) {
      signal.throwIfAborted();
      if (!('refused' in row)) continue;
      const refused = sayableRow(row.refused);
      codes[refused.code] = (codes[refused.code] ?? 0) + 1;
      if (refusals.length < SHOWN_MAX) refusals.push(refused);
      waiting += `${JSON.stringify(refused)}\n`;
      if (waiting.length < CHUNK_CHARACTERS) continue;
      yield encoder.encode(waiting);
      waiting = '';
    }
    yield encoder.encode(waiting);
  }
  const keptUntil = resultKeptUntil();
  const { bytes } = await files.write(key, lines(), { type: TYPE, keptUntil });
  return { codes, refusals, report: { key, name: 'refused.jsonl', type: TYPE, bytes, keptUntil: keptUntil.toISOString() } };
}

/** Names of files and columns are quoted in it, of whatever characters they are. */
function sayableRow({ name, message, ...refused }: RefusedRow): RefusedRow {
  return { ...refused, ...(name !== undefined && { name: sayable(name) }), message: sayable(message, MESSAGE_MAX) };
}
