/**
 * Meilisearch takes a filter as a text of its own language, whose quotes and backslashes are no safe place for what people
 * write. So nothing that a person wrote ever stands in one: ids are ids by their pattern, and everything else is a hash,
 * which what it is compared with was made into as well. A term can be had in no other way than by these functions.
 */
import { createHash } from 'node:crypto';
import { AtlasError } from '../../../../platform/errors.ts';
import type { CollectionId, ItemId, TenantId } from '../../../../platform/ids.ts';
import type { Filter, Metadata, Reach } from '../../domain/ports.ts';

export const FILTERED = ['id', 'tenant', 'collection', 'tagKeys', 'creatorKey', 'createdMs', 'metadataKeys'] as const;
type Attribute = (typeof FILTERED)[number];

declare const made: unique symbol;
export type Term = string & { [made]: 'term' };

const ID = /^(tnt|col|itm)_[0-9a-z]{26}$/;

const idTerm = (id: TenantId | CollectionId | ItemId): Term => {
  if (!ID.test(id)) throw new AtlasError('INTERNAL', undefined, { cause: new Error('An id that is none was to stand in a filter.') });
  return id as string as Term;
};

/** A text of anybody's as a term of letters, digits, `-` and `_`. */
export const keyOf = (...of: readonly unknown[]): Term => createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, 22) as Term;
export const metadataKeys = (metadata: Metadata): Term[] =>
  Object.entries(metadata).filter(([, value]) => value === null || typeof value !== 'object').map(([field, value]) => keyOf(field, value));

const is = (attribute: Attribute, term: Term): string => `${attribute} = "${term}"`;
const isAny = (attribute: Attribute, terms: readonly Term[]): string => `${attribute} IN [${terms.map((term) => `"${term}"`).join(', ')}]`;
const compare = (attribute: Attribute, by: '>=' | '<', at: Date): string => {
  const ms = at.getTime();
  if (!Number.isSafeInteger(ms)) throw new AtlasError('INTERNAL', undefined, { cause: new Error('A time that is none was to stand in a filter.') });
  return `${attribute} ${by} ${ms}`;
};

export const ofTenant = (tenantId: TenantId): string => is('tenant', idTerm(tenantId));
export const ofItems = (tenantId: TenantId, itemIds: readonly ItemId[]): string[] => [ofTenant(tenantId), isAny('id', itemIds.map(idTerm))];

/** Meilisearch demands all of them. */
export function filterOf({ tenantId, reach, filter }: { tenantId: TenantId; reach: Reach; filter: Filter }): string[] {
  const { collectionIds, tags, createdBy, createdAfter, createdBefore, metadata } = filter;
  return [
    ofTenant(tenantId),
    ...(reach.everything ? [] : [isAny('collection', reach.collectionIds.map(idTerm))]),
    ...(collectionIds?.length ? [isAny('collection', collectionIds.map(idTerm))] : []),
    ...(tags?.length ? [isAny('tagKeys', tags.map((tag) => keyOf(tag)))] : []),
    ...(createdBy ? [is('creatorKey', keyOf(createdBy))] : []),
    ...(createdAfter ? [compare('createdMs', '>=', createdAfter)] : []),
    ...(createdBefore ? [compare('createdMs', '<', createdBefore)] : []),
    ...Object.entries(metadata ?? {}).map(([field, value]) => is('metadataKeys', keyOf(field, value))),
  ];
}
