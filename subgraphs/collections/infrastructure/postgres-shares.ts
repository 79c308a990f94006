import type { EntityManager } from '@mikro-orm/postgresql';
import type { CollectionId, TenantId, UserId } from '../../../platform/ids.ts';
import type { OwnShare, Shares, Span } from '../domain/ports.ts';
import { EVERYONE, Share, type Who } from '../domain/share.ts';
import { asArray } from './postgres-collections.ts';
import { rowsOf } from './statement.ts';

export class PostgresShares implements Shares {
  constructor(private readonly em: EntityManager) {}
  async own(ids: readonly CollectionId[], person: UserId | null, everyone: boolean): Promise<OwnShare[]> {
    const who: Who[] = [...(person ? [person] : []), ...(everyone ? [EVERYONE as Who] : [])];
    if (ids.length === 0 || who.length === 0) return [];
    return rowsOf<OwnShare>(this.em, {
      name: 'own shares', text: 'SELECT collection_id AS "collectionId", role FROM collections.member WHERE collection_id = ANY (?::text[]) AND who = ANY (?::text[])', values: [ids, who],
    });
  }
  async parts(ids: readonly CollectionId[], people: readonly UserId[]): Promise<Map<CollectionId, Set<Who>>> {
    const rows = await this.em.execute<{ id: CollectionId; who: Who[] }[]>(
      `SELECT c.id, ARRAY(SELECT m.who FROM collections.member m WHERE m.tenant_id = c.tenant_id AND m.collection_id = c.id AND m.who = ANY (?)) AS who
       FROM collections.collection c WHERE c.id = ANY (?) AND c.deleted_at IS NULL`, [asArray([...people, EVERYONE]), asArray(ids)]);
    return new Map(rows.map(({ id, who }) => [id, new Set(who)]));
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
