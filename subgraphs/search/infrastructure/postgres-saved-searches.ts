import { LockMode } from '@mikro-orm/postgresql';
import type { Ground } from '../../../platform/database/statement.ts';
import type { SavedSearchId } from '../../../platform/ids.ts';
import type { SavedSearches } from '../domain/document-ports.ts';
import { SavedSearch } from '../domain/saved-search.ts';

const COLUMNS = 'id, tenant_id AS "tenantId", owner, name, query, filter, mode, created_at AS "createdAt", version';
type Row = Omit<SavedSearch, 'createdAt'> & { createdAt: string };

export class PostgresSavedSearches implements SavedSearches {
  constructor(private readonly on: Ground) {}
  async byIds(ids: readonly SavedSearchId[], owner: string): Promise<SavedSearch[]> {
    const rows = await this.on.rows<Row>({ name: 'saved searches by id', text: `SELECT ${COLUMNS} FROM search.saved_search WHERE id = ANY (?::text[]) AND owner = ?`, values: [ids, owner] });
    return rows.map(savedOf);
  }
  async page(owner: string, { first, after }: { first: number; after: readonly string[] | null }): Promise<SavedSearch[]> {
    const [id] = after ?? [];
    const rows = await this.on.rows<Row>({
      text: `SELECT ${COLUMNS} FROM search.saved_search WHERE owner = ?${id ? ' AND id < ?' : ''} ORDER BY id DESC LIMIT ?`, values: [owner, ...(id ? [id] : []), first + 1],
    });
    return rows.map(savedOf);
  }
  async count(owner: string): Promise<number> {
    const [row] = await this.on.rows<{ count: string }>({ text: 'SELECT count(*) AS count FROM search.saved_search WHERE owner = ?', values: [owner] });
    return Number(row!.count);
  }
  locked(id: SavedSearchId, owner: string): Promise<SavedSearch | null> {
    return this.on.em.findOne(SavedSearch, { id, owner }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  add(saved: SavedSearch): void {
    this.on.em.persist(saved);
  }
  remove(saved: SavedSearch): void {
    this.on.em.remove(saved);
  }
}

/** For reading: nobody watches it for changes. */
const savedOf = (row: Row): SavedSearch => Object.assign(Object.create(SavedSearch.prototype) as SavedSearch, { ...row, createdAt: new Date(row.createdAt) });
