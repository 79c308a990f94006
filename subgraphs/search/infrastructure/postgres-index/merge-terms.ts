/** The words of several segments as those of one, a stretch at a time: never more of them in memory than that. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { TenantId } from '../../../../platform/ids.ts';
import { ByteWriter, packed, packedAscending, placesBegin, unpacked } from '../../domain/encoding.ts';
import type { NewTerm } from './build-segment.ts';
import type { TermRow } from './postings.ts';
import { NOWHERE } from './merge-columns.ts';
import { rowsOf } from './statement.ts';

type Read = TermRow & { places: Uint8Array };
/** After which word of which stem a stretch begins. */
export interface Mark { stem: string; word: string }
export const START: Mark = { stem: '', word: '' };

const ROWS = 500;
/** As the database orders them: by their bytes. */
const compare = (a: Mark, b: Mark): number => (a.stem === b.stem ? bytewise(a.word, b.word) : bytewise(a.stem, b.stem));
const bytewise = (a: string, b: string): number => (a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b)));

export interface MergedStretch { terms: NewTerm[]; next: Mark | null }

export async function mergedTerms(em: EntityManager, given: { tenantId: TenantId; segments: readonly number[]; to: readonly Uint32Array[]; after: Mark }): Promise<MergedStretch> {
  const { tenantId, segments, to, after } = given;
  const stretches: Read[][] = [];
  for (const segment of segments) {
    stretches.push(await rowsOf<Read>(em, {
      name: 'search stretch', values: [tenantId, segment, after.stem, after.word, ROWS],
      text: 'SELECT segment, stem, word, n, docs, frequencies, places FROM search.segment_term WHERE tenant_id = ? AND segment = ? AND (stem, word) > (?, ?) ORDER BY stem, word LIMIT ?',
    }));
  }
  // Beyond the last row of one that is not at its end there may be words of it that were not read.
  const ends = stretches.flatMap((rows) => (rows.length === ROWS ? [rows.at(-1)!] : []));
  const end = ends.length === 0 ? null : ends.reduce((least, row) => (compare(row, least) < 0 ? row : least));
  const same = new Map<string, { part: number; row: Read }[]>();
  stretches.forEach((rows, part) => {
    for (const row of rows) {
      if (end && compare(row, end) > 0) break;
      const key = `${row.stem} ${row.word}`;
      const there = same.get(key);
      if (there) there.push({ part, row });
      else same.set(key, [{ part, row }]);
    }
  });
  return { terms: [...same.values()].flatMap((rows) => mergedTerm(rows, to) ?? []), next: end && { stem: end.stem, word: end.word } };
}

/** Without an object for each of what may be millions: numbers beside one another, and an order where they need one. */
function mergedTerm(rows: readonly { part: number; row: Read }[], to: readonly Uint32Array[]): NewTerm | null {
  const docs: number[] = [];
  const frequencies: number[] = [];
  const spans: number[] = []; // whose places, from where, to where
  let ascending = true;
  for (const [which, { part, row }] of rows.entries()) {
    const old = unpacked(row.docs, row.n, true);
    const times = unpacked(row.frequencies, row.n);
    const begin = placesBegin(row.places, row.n);
    for (let at = 0; at < row.n; at += 1) {
      const doc = to[part]![old[at]!]!;
      if (doc === NOWHERE) continue;
      if (docs.length > 0 && doc < docs.at(-1)!) ascending = false;
      docs.push(doc);
      frequencies.push(times[at]!);
      spans.push(which, begin[at]!, begin[at + 1]!);
    }
  }
  if (docs.length === 0) return null;
  const order = Uint32Array.from(docs.keys());
  if (!ascending) order.sort((a, b) => docs[a]! - docs[b]!);
  const places = new ByteWriter();
  for (const at of order) places.raw(rows[spans[at * 3]!]!.row.places, spans[at * 3 + 1], spans[at * 3 + 2]);
  const { stem, word } = rows[0]!.row;
  return { stem, word, n: docs.length, docs: packedAscending(order.map((at) => docs[at]!)), frequencies: packed(order.map((at) => frequencies[at]!)), places: places.done() };
}
