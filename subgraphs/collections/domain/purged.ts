import { Aggregate } from '../../../platform/aggregate.ts';
import type { CollectionId, JobId } from '../../../platform/ids.ts';
import { itemsPurged } from '../events.ts';
import { bytesUsed, itemsUsed } from './usage.ts';

/** What went for good in one batch, by where it was and whose: how many rows, how many items of them nobody had deleted by themselves, and the bytes of their files. */
export interface Gone { collectionId: CollectionId; createdBy: string; rows: number; items: number; files: number; bytes: number }

/** What one job clears away: it keeps no row, and tells what is no longer there. */
export class Purged extends Aggregate {
  private constructor(readonly id: JobId) {
    super();
    this.version = 1;
  }

  static by(jobId: JobId, gone: readonly Gone[]): Purged {
    const purged = new Purged(jobId);
    const all = (what: 'rows' | 'files' | 'bytes') => gone.reduce((sum, one) => sum + one[what], 0);
    // An item that was deleted was taken off then; one that went with its collection is taken off now.
    const usage = gone.flatMap((one) => [...(one.items > 0 ? [itemsUsed(one, -one.items)] : []), ...(one.bytes > 0 ? [bytesUsed(one, -one.bytes)] : [])]);
    purged.record(itemsPurged({ jobId, items: all('rows'), files: all('files'), bytes: all('bytes') }, usage.length > 0 ? { usage } : {}));
    return purged;
  }
}
