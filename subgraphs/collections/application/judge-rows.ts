/** Rows of a file held to the rules for items, and put into batches that a work can hold. */
import type { CollectionId, TenantId } from '../../../platform/ids.ts';
import { Item } from '../domain/item.ts';
import { IMPORTED_MAX } from '../events.ts';
import { refusalOf, type ReadRow } from '../domain/transfer.ts';
import type { RefusedRow } from './transfer-jobs.ts';

const CHARACTERS_MAX = 4_000_000;
/** Where all rows are refused, it is still written down now and then how far it is. */
const ROWS_MAX = 5_000;

export interface Where { tenantId: TenantId; collectionId: CollectionId; by: string }
export type Judged = { at: number; of?: number | undefined } & ({ item: Item } | { refused: RefusedRow } | { skipped: true });

export async function* judged(rows: AsyncIterable<ReadRow>, where: Where): AsyncGenerator<Judged> {
  for await (const row of rows) yield verdictOn(row, where);
}

function verdictOn(row: ReadRow, { tenantId, collectionId, by }: Where): Judged {
  const { at, of, line, name } = row;
  const place = { line, ...(name !== undefined && { name }) };
  if ('skipped' in row) return { at, of, skipped: true };
  if ('refused' in row) return { at, of, refused: { ...place, ...row.refused } };
  try {
    const { title, body, url, tags, metadata } = row.row;
    return { at, of, item: Item.imported({ tenantId, collectionId, by, content: { title, body, url, tags, metadata } }) };
  } catch (error) {
    return { at, of, refused: { ...place, ...refusalOf(error) } };
  }
}

export interface Counts { rows: number; imported: number; refused: number; skipped: number }
export const NOTHING: Counts = { rows: 0, imported: 0, refused: 0, skipped: 0 };
/** `after` is where the next reading goes on (of so much, where the file says how much), the counts are of all until there. */
export interface Batch { items: Item[]; after: number; of?: number | undefined; counts: Counts }

export async function* inBatches(rows: AsyncIterable<Judged>, from: { after: number; counts: Counts }): AsyncGenerator<Batch> {
  let { after, counts } = from;
  let of: number | undefined;
  let items: Item[] = [];
  let characters = 0;
  let seen = 0;
  for await (const row of rows) {
    ({ at: after, of } = row);
    seen += 1;
    counts = counted(counts, row);
    if ('item' in row) {
      items.push(row.item);
      characters += row.item.body.length;
    }
    if (items.length < IMPORTED_MAX && characters < CHARACTERS_MAX && seen < ROWS_MAX) continue;
    yield { items, after, of, counts };
    items = [];
    characters = seen = 0;
  }
  if (seen > 0) yield { items, after, of, counts };
}

const counted = ({ rows, imported, refused, skipped }: Counts, row: Judged): Counts => ({
  rows: rows + ('skipped' in row ? 0 : 1), imported: imported + ('item' in row ? 1 : 0), refused: refused + ('refused' in row ? 1 : 0), skipped: skipped + ('skipped' in row ? 1 : 0),
});
