import { createHash } from 'node:crypto';
import type { Ground } from '../../../platform/database/statement.ts';
import type { AnswerId, CollectionId } from '../../../platform/ids.ts';
import type { FoundPassage } from '../domain/flow.ts';
import type { Reach } from '../domain/reach.ts';
import type { Remembered, RememberedAnswers } from '../domain/recall.ts';

const COLUMNS = `kept.answer_id AS "answerId", said.question, kept.passages, said.text, said.citations, said.model, said.input_tokens AS "inputTokens", said.output_tokens AS "outputTokens",
  trim_scale(said.cost)::text AS cost, said.currency`;
const FROM = `FROM ai.remembered kept JOIN ai.answer said ON said.id = kept.answer_id WHERE said.state = 'COMPLETED' AND said.text IS NOT NULL`;
/** A key names every collection that somebody sees. */
const digest = (key: string): string => createHash('sha256').update(key).digest('base64url');

export class PostgresRemembered implements RememberedAnswers {
  constructor(private readonly on: Ground) {}
  under(key: string, max: number): Promise<Remembered[]> {
    return this.on.rows<Remembered>({ name: 'remembered answers', text: `SELECT ${COLUMNS} ${FROM} AND kept.key = ? AND kept.at > now() - interval '1 day' ORDER BY kept.at DESC LIMIT ?`, values: [digest(key), max] });
  }
  async byId(answerId: AnswerId): Promise<Remembered | null> {
    const [found] = await this.on.rows<Remembered>({ text: `SELECT ${COLUMNS} ${FROM} AND kept.answer_id = ?`, values: [answerId] });
    return found ?? null;
  }
  async keep(key: string, { answerId, reach, passages }: { answerId: AnswerId; reach: Reach; passages: readonly FoundPassage[] }): Promise<void> {
    await this.on.rows({
      name: 'remember an answer', values: [answerId, digest(key), reach.everything ? null : reach.collectionIds, JSON.stringify(passages)],
      text: `INSERT INTO ai.remembered (tenant_id, answer_id, key, collection_ids, passages) VALUES (current_setting('app.tenant_id'), ?, ?, ?::text[], ?::jsonb) ON CONFLICT DO NOTHING`,
    });
  }
  async forget(collectionId: CollectionId | null): Promise<void> {
    await this.on.rows({ name: 'forget answers', text: 'DELETE FROM ai.remembered WHERE ?::text IS NULL OR collection_ids IS NULL OR ? = ANY (collection_ids)', values: [collectionId, collectionId] });
  }
}
