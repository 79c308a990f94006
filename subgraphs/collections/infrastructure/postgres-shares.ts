import type { EntityManager } from '@mikro-orm/postgresql';
import type { CollectionId, TenantId, UserId } from '../../../platform/ids.ts';
import type { Shares, Span } from '../domain/ports.ts';
import { EVERYONE, Share, type Who } from '../domain/share.ts';

export class PostgresShares implements Shares {
  constructor(private readonly em: EntityManager) {}
  own(ids: readonly CollectionId[], person: UserId | null, everyone: boolean): Promise<Share[]> {
    const who: Who[] = [...(person ? [person] : []), ...(everyone ? [EVERYONE as Who] : [])];
    return ids.length === 0 || who.length === 0 ? Promise.resolve([]) : this.em.find(Share, { collectionId: { $in: [...ids] }, who: { $in: who } });
  }
  of(collectionId: CollectionId, who: Who): Promise<Share | null> {
    return this.em.findOne(Share, { collectionId, who });
  }
  async page(collectionId: CollectionId, { first, after }: Span): Promise<Share[]> {
    const rows = await this.em.execute<Record<string, unknown>[]>(
      `SELECT * FROM collections.member WHERE collection_id = ?${after ? ' AND (added_at, who) > (?, ?)' : ''} ORDER BY added_at, who LIMIT ?`, [collectionId, ...(after ?? []), first + 1]);
    return rows.map((row) => this.em.map(Share, row as never));
  }
  count(collectionId: CollectionId): Promise<number> {
    return this.em.count(Share, { collectionId });
  }
  add(share: Share): void {
    this.em.persist(share);
  }
  remove(share: Share): void {
    this.em.remove(share);
  }
  async removeOf(tenantId: TenantId, who: UserId): Promise<void> {
    await this.em.nativeDelete(Share, { tenantId, who });
  }
}
