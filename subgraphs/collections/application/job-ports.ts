/** What use cases about jobs and their files need beside the ports of the domain. */
import type { Jobs, Starter } from '../../../platform/jobs/jobs.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Collection } from '../domain/collection.ts';
import type { Ports } from '../domain/ports.ts';
import type { Purged } from '../domain/purged.ts';
import type { Bytes } from '../domain/transfer.ts';

export type JobPorts = Ports & {
  jobs: Jobs;
  /** Tells what happened in a collection that is as it was, or went for good. */
  witness(subject: Collection | Purged): void;
};

/** `tnt_…/exports/job_…`, as the store of the platform names what it keeps. */
export type FileKey = `${TenantId}/${string}`;

/** The files of imports and exports. Never asked within a work, which waits for nobody. */
export interface TransferFiles {
  /** How many bytes there are; null when there is no such file. */
  size(key: FileKey): Promise<number | null>;
  read(key: FileKey): Promise<Bytes>;
  /** Takes the place of what was there, once all of it is kept. Until when is written down first: whatever dies in between, nothing stays for ever. */
  write(key: FileKey, from: Bytes, as: { type: string; keptUntil: Date }): Promise<{ bytes: number }>;
  remove(key: FileKey): Promise<void>;
  urlOf(file: { key: FileKey; name: string; type: string; expiresAt: Date }): Promise<string>;
}

/** Who asked for a job, as they are today; null when they are nothing in the tenant any more, or a key that opens nothing. */
export interface Starters { today(startedBy: Starter, tenantId: TenantId): Promise<Viewer | null> }
