import type { Ground } from '../../../platform/database/statement.ts';
import type { AnswerId } from '../../../platform/ids.ts';
import type { AnswerEvent, AnswerEventBody } from '../domain/answer-event.ts';
import type { AnswerLog } from '../domain/ports.ts';

/** Said with every change: who follows in another process reads on. */
export const ANSWERS_CHANNEL = 'atlas_answers';

interface Row { seq: number; body: AnswerEventBody; at: string }
const eventOf = ({ seq, body, at }: Row): AnswerEvent => ({ seq, body, at: new Date(at) });

export class PostgresAnswerLog implements AnswerLog {
  constructor(private readonly on: Ground) {}
  async after(answerId: AnswerId, seq: number, max: number): Promise<AnswerEvent[]> {
    const rows = await this.on.rows<Row>({ name: 'answer events', text: 'SELECT seq, body, at FROM ai.answer_event WHERE answer_id = ? AND seq > ? ORDER BY seq LIMIT ?', values: [answerId, seq, max] });
    return rows.map(eventOf);
  }
  /** Two that add at once would draw the same numbers: the key refuses one of them, whole. */
  async append(answerId: AnswerId, events: readonly AnswerEventBody[]): Promise<AnswerEvent[]> {
    const rows = await this.on.rows<Row>({
      name: 'add answer events', values: [answerId, answerId, JSON.stringify(events), ANSWERS_CHANNEL, answerId],
      text: `WITH added AS (
          INSERT INTO ai.answer_event (tenant_id, answer_id, seq, body)
          SELECT current_setting('app.tenant_id'), ?, (SELECT coalesce(max(seq), 0) FROM ai.answer_event WHERE answer_id = ?) + given.ordinality, given.value
          FROM jsonb_array_elements(?::jsonb) WITH ORDINALITY AS given RETURNING seq, body, at)
        SELECT seq, body, at, pg_notify(?, ? || ' ' || max(seq) OVER ()) FROM added ORDER BY seq`,
    });
    return rows.map(eventOf);
  }
}
