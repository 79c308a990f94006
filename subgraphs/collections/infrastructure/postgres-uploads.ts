import { LockMode } from '@mikro-orm/postgresql';
import type { Ground } from '../../../platform/database/statement.ts';
import type { TenantId, UploadId } from '../../../platform/ids.ts';
import type { Uploads } from '../domain/ports.ts';
import { Upload } from '../domain/upload.ts';

export class PostgresUploads implements Uploads {
  constructor(private readonly on: Ground) {}
  byId(id: UploadId): Promise<Upload | null> {
    return this.on.em.findOne(Upload, { id });
  }
  locked(id: UploadId): Promise<Upload | null> {
    return this.on.em.findOne(Upload, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  async openIn(tenantId: TenantId, createdBy: string): Promise<{ mine: number; bytes: number }> {
    await this.on.rows({ text: "SELECT pg_advisory_xact_lock(hashtextextended('collections.upload ' || ?, 0))", values: [tenantId] });
    const [row] = await this.on.rows<{ mine: string; bytes: string }>({
      text: 'SELECT count(*) FILTER (WHERE created_by = ?) AS mine, coalesce(sum(bytes), 0) AS bytes FROM collections.upload WHERE tenant_id = ? AND used_at IS NULL AND kept_until > now()', values: [createdBy, tenantId],
    });
    return { mine: Number(row!.mine), bytes: Number(row!.bytes) };
  }
  add(upload: Upload): void {
    this.on.em.persist(upload);
  }
}
