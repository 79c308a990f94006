import { LockMode } from '@mikro-orm/postgresql';
import type { Ground } from '../../../platform/database/statement.ts';
import type { ConversationId } from '../../../platform/ids.ts';
import { Conversation } from '../domain/conversation.ts';
import type { Conversations, Span } from '../domain/ports.ts';

const COLUMNS = 'id, tenant_id AS "tenantId", owner, title, created_at AS "createdAt", updated_at AS "updatedAt", version';
type Row = Omit<Conversation, 'createdAt' | 'updatedAt'> & { createdAt: string; updatedAt: string };

export class PostgresConversations implements Conversations {
  constructor(private readonly on: Ground) {}
  async byIds(ids: readonly ConversationId[], owner: string): Promise<Conversation[]> {
    const rows = await this.on.rows<Row>({ name: 'conversations by id', text: `SELECT ${COLUMNS} FROM ai.conversation WHERE id = ANY (?::text[]) AND owner = ?`, values: [ids, owner] });
    return rows.map(seen);
  }
  async page(owner: string, { first, after }: Span): Promise<Conversation[]> {
    const [at, id] = after ?? [];
    const rows = await this.on.rows<Row>({
      text: `SELECT ${COLUMNS} FROM ai.conversation WHERE owner = ?${after ? ' AND (updated_at, id) < (?::timestamptz, ?)' : ''} ORDER BY updated_at DESC, id DESC LIMIT ?`,
      values: [owner, ...(after ? [at!, id!] : []), first + 1],
    });
    return rows.map(seen);
  }
  locked(id: ConversationId, owner: string): Promise<Conversation | null> {
    return this.on.em.findOne(Conversation, { id, owner }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  add(conversation: Conversation): void { this.on.em.persist(conversation); }
  remove(conversation: Conversation): void { this.on.em.remove(conversation); }
  async count(owner: string): Promise<number> {
    const [row] = await this.on.rows<{ count: string }>({ text: 'SELECT count(*) AS count FROM ai.conversation WHERE owner = ?', values: [owner] });
    return Number(row!.count);
  }
}

/** For reading: nobody watches it for changes. */
const seen = (row: Row): Conversation => Object.assign(Object.create(Conversation.prototype) as Conversation, { ...row, createdAt: new Date(row.createdAt), updatedAt: new Date(row.updatedAt) });
