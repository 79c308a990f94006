import type { Ground } from '../../../platform/database/statement.ts';
import type { Id } from '../../../platform/ids.ts';
import type { Handled } from '../domain/document-ports.ts';

/** Of the one consumer that keeps the documents. */
export class PostgresHandled implements Handled {
  constructor(private readonly on: Ground, private readonly consumer: string) {}
  async all(eventIds: readonly string[]): Promise<boolean> {
    const rows = await this.on.rows<{ id: string }>({ name: 'events handled', text: 'SELECT event_id AS id FROM search.inbox WHERE event_id = ANY (?::text[]) AND consumer = ?', values: [eventIds, this.consumer] });
    return new Set(eventIds).size === rows.length;
  }
  async mark(eventIds: readonly Id<'evt'>[]): Promise<void> {
    await this.on.rows({ name: 'mark events handled', text: 'INSERT INTO search.inbox (event_id, consumer) SELECT unnest(?::text[]), ? ON CONFLICT DO NOTHING', values: [eventIds, this.consumer] });
  }
}
