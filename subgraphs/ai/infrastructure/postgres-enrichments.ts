import type { Database } from '../../../platform/database/database.ts';
import { rowsWithin, type Ground } from '../../../platform/database/statement.ts';
import type { CollectionId, ItemId, TenantId } from '../../../platform/ids.ts';
import type { Enrichment, Enrichments } from '../domain/enrichment.ts';

export class PostgresEnrichments implements Enrichments {
  constructor(private readonly on: Ground) {}
  byIds(ids: readonly ItemId[]): Promise<Enrichment[]> {
    return this.on.rows<Enrichment>({
      name: 'enrichments', values: [ids],
      text: 'SELECT item_id AS "itemId", collection_id AS "collectionId", item_version AS "itemVersion", rules_version AS version, language, tags, summary FROM ai.enrichment WHERE item_id = ANY (?::text[])',
    });
  }
  async put(all: readonly Enrichment[]): Promise<void> {
    if (all.length === 0) return;
    await this.on.rows({
      name: 'put enrichments', values: [JSON.stringify(all)],
      text: `INSERT INTO ai.enrichment (tenant_id, item_id, collection_id, item_version, rules_version, language, tags, summary)
        SELECT current_setting('app.tenant_id'), "itemId", "collectionId", "itemVersion", version, language, tags, summary
        FROM jsonb_to_recordset(?::jsonb) AS given ("itemId" text, "collectionId" text, "itemVersion" int, version int, language text, tags text[], summary text)
        ON CONFLICT (item_id) DO UPDATE SET collection_id = excluded.collection_id, item_version = excluded.item_version, rules_version = excluded.rules_version,
          language = excluded.language, tags = excluded.tags, summary = excluded.summary, at = now()
        WHERE ai.enrichment.item_version <= excluded.item_version`,
    });
  }
  async forget(ids: readonly ItemId[]): Promise<void> {
    if (ids.length > 0) await this.on.rows({ text: 'DELETE FROM ai.enrichment WHERE item_id = ANY (?::text[])', values: [ids] });
  }
  async forgetCollection(id: CollectionId): Promise<void> {
    await this.on.rows({ text: 'DELETE FROM ai.enrichment WHERE collection_id = ?', values: [id] });
  }
  async isOff(): Promise<boolean> {
    return (await this.on.rows({ text: 'SELECT 1 FROM ai.enrichment_off', values: [] })).length > 0;
  }
  async switch(to: 'on' | 'off'): Promise<void> {
    if (to === 'on') return void await this.on.rows({ text: 'DELETE FROM ai.enrichment_off', values: [] });
    await this.on.rows({ text: `INSERT INTO ai.enrichment_off (tenant_id) VALUES (current_setting('app.tenant_id')) ON CONFLICT DO NOTHING`, values: [] });
    await this.on.rows({ text: 'DELETE FROM ai.enrichment', values: [] });
  }
}

/** Under the clock's role: where other rules have spoken, and nothing of what they said. */
export const postgresDueEnrichments = (database: Pick<Database, 'asClock'>) => ({
  enrichedBefore: (version: number, max: number): Promise<{ tenantId: TenantId; itemId: ItemId }[]> =>
    database.asClock((em) => rowsWithin(em)({ text: 'SELECT tenant_id AS "tenantId", item_id AS "itemId" FROM ai.enrichment WHERE rules_version < ? LIMIT ?', values: [version, max] })),
});
