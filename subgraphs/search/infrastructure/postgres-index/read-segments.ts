/** What is read of segments: which there are, and their columns, words and postings. */
import type { TenantId } from '../../../../platform/ids.ts';
import { columnsFrom, type ColumnBytes, type ColumnNames, type Columns } from '../../domain/columns.ts';
import type { TermRow } from './postings.ts';
import { rowsOf, type On } from './statement.ts';

/** `dead`: a bit for each document, of those segments alone of which an older version was known. */
export interface Listed { id: number; size: number; deadVersion: number; dead: Uint8Array | null }
/** How far the documents go, how far they stand in segments, and in which. */
export interface Manifest { seq: bigint; folded: bigint; segments: Listed[] }

/** All of one moment: which documents are dead must not be newer than what supersedes them. `known` are versions of what is dead. */
export async function readManifest(on: On, tenantId: TenantId, known: Readonly<Record<number, number>> = {}, state: 'LIVE' | 'ANEW' = 'LIVE'): Promise<Manifest> {
  const [row] = await rowsOf<Omit<Manifest, 'segments'> & { segments: (Omit<Listed, 'dead'> & { dead: string | null })[] }>(on, {
    name: `search manifest ${state}`, values: [tenantId, tenantId, JSON.stringify(known), tenantId, state],
    text: `SELECT coalesce((SELECT seq FROM search.tenant WHERE tenant_id = ?), 0) AS seq,
      coalesce((SELECT ${state === 'LIVE' ? 'folded_seq' : 'anew_seq'} FROM search.keyword_state WHERE tenant_id = ?), 0) AS folded,
      (SELECT coalesce(json_agg(json_build_object('id', id, 'size', size, 'deadVersion', dead_version,
          'dead', CASE WHEN dead_version > coalesce((?::jsonb ->> id::text)::int, 0) THEN encode(dead, 'base64') END) ORDER BY id), '[]')
       FROM search.segment WHERE tenant_id = ? AND state = ?) AS segments`,
  });
  const { seq, folded, segments } = row!;
  return { seq, folded, segments: segments.map((one) => ({ ...one, dead: one.dead === null ? null : bytesOfBits(Buffer.from(one.dead, 'base64'), one.size) })) };
}

export interface Opened { readonly columns: Columns; readonly blocks: readonly string[] }

export async function readSegments(on: On, tenantId: TenantId, ids: readonly number[]): Promise<(Opened & { id: number })[]> {
  const heads = rowsOf<{ id: number; size: number; names: ColumnNames; blocks: string[] }>(on, {
    name: 'search segments', values: [tenantId, ids], text: 'SELECT id, size, names::json AS names, blocks FROM search.segment WHERE tenant_id = ? AND id = ANY (?)',
  });
  const columns = rowsOf<{ segment: number; name: keyof ColumnBytes; data: Buffer }>(on, {
    name: 'search columns', values: [tenantId, ids], text: 'SELECT segment, name, data FROM search.segment_column WHERE tenant_id = ? AND segment = ANY (?)',
  });
  const [listed, read] = await Promise.all([heads, columns]);
  return listed.map(({ id, size, names, blocks }) => {
    const bytes = Object.fromEntries(read.filter(({ segment }) => segment === id).map(({ name, data }) => [name, data])) as unknown as ColumnBytes;
    return { id, blocks, columns: columnsFrom(size, names, bytes) };
  });
}

export function bytesOfBits(bits: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 1) bytes[at] = ((bits[at >>> 3] ?? 0) >>> (at & 7)) & 1;
  return bytes;
}
export function bitsOfBytes(bytes: Uint8Array): Uint8Array {
  const bits = new Uint8Array((bytes.length + 7) >>> 3);
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at]) bits[at >>> 3]! |= 1 << (at & 7);
  return bits;
}

interface Terms { tenantId: TenantId; segments: readonly number[]; stems: readonly string[] }
export type ReadTerms<Row> = (on: On, given: Terms) => Promise<Row[]>;
const readOf = <Row>(columns: string, name: string): ReadTerms<Row> => (on, { tenantId, segments, stems }) =>
  rowsOf<Row>(on, { name, values: [tenantId, segments, stems], text: `SELECT segment, stem, word, ${columns} FROM search.segment_term WHERE tenant_id = ? AND segment = ANY (?) AND stem = ANY (?) ORDER BY word` });

export const readTerms = readOf<TermRow>('n, docs, frequencies', 'search postings');
export interface PlacesRow { segment: number; stem: string; word: string; places: Uint8Array }
export const readPlaces = readOf<PlacesRow>('places', 'search places');

export function readWords(on: On, tenantId: TenantId, segment: number, blocks: readonly number[]): Promise<{ block: number; words: string }[]> {
  return rowsOf(on, { name: 'search words', values: [tenantId, segment, blocks], text: 'SELECT block, words FROM search.segment_word WHERE tenant_id = ? AND segment = ? AND block = ANY (?)' });
}
