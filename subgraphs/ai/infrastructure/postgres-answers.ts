import { LockMode } from '@mikro-orm/postgresql';
import type { Ground } from '../../../platform/database/statement.ts';
import type { AnswerId, ConversationId } from '../../../platform/ids.ts';
import { Answer } from '../domain/answer.ts';
import type { Answers, Span } from '../domain/ports.ts';

const COLUMNS = `id, tenant_id AS "tenantId", conversation_id AS "conversationId", owner, question, collection_ids AS "collectionIds", regenerates, tools, drafts_in AS "draftsIn", state, text, answered, citations, model, prompt,
  input_tokens AS "inputTokens", output_tokens AS "outputTokens", tariff, trim_scale(coalesce(model_cost, cost))::text AS "modelCost", trim_scale(cost)::text AS cost, currency, cache_similarity AS "cacheSimilarity", saved_tokens AS "savedTokens", trim_scale(saved)::text AS saved, billed, code, rating, created_at AS "createdAt", finished_at AS "finishedAt", version`;
type Row = Omit<Answer, 'createdAt' | 'finishedAt'> & { createdAt: string; finishedAt: string | null };
const OPEN = ['STREAMING', 'AWAITING_APPROVAL'];

/** What is made anew is made as it was the first time: without what was answered then, and since. */
const FIRST_OF = `WITH RECURSIVE asked AS (SELECT id, regenerates FROM ai.answer WHERE id = ? UNION ALL SELECT before.id, before.regenerates FROM ai.answer before JOIN asked ON before.id = asked.regenerates) SELECT min(id) FROM asked`;
const MADE_ANEW = `EXISTS (SELECT 1 FROM ai.answer anew WHERE anew.conversation_id = answer.conversation_id AND anew.regenerates = answer.id AND anew.state = 'COMPLETED' AND anew.id < ?)`;

export class PostgresAnswers implements Answers {
  constructor(private readonly on: Ground) {}
  byIds(ids: readonly AnswerId[], owner: string): Promise<Answer[]> {
    return this.where({ name: 'answers by id', text: 'id = ANY (?::text[]) AND owner = ?', values: [ids, owner] });
  }
  anyByIds(ids: readonly AnswerId[]): Promise<Answer[]> {
    return this.where({ name: 'answers of anybody by id', text: 'id = ANY (?::text[])', values: [ids] });
  }
  page(conversationId: ConversationId, owner: string, { first, after }: Span): Promise<Answer[]> {
    const [id] = after ?? [];
    return this.where({ text: `conversation_id = ? AND owner = ?${id ? ' AND id > ?' : ''} ORDER BY id LIMIT ?`, values: [conversationId, owner, ...(id ? [id] : []), first + 1] });
  }
  async before({ id, conversationId, owner }: Pick<Answer, 'id' | 'conversationId' | 'owner'>, max: number): Promise<Answer[]> {
    const found = await this.where({ name: 'answers before', text: `conversation_id = ? AND owner = ? AND id < (${FIRST_OF}) AND state = 'COMPLETED' AND NOT (${MADE_ANEW}) ORDER BY id DESC LIMIT ?`, values: [conversationId, owner, id, id, max] });
    return found.reverse();
  }
  locked(id: AnswerId): Promise<Answer | null> {
    return this.on.em.findOne(Answer, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  openIn(conversationId: ConversationId): Promise<Answer[]> {
    return this.on.em.find(Answer, { conversationId, state: { $in: OPEN } } as object, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true, orderBy: { id: 'asc' } as object });
  }
  countOpen(owner: string): Promise<number> {
    return this.counted(`owner = ? AND state = 'STREAMING'`, owner);
  }
  count(conversationId: ConversationId): Promise<number> {
    return this.counted('conversation_id = ?', conversationId);
  }
  async idsIn(conversationId: ConversationId, owner: string): Promise<AnswerId[]> {
    const rows = await this.on.rows<{ id: AnswerId }>({ text: 'SELECT id FROM ai.answer WHERE conversation_id = ? AND owner = ?', values: [conversationId, owner] });
    return rows.map(({ id }) => id);
  }
  add(answer: Answer): void { this.on.em.persist(answer); }

  private async where({ text, ...statement }: { text: string; values: (string | number | readonly string[])[]; name?: string }): Promise<Answer[]> {
    const rows = await this.on.rows<Row>({ ...statement, text: `SELECT ${COLUMNS} FROM ai.answer WHERE ${text}` });
    return rows.map(seen);
  }
  private async counted(text: string, value: string): Promise<number> {
    const [row] = await this.on.rows<{ count: string }>({ text: `SELECT count(*) AS count FROM ai.answer WHERE ${text}`, values: [value] });
    return Number(row!.count);
  }
}

/** For reading: nobody watches it for changes. */
const seen = (row: Row): Answer =>
  Object.assign(Object.create(Answer.prototype) as Answer, { ...row, createdAt: new Date(row.createdAt), finishedAt: row.finishedAt === null ? null : new Date(row.finishedAt) });
