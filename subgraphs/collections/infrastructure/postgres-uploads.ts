import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { UploadId } from '../../../platform/ids.ts';
import type { Uploads } from '../domain/ports.ts';
import { Upload } from '../domain/upload.ts';

export class PostgresUploads implements Uploads {
  constructor(private readonly em: EntityManager) {}
  byId(id: UploadId): Promise<Upload | null> {
    return this.em.findOne(Upload, { id });
  }
  locked(id: UploadId): Promise<Upload | null> {
    return this.em.findOne(Upload, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }
  openOf(createdBy: string): Promise<number> {
    return this.em.count(Upload, { createdBy, usedAt: null, keptUntil: { $gt: new Date() } });
  }
  add(upload: Upload): void {
    this.em.persist(upload);
  }
}
