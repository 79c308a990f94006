import type { Ground } from '../../../platform/database/statement.ts';
import type { ItemId } from '../../../platform/ids.ts';
import type { Unheard } from '../domain/document-ports.ts';

export class PostgresUnheard implements Unheard {
  constructor(private readonly on: Ground) {}
  async note(ids: readonly ItemId[]): Promise<void> {
    await this.on.rows({ text: `INSERT INTO search.unheard (tenant_id, item_id) SELECT current_setting('app.tenant_id'), unnest(?::text[]) ON CONFLICT DO NOTHING`, values: [ids] });
  }
  async forget(ids: readonly ItemId[]): Promise<void> {
    await this.on.rows({ name: 'heard of', text: 'DELETE FROM search.unheard WHERE item_id = ANY (?::text[])', values: [ids] });
  }
  async among(ids: readonly ItemId[]): Promise<Set<ItemId>> {
    const rows = await this.on.rows<{ id: ItemId }>({ name: 'not heard of', text: 'SELECT item_id AS id FROM search.unheard WHERE item_id = ANY (?::text[])', values: [ids] });
    return new Set(rows.map(({ id }) => id));
  }
}
