import { LockMode } from '@mikro-orm/postgresql';
import type { Ground } from '../../../platform/database/statement.ts';
import type { AttachmentId, ItemId } from '../../../platform/ids.ts';
import type { Attachments, AttachmentSpan, TextSpan } from '../domain/attachment-ports.ts';
import { Attachment, READING } from '../domain/attachment.ts';

interface Row {
  n: string; id: string; tenant_id: string; collection_id: string; item_id: string; name: string; type: string; bytes: string; sha256: string; object_key: string; created_at: string; created_by: string;
  text_state: string; text_characters: number | null; text_truncated: boolean; text_code: string | null; text_reason: string | null; version: number; is_given_up: boolean;
}

/** A job that is cancelled while it waits, or whose last process died, writes nothing more: that nobody reads the text any more is seen by there being no job. */
const READ = `a.*, a.text_state = 'PENDING' AND NOT EXISTS (
  SELECT FROM jobs.job j WHERE j.tenant_id = a.tenant_id AND j.kind = '${READING}' AND j.once_key = a.id AND j.state IN ('QUEUED', 'RUNNING')) AS is_given_up`;
const GIVEN_UP: Pick<Attachment, 'textState' | 'textCode' | 'textReason'> = { textState: 'FAILED', textCode: 'CANCELLED', textReason: 'It was given up before it was read; retryJob tries it again.' };

export class PostgresAttachments implements Attachments {
  constructor(private readonly on: Ground) {}

  async byIds(ids: readonly AttachmentId[]): Promise<Attachment[]> {
    const rows = await this.on.rows<Row>({
      name: 'attachments by id',
      text: `SELECT ${READ} FROM collections.attachment a WHERE a.id = ANY (?::text[]) AND EXISTS (SELECT 1 FROM collections.collection c WHERE c.id = a.collection_id AND c.deleted_at IS NULL)`,
      values: [ids],
    });
    return rows.map(attachmentOf);
  }

  async pages(spans: readonly AttachmentSpan[]): Promise<Attachment[][]> {
    const rows = await this.on.rows<Row>({
      name: 'attachments of items',
      text: `
        SELECT asked.n, page.* FROM unnest(?::text[], ?::int[], ?::text[]) WITH ORDINALITY AS asked (item_id, take, after, n)
        CROSS JOIN LATERAL (SELECT ${READ} FROM collections.attachment a WHERE a.item_id = asked.item_id AND a.id > asked.after ORDER BY a.id LIMIT asked.take) AS page ORDER BY asked.n, page.id`,
      values: [spans.map(({ itemId }) => itemId), spans.map(({ first }) => first + 1), spans.map(({ after }) => after ?? '')],
    });
    const pages = spans.map((): Attachment[] => []);
    for (const row of rows) pages[Number(row.n) - 1]!.push(attachmentOf(row));
    return pages;
  }

  async texts(spans: readonly TextSpan[]): Promise<(string | null)[]> {
    const rows = await this.on.rows<{ n: string; text: string }>({
      name: 'texts of attachments',
      text: `
        SELECT asked.n, substr(t.text, asked.start + 1, asked.length) AS text FROM unnest(?::text[], ?::int[], ?::int[]) WITH ORDINALITY AS asked (id, start, length, n)
        JOIN collections.attachment_text t ON t.attachment_id = asked.id`,
      values: [spans.map(({ id }) => id), spans.map(({ from }) => from), spans.map(({ length }) => length)],
    });
    const texts = new Map(rows.map(({ n, text }) => [Number(n) - 1, text]));
    return spans.map((_, at) => texts.get(at) ?? null);
  }

  async sumOf(itemId: ItemId): Promise<{ count: number; bytes: number }> {
    const [row] = await this.on.rows<{ count: string; bytes: string }>({
      text: 'SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes FROM collections.attachment WHERE item_id = ?', values: [itemId],
    });
    return { count: Number(row!.count), bytes: Number(row!.bytes) };
  }

  locked(id: AttachmentId): Promise<Attachment | null> {
    return this.on.em.findOne(Attachment, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  add(attachment: Attachment): void {
    this.on.em.persist(attachment);
  }
  remove(attachment: Attachment): void {
    this.on.em.remove(attachment);
  }
  async keepText({ id, tenantId, collectionId }: Attachment, text: string): Promise<void> {
    await this.on.rows({ text: 'INSERT INTO collections.attachment_text (attachment_id, tenant_id, collection_id, text) VALUES (?, ?, ?, ?)', values: [id, tenantId, collectionId, text] });
  }
}

/** For reading: unlike what `locked` gives, nobody watches it for changes. */
const attachmentOf = (row: Row): Attachment => Object.assign(Object.create(Attachment.prototype) as Attachment, {
  id: row.id, tenantId: row.tenant_id, collectionId: row.collection_id, itemId: row.item_id, name: row.name, type: row.type, bytes: Number(row.bytes), sha256: row.sha256,
  objectKey: row.object_key, createdAt: new Date(row.created_at), createdBy: row.created_by,
  textState: row.text_state, textCharacters: row.text_characters, textTruncated: row.text_truncated, textCode: row.text_code, textReason: row.text_reason, version: row.version,
  ...(row.is_given_up && GIVEN_UP),
});
