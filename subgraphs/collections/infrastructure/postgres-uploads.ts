import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { TenantId, UploadId } from '../../../platform/ids.ts';
import type { Uploads } from '../domain/ports.ts';
import { Upload } from '../domain/upload.ts';
import { rowsOf } from './statement.ts';

export class PostgresUploads implements Uploads {
  constructor(private readonly em: EntityManager) {}
  byId(id: UploadId): Promise<Upload | null> {
    return this.em.findOne(Upload, { id });
  }
  locked(id: UploadId): Promise<Upload | null> {
    return this.em.findOne(Upload, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  async openIn(tenantId: TenantId, createdBy: string): Promise<{ mine: number; bytes: number }> {
    await rowsOf(this.em, { text: "SELECT pg_advisory_xact_lock(hashtextextended('collections.upload ' || ?, 0))", values: [tenantId] });
    const [row] = await rowsOf<{ mine: string; bytes: string }>(this.em, {
      text: 'SELECT count(*) FILTER (WHERE created_by = ?) AS mine, coalesce(sum(bytes), 0) AS bytes FROM collections.upload WHERE tenant_id = ? AND used_at IS NULL AND kept_until > now()', values: [createdBy, tenantId],
    });
    return { mine: Number(row!.mine), bytes: Number(row!.bytes) };
  }
  add(upload: Upload): void {
    this.em.persist(upload);
  }
}
