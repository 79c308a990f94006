/** What somebody looks for, once it is known to make sense. */
import { AtlasError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import type { Filter, Scalar } from './ports.ts';
import { asksFor, queryOf, type Query } from './query.ts';

export const SEARCH_MODES = ['KEYWORD', 'SEMANTIC', 'HYBRID'] as const;
export type SearchMode = (typeof SEARCH_MODES)[number];

/** As it was asked for. A list that is empty names nothing, and nothing is in it. */
export interface SearchFilter {
  collectionIds?: readonly string[] | null; tags?: readonly string[] | null; createdBy?: string | null;
  createdAfter?: Date | null; createdBefore?: Date | null; metadata?: unknown;
}

export const QUERY_MAX = 1_000;
const PREFIX_MAX = 200;
const COLLECTIONS_MAX = 100;
const TAGS_MAX = 50;
const TEXT_MAX = 500;
const METADATA_MAX = 10;
const VALUE_MAX = 2_000;
/** The database knows no earlier one. */
const FIRST_MOMENT = Date.parse('0001-01-01T00:00:00Z');
const UNKEEPABLE = /\0|\p{Cs}/u;
/** Line ends, tabs and what nobody sees part words as blanks do. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

export function questionOf(typed: string): Query {
  const query = queryOf(plain(typed, QUERY_MAX, 'query'));
  if (!asksFor(query)) throw invalid(typed.trim() === '' ? 'Say what to look for.' : 'Nothing here can be looked for: use a word, or a "phrase"; a minus before one only leaves things out.', 'query');
  return query;
}

/** What is typed so far; null: nothing that begins a word. */
export function prefixOf(typed: string): string | null {
  const prefix = plain(typed, PREFIX_MAX, 'prefix').trimStart();
  return prefix === '' ? null : prefix;
}

function plain(typed: string, max: number, name: string): string {
  if (UNKEEPABLE.test(typed)) throw new AtlasError('TEXT_NOT_ALLOWED', undefined, { path: [name] });
  if (typed.length > max * 2 || [...typed].length > max) throw invalid(`At most ${max} characters.`, name);
  return typed.replace(UNSEEN, ' ');
}

/** Null: nothing can be in it. */
export function filterOf(asked: SearchFilter): Filter | null {
  const { collectionIds, tags, createdBy, createdAfter, createdBefore } = asked;
  if ((collectionIds?.length ?? 0) > COLLECTIONS_MAX) throw invalid(`At most ${COLLECTIONS_MAX} collections.`, 'filter', 'collectionIds');
  if ((tags?.length ?? 0) > TAGS_MAX) throw invalid(`At most ${TAGS_MAX} tags.`, 'filter', 'tags');
  for (const tag of tags ?? []) refuseText(tag, 'tags');
  refuseText(createdBy ?? '', 'createdBy');
  for (const [name, at] of [['createdAfter', createdAfter], ['createdBefore', createdBefore]] as const) {
    if (at && !(at.getTime() >= FIRST_MOMENT)) throw invalid('A time after the year 0.', 'filter', name);
  }
  const metadata = asked.metadata == null ? undefined : metadataOf(asked.metadata);
  const collections = collectionIds?.filter((id) => isId('col', id));
  if (collections?.length === 0 || tags?.length === 0) return null;
  return {
    ...(collections && { collectionIds: [...new Set(collections)] }), ...(tags && { tags: [...new Set(tags.map((tag) => tag.normalize('NFC').trim()))] }), ...(createdBy != null && { createdBy }),
    ...(createdAfter && { createdAfter }), ...(createdBefore && { createdBefore }), ...(metadata && { metadata }),
  };
}

function metadataOf(given: unknown): Record<string, Scalar> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw invalid('A JSON object: names, and the value that each has to have.', 'filter', 'metadata');
  const terms = Object.entries(given);
  if (terms.length > METADATA_MAX) throw invalid(`At most ${METADATA_MAX} names.`, 'filter', 'metadata');
  for (const [name, value] of terms) {
    refuseText(name, 'metadata');
    if (typeof value === 'object' && value !== null) throw invalid('A text, a number, true, false or null.', 'filter', 'metadata', name);
    if (typeof value === 'string') refuseText(value, 'metadata', VALUE_MAX);
    if (typeof value === 'number' && !Number.isFinite(value)) throw invalid('A number that JSON can say.', 'filter', 'metadata', name);
  }
  return given as Record<string, Scalar>;
}

function refuseText(text: string, name: string, max = TEXT_MAX): void {
  if (UNKEEPABLE.test(text)) throw new AtlasError('TEXT_NOT_ALLOWED', undefined, { path: ['filter', name] });
  if (text.length > max) throw invalid(`At most ${max} characters.`, 'filter', name);
}
const invalid = (sentence: string, ...path: string[]): AtlasError => new AtlasError('INVALID_INPUT', sentence, { path });
