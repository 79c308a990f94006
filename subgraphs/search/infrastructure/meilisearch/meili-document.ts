/** A document as Meilisearch keeps it: what is searched as it is, what is filtered as keys (meili-filter.ts). */
import type { Doc } from '../../domain/ports.ts';
import { wordsOf } from '../../domain/words.ts';
import { keyOf, metadataKeys } from './meili-filter.ts';

/** Of more words than that, those that begin as somebody types are suggested from its first ones. */
const WORDS_MAX = 1_000;

export type MeiliDocument = ReturnType<typeof meiliDocument>;

export function meiliDocument({ tenantId, itemId, seq, version, collectionId, title, tags, body, attached, metadata, createdBy, createdAt }: Doc) {
  return {
    id: itemId, tenant: tenantId, seq: Number(seq), version, collection: collectionId, title, tags: [...new Set(tags)], body, attached,
    tagKeys: tags.map((tag) => keyOf(tag)), creator: createdBy, creatorKey: keyOf(createdBy), createdMs: createdAt.getTime(), month: createdAt.toISOString().slice(0, 7),
    metadataKeys: metadataKeys(metadata), words: [...new Set(wordsOf([title, ...tags, body, attached].join('\n'), WORDS_MAX).map(({ word }) => word))],
  };
}
