import type { Ground } from '../../../platform/database/statement.ts';
import { isId, type CollectionId, type ItemId } from '../../../platform/ids.ts';
import { invalid } from '../../../platform/text.ts';
import type { ItemTruth, ToldTruths, Truths, WalkedItems } from '../domain/truth.ts';

/** Of bodies and texts, in one answer: between processes it has a limit. */
const BYTES_MAX = 8_000_000;
const ATTACHED_CHARACTERS_MAX = 1_000_000;

/** `i` is the item, `c` its collection. What is said changes with its version, what is attached with the attachments that have been read. */
const LANGUAGE = `CASE WHEN jsonb_typeof(c.settings -> 'language') = 'string' THEN c.settings ->> 'language' END`;
const MARK = `md5(concat_ws(' ', i.version, ${LANGUAGE}, (SELECT string_agg(a.id, ' ' ORDER BY a.id) FROM collections.attachment a WHERE a.item_id = i.id AND a.text_state = 'READY')))`;
const ATTACHED = `coalesce((SELECT left(string_agg(t.text, E'\\n\\n' ORDER BY a.id), ${ATTACHED_CHARACTERS_MAX}) FROM collections.attachment a JOIN collections.attachment_text t ON t.attachment_id = a.id WHERE a.item_id = i.id), '')`;

interface Row extends Omit<ItemTruth, 'createdAt' | 'updatedAt'> { asked: ItemId; fits: boolean; createdAt: string; updatedAt: string }

export class PostgresTruths implements Truths {
  constructor(private readonly on: Ground) {}

  async of(ids: readonly ItemId[]): Promise<ToldTruths> {
    const rows = await this.on.rows<Row>({
      name: 'truths of items',
      text: `
        WITH live AS (
          SELECT asked.n, i.id, octet_length(i.body) + coalesce((SELECT sum(a.text_characters) FROM collections.attachment a WHERE a.item_id = i.id), 0) AS bytes
          FROM unnest(?::text[]) WITH ORDINALITY AS asked (id, n) JOIN collections.item i ON i.id = asked.id JOIN collections.collection c ON c.id = i.collection_id
          WHERE i.deleted_at IS NULL AND c.deleted_at IS NULL),
        fitting AS (SELECT n, id, sum(bytes) OVER (ORDER BY n) - bytes < ${BYTES_MAX} AS fits FROM live)
        SELECT f.id AS asked, f.fits, i.id, i.collection_id AS "collectionId", i.title, i.body, i.tags, i.metadata, i.version, i.created_by AS "createdBy", i.created_at AS "createdAt", i.updated_at AS "updatedAt",
          ${ATTACHED} AS attached, ${LANGUAGE} AS language, ${MARK} AS mark
        FROM fitting f LEFT JOIN (collections.item i JOIN collections.collection c ON c.id = i.collection_id) ON f.fits AND i.id = f.id ORDER BY f.n`,
      values: [ids],
    });
    return {
      items: rows.filter(({ fits }) => fits).map(({ asked: _, fits: __, ...row }) => ({ ...row, createdAt: new Date(row.createdAt), updatedAt: new Date(row.updatedAt) })),
      left: rows.filter(({ fits }) => !fits).map(({ asked }) => asked),
    };
  }

  marks(ids: readonly ItemId[]): Promise<WalkedItems['items']> {
    return this.on.rows({
      name: 'marks of items',
      text: `SELECT i.id, ${MARK} AS mark FROM collections.item i JOIN collections.collection c ON c.id = i.collection_id WHERE i.id = ANY (?::text[]) AND i.deleted_at IS NULL AND c.deleted_at IS NULL`,
      values: [ids],
    });
  }

  /** Collection by collection, along the index that lists of items use. Whatever is made meanwhile is told by its event. */
  async walk({ collectionId, after, first }: Parameters<Truths['walk']>[0]): Promise<WalkedItems> {
    const from = after === null ? null : placeOf(after);
    const current = from?.collectionId ?? await this.firstCollection(collectionId, null);
    if (!current) return { items: [], next: null };
    const rows = await this.on.rows<{ id: ItemId; mark: string; createdAt: string }>({
      text: `
        SELECT i.id, ${MARK} AS mark, i.created_at AS "createdAt" FROM collections.item i JOIN collections.collection c ON c.id = i.collection_id
        WHERE i.collection_id = ? AND i.deleted_at IS NULL AND c.deleted_at IS NULL${from?.last ? ' AND (i.created_at, i.id) < (?::timestamptz, ?)' : ''} ORDER BY i.created_at DESC, i.id DESC LIMIT ?`,
      values: [current, ...(from?.last ?? []), first],
    });
    const last = rows.at(-1);
    const items = rows.map(({ id, mark }) => ({ id, mark }));
    if (rows.length === first && last) return { items, next: `${current} ${new Date(last.createdAt).toISOString()} ${last.id}` };
    return { items, next: collectionId ? null : await this.firstCollection(null, current) };
  }

  private async firstCollection(only: CollectionId | null, after: CollectionId | null): Promise<CollectionId | null> {
    const [row] = await this.on.rows<{ id: CollectionId }>({
      text: `SELECT id FROM collections.collection WHERE deleted_at IS NULL AND ${only ? 'id = ?' : 'id > ?'} ORDER BY id LIMIT 1`, values: [only ?? after ?? ''],
    });
    return row?.id ?? null;
  }

  async reach(): Promise<{ everything: boolean; collectionIds: CollectionId[] }> {
    const [row] = await this.on.rows<{ everything: boolean; ids: CollectionId[] }>({
      name: 'reach',
      text: `
        WITH all_of_them AS MATERIALIZED (SELECT collections.reaches_all('VIEWER') AS reached)
        SELECT reached AS everything, CASE WHEN reached THEN '{}'::text[] ELSE ARRAY(SELECT id FROM collections.collection WHERE deleted_at IS NULL AND id = ANY ((SELECT collections.reached('VIEWER'))::text[]) ORDER BY id) END AS ids FROM all_of_them`,
      values: [],
    });
    return { everything: row!.everything, collectionIds: row!.ids };
  }
}

/** A collection, and in it the last item that was seen. */
function placeOf(after: string): { collectionId: CollectionId; last: [string, string] | null } {
  const [collectionId, at, id] = after.split(' ');
  if (!isId('col', collectionId) || (at !== undefined && (Number.isNaN(Date.parse(at)) || !isId('itm', id)))) throw invalid('Not a place on the way.', 'after');
  return { collectionId, last: at === undefined ? null : [at, id!] };
}
