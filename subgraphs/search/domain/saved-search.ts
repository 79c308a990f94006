import { Aggregate } from '../../../platform/aggregate.ts';
import { newId, type SavedSearchId, type TenantId } from '../../../platform/ids.ts';
import { lineOf } from '../../../platform/text.ts';
import { savedSearchDeleted, searchSaved } from '../events.ts';
import type { SearchMode } from './search.ts';

const NAME_MAX = 200;

/** As it was typed, so that it means tomorrow what it would mean if it were typed again. */
export interface SavedTerms { query: string; filter: object; mode: SearchMode }

/** A question that somebody asks again and again: theirs alone. */
export class SavedSearch extends Aggregate {
  readonly id: SavedSearchId;
  readonly tenantId: TenantId;
  /** A person or a key. */
  readonly owner: string;
  name: string;
  query: string;
  filter: object;
  mode: SearchMode;
  readonly createdAt: Date;

  private constructor(given: { tenantId: TenantId; owner: string; name: string } & SavedTerms) {
    super();
    this.id = newId('sav');
    this.tenantId = given.tenantId;
    this.owner = given.owner;
    this.name = lineOf(given.name, 'name', NAME_MAX);
    this.query = given.query;
    this.filter = given.filter;
    this.mode = given.mode;
    this.createdAt = new Date();
  }

  static save(given: { tenantId: TenantId; owner: string; name: string } & SavedTerms): SavedSearch {
    const saved = new SavedSearch(given);
    saved.record(searchSaved({ savedSearchId: saved.id, name: saved.name }, { audit: saved.audit(undefined, saved.said()) }));
    return saved;
  }
  delete(): void {
    this.record(savedSearchDeleted({ savedSearchId: this.id, name: this.name }, { audit: this.audit(this.said(), undefined) }));
  }
  private said() { return { name: this.name, query: this.query, filter: this.filter, mode: this.mode }; }
  private audit(before: unknown, after: unknown) { return { entityType: 'SavedSearch', entityId: this.id, before, after }; }
}
