/** What may be found, as Qdrant is told it: always of one tenant, always within reach, and nothing of it made by joining texts. */
import { createHash } from 'node:crypto';
import type { Schemas } from '@qdrant/js-client-rest';
import type { TenantId } from '../../../../platform/ids.ts';
import type { Filter, Metadata, Reach } from '../../domain/ports.ts';

export type Condition = Schemas['FieldCondition'];

/** Fields of a point that are asked by, and how each is indexed. */
export const INDEXED = {
  tenant: { type: 'keyword', is_tenant: true },
  collection: 'keyword', tags: 'keyword', creator: 'keyword', metadata: 'keyword', createdMs: 'integer',
} as const;

/**
 * A field of metadata and its value as one word: a name of somebody's own is never a path in Qdrant's language, and a
 * number is not the text that looks like it.
 */
export const metadataWord = (field: string, value: unknown): string => createHash('sha256').update(JSON.stringify([field, value])).digest('base64url').slice(0, 22);

export const metadataWords = (metadata: Metadata): string[] =>
  Object.entries(metadata).filter(([, value]) => value === null || typeof value !== 'object').map(([field, value]) => metadataWord(field, value));

export const ofTenant = (tenantId: TenantId): Condition => ({ key: 'tenant', match: { value: tenantId } });

export function filterOf({ tenantId, reach, filter }: { tenantId: TenantId; reach: Reach; filter: Filter }): { must: Condition[] } {
  const any = (key: string, values: readonly string[]): Condition => ({ key, match: { any: [...values] } });
  const { collectionIds, tags, createdBy, createdAfter, createdBefore, metadata } = filter;
  return {
    must: [
      ofTenant(tenantId),
      ...(reach.everything ? [] : [any('collection', reach.collectionIds)]),
      ...(collectionIds?.length ? [any('collection', collectionIds)] : []),
      ...(tags?.length ? [any('tags', tags)] : []),
      ...(createdBy ? [{ key: 'creator', match: { value: createdBy } }] : []),
      ...(createdAfter || createdBefore ? [{ key: 'createdMs', range: { ...(createdAfter && { gte: createdAfter.getTime() }), ...(createdBefore && { lt: createdBefore.getTime() }) } }] : []),
      ...Object.entries(metadata ?? {}).map(([field, value]): Condition => ({ key: 'metadata', match: { value: metadataWord(field, value) } })),
    ],
  };
}
