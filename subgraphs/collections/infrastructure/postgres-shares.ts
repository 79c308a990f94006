import type { Ground } from '../../../platform/database/statement.ts';
import type { CollectionId, TenantId, UserId } from '../../../platform/ids.ts';
import type { OwnShare, Shares, Span } from '../domain/ports.ts';
import { EVERYONE, Share, type Who } from '../domain/share.ts';

interface ShareRow { tenant_id: TenantId; collection_id: CollectionId; who: Who; role: Share['role']; added_at: string }

export class PostgresShares implements Shares {
  constructor(private readonly on: Ground) {}
  async own(ids: readonly CollectionId[], person: UserId | null, everyone: boolean): Promise<OwnShare[]> {
    const who: Who[] = [...(person ? [person] : []), ...(everyone ? [EVERYONE as Who] : [])];
    if (ids.length === 0 || who.length === 0) return [];
    return this.on.rows<OwnShare>({
      name: 'own shares', text: 'SELECT collection_id AS "collectionId", role FROM collections.member WHERE collection_id = ANY (?::text[]) AND who = ANY (?::text[])', values: [ids, who],
    });
  }
  async parts(ids: readonly CollectionId[], people: readonly UserId[]): Promise<Map<CollectionId, Set<Who>>> {
    const rows = await this.on.rows<{ id: CollectionId; who: Who[] }>({
      name: 'parts in collections',
      text: `SELECT c.id, ARRAY(SELECT m.who FROM collections.member m WHERE m.tenant_id = c.tenant_id AND m.collection_id = c.id AND m.who = ANY (?::text[])) AS who
        FROM collections.collection c WHERE c.id = ANY (?::text[]) AND c.deleted_at IS NULL`,
      values: [[...people, EVERYONE], ids],
    });
    return new Map(rows.map(({ id, who }) => [id, new Set(who)]));
  }
  of(collectionId: CollectionId, who: Who): Promise<Share | null> {
    return this.on.em.findOne(Share, { collectionId, who });
  }
  async page(collectionId: CollectionId, { first, after }: Span): Promise<Share[]> {
    const rows = await this.on.rows<ShareRow>({
      text: `SELECT tenant_id, collection_id, who, role, added_at FROM collections.member WHERE collection_id = ?${after ? ' AND (added_at, who) > (?::timestamptz, ?)' : ''} ORDER BY added_at, who LIMIT ?`,
      values: [collectionId, ...(after ?? []), first + 1],
    });
    return rows.map(shareOf);
  }
  count(collectionId: CollectionId): Promise<number> {
    return this.on.em.count(Share, { collectionId });
  }
  add(share: Share): void {
    this.on.em.persist(share);
  }
  remove(share: Share): void {
    this.on.em.remove(share);
  }
  async removeOf(tenantId: TenantId, who: UserId): Promise<void> {
    await this.on.em.nativeDelete(Share, { tenantId, who });
  }
}

/** For reading: unlike what `of` gives, nobody watches it for changes. */
const shareOf = (row: ShareRow): Share => Object.assign(Object.create(Share.prototype) as Share, {
  tenantId: row.tenant_id, collectionId: row.collection_id, who: row.who, role: row.role, addedAt: new Date(row.added_at),
});
