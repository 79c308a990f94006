import { LockMode } from '@mikro-orm/postgresql';
import type { Ground } from '../../../platform/database/statement.ts';
import type { UploadId } from '../../../platform/ids.ts';
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
  openOf(createdBy: string): Promise<number> {
    return this.on.em.count(Upload, { createdBy, usedAt: null, keptUntil: { $gt: new Date() } });
  }
  add(upload: Upload): void {
    this.on.em.persist(upload);
  }
}
