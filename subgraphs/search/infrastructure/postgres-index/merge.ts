/**
 * Several segments made one while they are asked. What dies meanwhile is looked up at the end, under the lock that folding
 * takes; whoever dies over it leaves a segment that nobody saw, and that is swept away.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../../../platform/database/database.ts';
import type { TenantId } from '../../../../platform/ids.ts';
import { Breath } from './breath.ts';
import { deadOf } from './fold.ts';
import { mergedColumns, NOWHERE, type Moved, type Part } from './merge-columns.ts';
import { mergePlan } from './merge-plan.ts';
import { mergedTerms, START, type Mark } from './merge-terms.ts';
import { readManifest, readSegments } from './read-segments.ts';
import { rowsOf } from './statement.ts';
import { asSearch } from './tenant-view.ts';
import { blocksOf, taggedWord } from './word-blocks.ts';
import { addSegment, addTerms, addWords, holdState, setDead, setStates, tidyIn } from './write-segments.ts';

const LEASE_SECONDS = 120;
/** Longer than any question may take that has begun with a segment. */
export const RETIRED_MS = 10 * 60_000;
/** Longer than any merge takes. */
export const MAKING_MS = 60 * 60_000;

/** Whether it did anything. */
export async function merge(database: Database, tenantId: TenantId): Promise<boolean> {
  const write = <T>(body: (em: EntityManager) => Promise<T>) => database.transaction(asSearch(tenantId), 'write', body);
  const parts = await write((em) => chosen(em, tenantId));
  if (!parts) return false;
  try {
    const moved = mergedColumns(parts);
    const segment = moved.columns.size === 0 ? null : await write((em) => addSegment(em, tenantId, { state: 'MAKING', columns: moved.columns, blocks: [] }));
    const words = segment === null ? [] : await moveTerms(write, { tenantId, segment, parts, moved });
    return await write((em) => exchange(em, { tenantId, segment, parts, moved, words }));
  } finally {
    await write((em) => rowsOf(em, { values: [tenantId], text: 'UPDATE search.keyword_state SET merging_until = NULL WHERE tenant_id = ?' }));
  }
}

/** What is to be merged, held for a while; null when there is nothing, or somebody else is at it. */
async function chosen(em: EntityManager, tenantId: TenantId): Promise<Part[] | null> {
  const { segments } = await readManifest(em, tenantId);
  const ids = mergePlan(segments.map((listed) => ({ id: listed.id, size: listed.size, dead: deadOf(listed).reduce((sum, one) => sum + one, 0) })));
  if (!ids || !await hold(em, tenantId, 'AND (merging_until IS NULL OR merging_until < now())')) return null;
  await tidyIn(em, tenantId, MAKING_MS);
  const listed = new Map(segments.map((one) => [one.id, one]));
  return (await readSegments(em, tenantId, ids)).map(({ id, columns }) => ({ id, columns, dead: deadOf(listed.get(id)!) }));
}

const hold = async (em: EntityManager, tenantId: TenantId, where: string): Promise<boolean> => (await rowsOf(em, {
  values: [tenantId], text: `UPDATE search.keyword_state SET merging_until = now() + interval '${LEASE_SECONDS} seconds' WHERE tenant_id = ? ${where} RETURNING 1 AS held`,
})).length > 0;

interface Merging { tenantId: TenantId; segment: number | null; parts: readonly Part[]; moved: Moved }

async function moveTerms(write: <T>(body: (em: EntityManager) => Promise<T>) => Promise<T>, { tenantId, segment, parts, moved }: Merging & { segment: number }): Promise<string[]> {
  const breath = new Breath();
  const words: string[] = [];
  const segments = parts.map(({ id }) => id);
  for (let after: Mark | null = START; after;) {
    const from: Mark = after;
    after = await write(async (em) => {
      await hold(em, tenantId, '');
      const { terms, next } = await mergedTerms(em, { tenantId, segments, to: moved.to, after: from });
      await addTerms(em, tenantId, segment, terms);
      for (const { stem, word, n } of terms) {
        const tagged = taggedWord(stem, word);
        if (tagged) words.push(tagged);
        await breath.after(n * 10);
      }
      return next;
    });
  }
  return words;
}

/** False when one of them is gone: everything was forgotten, or made anew. */
async function exchange(em: EntityManager, { tenantId, segment, parts, moved, words }: Merging & { words: readonly string[] }): Promise<boolean> {
  await holdState(em, tenantId, true);
  const now = new Map((await readManifest(em, tenantId)).segments.map((listed) => [listed.id, listed]));
  if (parts.some(({ id }) => !now.has(id))) return false;
  if (segment !== null) {
    const dead = new Uint8Array(moved.columns.size);
    parts.forEach(({ id }, part) => deadOf(now.get(id)!).forEach((isDead, doc) => {
      const to = moved.to[part]![doc]!;
      if (isDead && to !== NOWHERE) dead[to] = 1;
    }));
    await addWords(em, tenantId, segment, blocksOf(words));
    if (dead.includes(1)) await setDead(em, tenantId, segment, dead);
    await setStates(em, tenantId, [segment], 'LIVE');
  }
  await setStates(em, tenantId, parts.map(({ id }) => id), 'RETIRED');
  await tidyIn(em, tenantId, RETIRED_MS);
  return true;
}
