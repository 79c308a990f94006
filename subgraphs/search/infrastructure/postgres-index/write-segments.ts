/** What is written of segments: a new one whole, which documents of it are dead, and that it is not needed any more. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { TenantId } from '../../../../platform/ids.ts';
import { columnBytes, namesOf, type Columns } from '../../domain/columns.ts';
import type { NewTerm } from './build-segment.ts';
import { bitsOfBytes } from './read-segments.ts';
import { rowsOf, type Statement } from './statement.ts';
import type { NewBlock } from './word-blocks.ts';

const run = async (em: EntityManager, statement: Statement): Promise<void> => void (await rowsOf(em, statement));

/** Nobody else folds, or ends a merge, in this tenant until the transaction ends; null when somebody does. */
export async function holdState(em: EntityManager, tenantId: TenantId, wait: boolean): Promise<{ folded: bigint; anew: bigint | null } | null> {
  await run(em, { values: [tenantId], text: 'INSERT INTO search.keyword_state (tenant_id) VALUES (?) ON CONFLICT DO NOTHING' });
  const [state] = await rowsOf<{ folded: bigint; anew: bigint | null }>(em, {
    values: [tenantId], text: `SELECT folded_seq AS folded, anew_seq AS anew FROM search.keyword_state WHERE tenant_id = ? FOR UPDATE${wait ? '' : ' SKIP LOCKED'}`,
  });
  return state ?? null;
}

export type NewState = 'MAKING' | 'ANEW' | 'LIVE';

export async function addSegment(em: EntityManager, tenantId: TenantId, given: { state: NewState; columns: Columns; blocks: readonly NewBlock[] }): Promise<number> {
  const { state, columns, blocks } = given;
  const [row] = await rowsOf<{ id: number }>(em, {
    values: [tenantId], text: 'UPDATE search.keyword_state SET next_segment = next_segment + 1 WHERE tenant_id = ? RETURNING next_segment - 1 AS id',
  });
  const { id } = row!;
  await run(em, {
    values: [tenantId, id, state, columns.size, JSON.stringify(namesOf(columns)), new Uint8Array((columns.size + 7) >>> 3)],
    text: `INSERT INTO search.segment (tenant_id, id, state, size, names, blocks, dead) VALUES (?, ?, ?, ?, ?, '{}', ?)`,
  });
  for (const [name, data] of Object.entries(columnBytes(columns))) {
    await run(em, { values: [tenantId, id, name, data], text: 'INSERT INTO search.segment_column (tenant_id, segment, name, data) VALUES (?, ?, ?, ?)' });
  }
  await addWords(em, tenantId, id, blocks);
  return id;
}

export async function addWords(em: EntityManager, tenantId: TenantId, segment: number, blocks: readonly NewBlock[]): Promise<void> {
  await run(em, { values: [blocks.map(({ first }) => first), tenantId, segment], text: 'UPDATE search.segment SET blocks = ? WHERE tenant_id = ? AND id = ?' });
  for (const [block, { words }] of blocks.entries()) {
    await run(em, { values: [tenantId, segment, block, words], text: 'INSERT INTO search.segment_word (tenant_id, segment, block, words) VALUES (?, ?, ?, ?)' });
  }
}

const ROWS = 2_000;
const BYTES = 4_000_000;

export async function addTerms(em: EntityManager, tenantId: TenantId, segment: number, terms: readonly NewTerm[]): Promise<void> {
  for (const part of portions(terms)) {
    await run(em, {
      values: [tenantId, segment, part.map(({ stem }) => stem), part.map(({ word }) => word), part.map(({ n }) => n), buffers(part, 'docs'), buffers(part, 'frequencies'), buffers(part, 'places')],
      text: `INSERT INTO search.segment_term (tenant_id, segment, stem, word, n, docs, frequencies, places)
        SELECT ?, ?, * FROM unnest(?::text[], ?::text[], ?::int[], ?::bytea[], ?::bytea[], ?::bytea[])`,
    });
  }
}
const buffers = (terms: readonly NewTerm[], which: 'docs' | 'frequencies' | 'places'): Uint8Array[] => terms.map((term) => Buffer.from(term[which].buffer, term[which].byteOffset, term[which].byteLength));

function* portions(terms: readonly NewTerm[]): Iterable<NewTerm[]> {
  let part: NewTerm[] = [];
  let bytes = 0;
  for (const term of terms) {
    part.push(term);
    bytes += term.docs.length + term.frequencies.length + term.places.length;
    if (part.length < ROWS && bytes < BYTES) continue;
    yield part;
    part = [];
    bytes = 0;
  }
  if (part.length > 0) yield part;
}

export async function setDead(em: EntityManager, tenantId: TenantId, segment: number, dead: Uint8Array): Promise<void> {
  await run(em, {
    values: [bitsOfBytes(dead), dead.reduce((sum, one) => sum + one, 0), tenantId, segment],
    text: 'UPDATE search.segment SET dead = ?, dead_count = ?, dead_version = dead_version + 1 WHERE tenant_id = ? AND id = ?',
  });
}

/** How far what is LIVE goes, or what is made ANEW; null ends the latter. */
export async function setSeq(em: EntityManager, tenantId: TenantId, which: 'LIVE' | 'ANEW', seq: bigint | null): Promise<void> {
  await run(em, { values: [seq, tenantId], text: `UPDATE search.keyword_state SET ${which === 'LIVE' ? 'folded_seq' : 'anew_seq'} = ? WHERE tenant_id = ?` });
}

export async function setStates(em: EntityManager, tenantId: TenantId, segments: readonly number[], state: 'LIVE' | 'RETIRED'): Promise<void> {
  if (segments.length === 0) return;
  await run(em, { values: [state, tenantId, segments], text: 'UPDATE search.segment SET state = ?, state_at = now() WHERE tenant_id = ? AND id = ANY (?)' });
}

/** Makes sure that somebody comes by when what is not needed any more can go. */
export async function tidyIn(em: EntityManager, tenantId: TenantId, ms: number): Promise<void> {
  await run(em, { values: [tenantId], text: `UPDATE search.keyword_state SET tidy_at = least(tidy_at, now() + make_interval(secs => ${ms / 1_000})) WHERE tenant_id = ?` });
}

export async function removeSegments(em: EntityManager, tenantId: TenantId, where: string): Promise<void> {
  const gone = await rowsOf<{ id: number }>(em, { values: [tenantId], text: `DELETE FROM search.segment WHERE tenant_id = ? AND ${where} RETURNING id` });
  if (gone.length === 0) return;
  for (const table of ['segment_term', 'segment_word', 'segment_column']) {
    await run(em, { values: [tenantId, gone.map(({ id }) => id)], text: `DELETE FROM search.${table} WHERE tenant_id = ? AND segment = ANY (?)` });
  }
}
