/** Documents on their way into an index of vectors: each is given its place in meaning first. */
import type { TenantId } from '../../../../platform/ids.ts';
import type { Doc, Embeddings, VectorIndex } from '../../domain/ports.ts';
import { saidIn } from '../embeddings/document-text.ts';

/** A follower of the documents; another model begins at the first, for what one has placed says nothing to another. */
export function placedDocuments(vectors: VectorIndex, embeddings: Embeddings): { name: string; place: string; apply(tenantId: TenantId, docs: readonly Doc[]): Promise<void> } {
  const place = `vectors in ${vectors.name} by `;
  return {
    place, name: place + embeddings.name,
    async apply(tenantId, docs) {
      const telling = docs.filter(({ deleted }) => !deleted);
      const placed = telling.length > 0 ? await embeddings.embed(telling.map(saidIn), 'document', tenantId) : [];
      const vectorOf = new Map(telling.map(({ itemId }, at) => [itemId, placed[at]!]));
      await vectors.apply(tenantId, docs.map((doc) => ({ ...doc, vector: vectorOf.get(doc.itemId) ?? null })));
    },
  };
}
