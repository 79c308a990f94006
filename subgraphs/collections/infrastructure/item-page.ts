/** What a list of items is in SQL. Every value stands beside the text; the text is made of these words alone. */
import type { CollectionId } from '../../../platform/ids.ts';
import { RANGES, type ItemFilter, type ItemOrder, type ItemQuery, type MetadataTerm } from '../domain/item-query.ts';
import type { Span } from '../domain/ports.ts';
import type { Statement, Value } from '../../../platform/database/statement.ts';
import { titleKey } from './title-key.ts';

const COLUMNS = 'i.id, i.tenant_id, i.collection_id, i.title, i.url, i.tags, i.metadata, i.created_at, i.updated_at, i.created_by, i.updated_by, i.deleted_at, i.restored_from, i.version';
/** A text may be a megabyte and a page has a hundred items: a short one comes along, as it costs less than asking again, a longer one is asked for by whoever wants it. */
const SHORT_BYTES = 4_096;
export const SEEN_COLUMNS = `${COLUMNS}, CASE WHEN octet_length(i.body) <= ${SHORT_BYTES} THEN i.body END AS body`;
export const WHOLE_COLUMNS = `${COLUMNS}, i.body`;

type Condition = readonly [text: string, ...values: Value[]];
const COLUMN = { CREATED_AT: 'created_at', UPDATED_AT: 'updated_at', TITLE: 'title_key' } as const;
const OPERATOR = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;
const LONGEST_TITLE_KEY = 200;

/** It reads one index from the cursor on, and no more rows than the page has, as far as no filter asks for others. */
export function itemPage(collectionId: CollectionId, { first, after }: Span, { filter, order }: ItemQuery, rare: ReadonlySet<string> = new Set()): Statement {
  const filters = conditionsOf(collectionId, filter, rare);
  const conditions: Condition[] = [['i.collection_id = ?', collectionId], [filter.deleted ? 'i.deleted_at IS NOT NULL' : 'i.deleted_at IS NULL'], ...filters, ...(after ? [beyond(order, after)] : [])];
  const column = COLUMN[order.field];
  return {
    text: `SELECT ${SEEN_COLUMNS}, i.title_key FROM collections.item i WHERE ${conditions.map(([text]) => text).join(' AND ')} ORDER BY i.${column} ${order.direction}, i.id ${order.direction} LIMIT ?`,
    values: [...conditions.flatMap(([, ...values]) => values), first + 1],
    // What is filtered is planned for its values: how many rows they match decides the way.
    ...(filters.length === 0 && { name: `items ${filter.deleted ? 'deleted ' : ''}by ${column} ${order.direction}${after ? ' after' : ''}` }),
  };
}

const beyond = ({ field, direction }: ItemOrder, after: readonly string[]): Condition =>
  [`(i.${COLUMN[field]}, i.id) ${direction === 'DESC' ? '<' : '>'} (?${field === 'TITLE' ? '' : '::timestamptz'}, ?)`, ...after];

const RARE_MAX = 1_000;

/** How many items carry each of the tags that a filter names, counted so far as to know which are rare. */
export const tagCounts = (collectionId: CollectionId, { tagsAny, tagsAll }: ItemFilter): Statement => ({
  name: 'items of tags',
  text: `SELECT asked.tag FROM (SELECT unnest(?::text[]) AS tag, ?::text AS collection_id) AS asked
    WHERE (SELECT count(*) FROM (SELECT FROM collections.item_tag t WHERE t.collection_id = asked.collection_id AND t.tag = asked.tag LIMIT ${RARE_MAX}) AS few) < ${RARE_MAX}`,
  values: [[...new Set([...tagsAny ?? [], ...tagsAll ?? []])], collectionId],
});

/** What few carry is found by its tags and put in order; where many do, the first of the order that carry them are soon met. The database cannot tell which it is: it does not see through the rights. */
function tagged(collectionId: CollectionId, { tagsAny, tagsAll, deleted }: ItemFilter, rare: ReadonlySet<string>): Condition[] {
  const isRare = (tag: string) => !deleted && rare.has(tag); // tags are kept apart of live items alone
  const one = 'i.id IN (SELECT t.item_id FROM collections.item_tag t WHERE t.collection_id = ? AND t.tag = ANY (?::text[]))';
  return [
    ...(tagsAny ? [tagsAny.every(isRare) && !deleted ? [one, collectionId, tagsAny] as Condition : ['i.tags && ?::text[]', tagsAny] as Condition] : []),
    ...[...new Set(tagsAll ?? [])].map((tag): Condition => (isRare(tag) ? [one, collectionId, [tag]] : ['i.tags @> ?::text[]', [tag]])),
  ];
}

function conditionsOf(collectionId: CollectionId, filter: ItemFilter, rare: ReadonlySet<string>): Condition[] {
  const { createdBy, titlePrefix } = filter;
  const key = titleKey('?::text');
  return [
    ...windows(filter),
    ...tagged(collectionId, filter, rare),
    ...(createdBy != null ? [['i.created_by = ?', createdBy] as Condition] : []),
    // Nothing that begins so comes after it with the last of all characters behind it.
    ...(titlePrefix ? [[`i.title_key >= ${key} AND i.title_key <= ${key} || repeat(chr(1114111), ${LONGEST_TITLE_KEY})`, titlePrefix.normalize('NFC'), titlePrefix.normalize('NFC')] as Condition] : []),
    ...(filter.metadata ?? []).flatMap(termOf),
  ];
}

const WINDOWS = [['createdAfter', 'created_at >='], ['createdBefore', 'created_at <'], ['updatedAfter', 'updated_at >='], ['updatedBefore', 'updated_at <']] as const;
const windows = (filter: ItemFilter): Condition[] => WINDOWS.flatMap(([name, text]) => {
  const at = filter[name];
  return at ? [[`i.${text} ?::timestamptz`, at.toISOString()] as Condition] : [];
});

function termOf(term: MetadataTerm): Condition[] {
  const equal: Condition[] = term.eq === undefined ? [] : [['i.metadata #> ?::text[] = ?::jsonb', term.path, JSON.stringify(term.eq)]];
  return [...equal, ...RANGES.flatMap((range): Condition[] => {
    const bound = term[range] as string | number | null | undefined;
    if (bound == null) return [];
    return typeof bound === 'number'
      ? [[`jsonb_typeof(i.metadata #> ?::text[]) = 'number' AND i.metadata #> ?::text[] ${OPERATOR[range]} ?::jsonb`, term.path, term.path, JSON.stringify(bound)]]
      : [[`jsonb_typeof(i.metadata #> ?::text[]) = 'string' AND (i.metadata #>> ?::text[]) COLLATE "C" ${OPERATOR[range]} ?`, term.path, term.path, bound]];
  })];
}
