/** Which items of a collection, and in which order: what was asked for, once it is known to make sense. */
import { AtlasError } from '../../../platform/errors.ts';
import { bytesOf } from './words.ts';

export const ITEM_ORDER_FIELDS = ['CREATED_AT', 'UPDATED_AT', 'TITLE'] as const;
export type ItemOrderField = (typeof ITEM_ORDER_FIELDS)[number];
export type Direction = 'ASC' | 'DESC';
export interface ItemOrder { field: ItemOrderField; direction: Direction }
export const NEWEST_FIRST: ItemOrder = { field: 'CREATED_AT', direction: 'DESC' };

/** A member of the metadata, named from the outside in, and what it has to be. Numbers are compared with numbers and texts with texts. */
export interface MetadataTerm { path: readonly string[]; eq?: unknown; gt?: unknown; gte?: unknown; lt?: unknown; lte?: unknown }
export const RANGES = ['gt', 'gte', 'lt', 'lte'] as const;

/** All of it has to be true. A time belongs to the window that it begins. */
export interface ItemFilter {
  tagsAny?: readonly string[] | null; tagsAll?: readonly string[] | null;
  createdAfter?: Date | null; createdBefore?: Date | null; updatedAfter?: Date | null; updatedBefore?: Date | null;
  createdBy?: string | null; titlePrefix?: string | null; metadata?: readonly MetadataTerm[] | null;
  /** Those that are deleted instead of those that are not. */
  deleted?: boolean | null;
}
export interface ItemQuery { filter: ItemFilter; order: ItemOrder }

const TAGS_MAX = 50;
const TERMS_MAX = 10;
const PATH_MAX = 20;
const TEXT_MAX = 500;
const VALUE_BYTES_MAX = 2_000;
/** The database knows no earlier one. */
const FIRST_MOMENT = Date.parse('0001-01-01T00:00:00Z');
const UNKEEPABLE = /\0|\p{Cs}/u;

export function queryOf(filter: ItemFilter, order: ItemOrder = NEWEST_FIRST): ItemQuery {
  for (const name of ['tagsAny', 'tagsAll'] as const) {
    if ((filter[name]?.length ?? 0) > TAGS_MAX) throw invalidFilter(`At most ${TAGS_MAX} tags.`, name);
    for (const tag of filter[name] ?? []) refuseText(tag, name);
  }
  for (const name of ['createdAfter', 'createdBefore', 'updatedAfter', 'updatedBefore'] as const) {
    if (filter[name] && !(filter[name].getTime() >= FIRST_MOMENT)) throw invalidFilter('A time after the year 0.', name);
  }
  for (const name of ['createdBy', 'titlePrefix'] as const) refuseText(filter[name] ?? '', name);
  if ((filter.metadata?.length ?? 0) > TERMS_MAX) throw invalidFilter(`At most ${TERMS_MAX} terms about metadata.`, 'metadata');
  filter.metadata?.forEach(refuseTerm);
  return { filter, order };
}

function refuseTerm(term: MetadataTerm): void {
  if (term.path.length < 1 || term.path.length > PATH_MAX) throw invalidFilter(`A path has 1 to ${PATH_MAX} names.`, 'metadata', 'path');
  for (const name of term.path) refuseText(name, 'metadata', 'path');
  const said = RANGES.filter((range) => term[range] != null);
  if (term.eq === undefined && said.length === 0) throw invalidFilter('Say what it has to be: eq, gt, gte, lt or lte.', 'metadata');
  for (const range of said) {
    if (typeof term[range] !== 'number' && typeof term[range] !== 'string') throw invalidFilter('A number or a text.', 'metadata', range);
  }
  for (const value of [term.eq, ...said.map((range) => term[range])]) {
    const text = JSON.stringify(value ?? null);
    // JSON writes both as escapes, which the database refuses all the same.
    if (/\\u0000|\\ud[89a-f]/i.test(text)) throw new AtlasError('TEXT_NOT_ALLOWED', undefined, { path: ['filter', 'metadata'] });
    if (bytesOf(text) > VALUE_BYTES_MAX) throw invalidFilter(`At most ${VALUE_BYTES_MAX} bytes.`, 'metadata');
  }
}

function refuseText(text: string, ...path: string[]): void {
  if (UNKEEPABLE.test(text)) throw new AtlasError('TEXT_NOT_ALLOWED', undefined, { path: ['filter', ...path] });
  if (text.length > TEXT_MAX) throw invalidFilter(`At most ${TEXT_MAX} characters.`, ...path);
}
const invalidFilter = (sentence: string, ...path: string[]): AtlasError => new AtlasError('INVALID_INPUT', sentence, { path: ['filter', ...path] });
