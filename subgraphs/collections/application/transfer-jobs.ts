/** The kinds of jobs that bring items in and give them out: what they are asked with, and what they answer. */
import { defineJob } from '../../../platform/jobs/jobs.ts';
import type { CollectionId } from '../../../platform/ids.ts';
import type { Refusal, TransferFormat } from '../domain/transfer.ts';
import type { FileKey } from './job-ports.ts';

export type ImportPolicy = 'REJECT_ALL' | 'REJECT_ROWS';

export interface ImportInput { collectionId: CollectionId; format: TransferFormat; policy: ImportPolicy; file: FileKey; bytes: number }
export interface ExportInput { collectionId: CollectionId; format: TransferFormat; until: string }

/** A copy of what may be deleted meanwhile: no longer than it takes to fetch it. */
export const RESULT_KEPT_DAYS = 7;
export const resultKeptUntil = (): Date => new Date(Date.now() + RESULT_KEPT_DAYS * 24 * 3_600_000);

/** As it is kept: a URL is made for whoever reads the result, when they do. */
export interface KeptFile { key: FileKey; name: string; type: string; bytes: number; keptUntil: string }
export interface RefusedRow extends Refusal { line: number; name?: string }

export interface ImportResult {
  collectionId: CollectionId;
  /** REJECTED: a row was refused, so by REJECT_ALL none was imported. */
  outcome: 'IMPORTED' | 'REJECTED';
  rows: number; imported: number; refused: number; skipped: number;
  /** How many rows each code refused. */
  codes: Readonly<Record<string, number>>;
  /** The first of them; all stand in the report. */
  refusals: readonly RefusedRow[];
  report: KeptFile | null;
}
export interface ExportResult { collectionId: CollectionId; items: number; file: KeptFile }

// Many attempts: a process that dies costs one, and what was imported until then is kept.
export const importItemsJob = defineJob<ImportInput, ImportResult>('collections.import-items', { attemptsMax: 10 });
export const exportCollectionJob = defineJob<ExportInput, ExportResult>('collections.export-collection');
