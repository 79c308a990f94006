/**
 * Documents that stand in no segment yet made one. All is prepared before, and commits at once or not at all; whoever dies
 * over it has lost nothing but their time. The same makes everything anew, beside what is asked meanwhile.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../../../platform/database/database.ts';
import type { ItemId, TenantId } from '../../../../platform/ids.ts';
import { analysed, type Analysed } from '../../domain/analysed.ts';
import { keyOf, placeOfKey } from '../../domain/item-key.ts';
import type { Analyzer } from '../../domain/ports.ts';
import type { BlockCache } from './block-cache.ts';
import { Breath } from './breath.ts';
import { columnsOf, inOrder, termsOf } from './build-segment.ts';
import { readDocuments, type Stretch } from './documents.ts';
import { metadataTerms } from './metadata-term.ts';
import { readManifest, readSegments, type Listed } from './read-segments.ts';
import { asSearch, type Limits } from './tenant-view.ts';
import { blocksOf, taggedWord } from './word-blocks.ts';
import { addSegment, addTerms, holdState, setDead, setSeq } from './write-segments.ts';

export type Which = 'LIVE' | 'ANEW';
export interface Folding { database: Database; analyzer: Analyzer; cache: BlockCache; limits: Limits }

/** How far it goes now, and whether there is more; null when somebody else is at it. */
export async function fold(given: Folding, tenantId: TenantId, which: Which = 'LIVE'): Promise<{ seq: bigint; more: boolean } | null> {
  const { database, limits } = given;
  const { folded, seq, stretch } = await database.read(asSearch(tenantId), async (on) => {
    const manifest = await readManifest(on, tenantId, {}, which);
    return { ...manifest, stretch: await readDocuments(on, tenantId, { after: manifest.folded, max: limits.pendingMax, bytesMax: limits.pendingBytesMax }) };
  });
  const last = stretch.docs.at(-1)?.doc.seq ?? folded;
  const to = stretch.whole && seq > last ? seq : last;
  if (to === folded) return { seq: folded, more: false };
  const prepared = await prepare(given, stretch);
  const done = await database.transaction(asSearch(tenantId), 'write', async (em) => {
    const state = await holdState(em, tenantId, false);
    if (!state || (which === 'LIVE' ? state.folded : state.anew) !== folded) return false;
    await bury(given, em, tenantId, which, stretch.docs.map(({ doc }) => doc.itemId));
    if (prepared) await addTerms(em, tenantId, await addSegment(em, tenantId, { state: which, ...prepared }), prepared.terms);
    await setSeq(em, tenantId, which, to);
    return true;
  });
  return done ? { seq: to, more: !stretch.whole } : null;
}

async function prepare({ analyzer }: Folding, { docs }: Stretch) {
  const breath = new Breath();
  const living: Analysed[] = [];
  for (const { doc, bytes } of docs) {
    if (!doc.deleted) living.push(analysed(doc, analyzer, metadataTerms(doc.metadata)));
    await breath.after(bytes * 2);
  }
  if (living.length === 0) return null;
  const ordered = inOrder(living);
  const terms = await termsOf(ordered, breath);
  return { columns: columnsOf(ordered), terms, blocks: blocksOf(terms.flatMap(({ stem, word }) => taggedWord(stem, word) ?? [])) };
}

/** What these documents said before is dead, wherever it stands. */
async function bury({ cache }: Folding, em: EntityManager, tenantId: TenantId, which: Which, items: readonly ItemId[]): Promise<void> {
  const { segments } = await readManifest(em, tenantId, {}, which);
  const keys = items.map(keyOf);
  for (const listed of segments) {
    const { columns } = cache.opened(tenantId, listed.id) ?? (await readSegments(em, tenantId, [listed.id]))[0]!;
    const dead = deadOf(listed);
    let changed = false;
    for (const key of keys) {
      const place = placeOfKey(columns.keys, key);
      if (place < 0 || dead[place]) continue;
      dead[place] = 1;
      changed = true;
    }
    if (changed) await setDead(em, tenantId, listed.id, dead);
  }
}

export const deadOf = ({ dead, size }: Listed): Uint8Array => dead ?? new Uint8Array(size);
