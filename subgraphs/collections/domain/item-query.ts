/** Which items of a collection, and in which order: what was asked for, once it is known to make sense. */
import { AtlasError } from '../../../platform/errors.ts';
import { refuseJson } from './json.ts';
import { bytesOf, refuseUnkeepable } from './words.ts';

const ITEM_ORDER_FIELDS = ['CREATED_AT', 'UPDATED_AT', 'TITLE'] as const;
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

export function queryOf(filter: ItemFilter, order: ItemOrder = NEWEST_FIRST): ItemQuery {
  for (const name of ['tagsAny', 'tagsAll'] as const) {
    if ((filter[name]?.length ?? 0) > TAGS_MAX) throw invalidFilter(`${name} has at most ${TAGS_MAX} tags.`, name);
    for (const tag of filter[name] ?? []) refuseText(tag, name);
  }
  for (const name of ['createdAfter', 'createdBefore', 'updatedAfter', 'updatedBefore'] as const) {
    if (filter[name] && !(filter[name].getTime() >= FIRST_MOMENT)) throw invalidFilter(`${name} is a time after the year 0.`, name);
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
  if (term.eq === undefined && said.length === 0) throw invalidFilter('Say what metadata has to be: eq, gt, gte, lt or lte.', 'metadata');
  for (const range of said) {
    if (typeof term[range] !== 'number' && typeof term[range] !== 'string') throw invalidFilter(`${range} is a number or a text.`, 'metadata', range);
  }
  for (const name of ['eq', ...said] as const) {
    refuseJson(term[name], ['filter', 'metadata', name]);
    if (bytesOf(JSON.stringify(term[name] ?? null)) > VALUE_BYTES_MAX) throw invalidFilter(`${name} has at most ${VALUE_BYTES_MAX} bytes of JSON.`, 'metadata', name);
  }
}

function refuseText(text: string, ...path: string[]): void {
  refuseUnkeepable(text, ['filter', ...path]);
  if (text.length > TEXT_MAX) throw invalidFilter(`${path.at(-1)} has at most ${TEXT_MAX} characters.`, ...path);
}
const invalidFilter = (sentence: string, ...path: string[]): AtlasError => new AtlasError('INVALID_INPUT', sentence, { path: ['filter', ...path] });
