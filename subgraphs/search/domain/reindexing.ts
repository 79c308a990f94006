import { Aggregate } from '../../../platform/aggregate.ts';
import type { CollectionId, JobId, TenantId } from '../../../platform/ids.ts';
import { reindexAsked } from '../events.ts';

/** That somebody wants everything indexed anew: the job is the platform's, who asked for it is told here. */
export class Reindexing extends Aggregate {
  readonly id: JobId;
  override readonly version = 1;

  private constructor(jobId: JobId, readonly tenantId: TenantId) {
    super();
    this.id = jobId;
  }

  static asked({ tenantId, jobId, collectionId }: { tenantId: TenantId; jobId: JobId; collectionId: CollectionId | null }): Reindexing {
    const asked = new Reindexing(jobId, tenantId);
    asked.record(reindexAsked({ jobId, collectionId }, { audit: { entityType: 'Job', entityId: jobId, after: { collectionId } } }));
    return asked;
  }
}
