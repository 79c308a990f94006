/**
 * Brings a file into a collection, batch by batch: each batch, what is told of it and where to go on are one work, so that
 * whatever dies in between, every row is there once. By REJECT_ALL the file is gone through twice, first only to look: what
 * is kept does not change in between, so the second time brings what the first has judged, and nothing is written twice.
 */
import { AtlasError } from '../../../platform/errors.ts';
import { perform, type Attempt, type Handler, type Run } from '../../../platform/jobs/jobs.ts';
import type { Look, Work } from '../../../platform/work.ts';
import { refuseMoreItems } from '../domain/plan-limits.ts';
import type { Bytes, RowReaders } from '../domain/transfer.ts';
import { refusedRows } from './import-report.ts';
import { inBatches, judged, NOTHING, type Batch, type Counts, type Judged, type Where } from './judge-rows.ts';
import type { JobPorts, Starters, TransferFiles } from './job-ports.ts';
import { collectionFor, starterOf } from './reach-as-starter.ts';
import { importItemsJob, type ImportInput, type ImportResult } from './transfer-jobs.ts';

interface Given { work: Work<JobPorts>; look: Look<JobPorts>; files: TransferFiles; readers: RowReaders; starters: Starters }
interface State { step: 'look' | 'write'; after: number; counts: Counts }
/** One attempt at one import. */
interface Import { given: Given; attempt: Attempt<ImportInput>; run: Run; rows(after: number): Promise<AsyncIterable<Judged>> }

export const runImport = (given: Given): Handler => perform(importItemsJob, async (attempt, run) => {
  const { collectionId, policy, file } = attempt.input;
  const viewer = await starterOf(attempt, given);
  await given.look(viewer, (ports) => collectionFor(viewer, collectionId, 'EDITOR', ports));
  if (await given.files.size(file) === null) throw new AtlasError('NOT_FOUND', 'The file is kept no longer; send it again.');

  const one: Import = { given, attempt, run, rows: (after) => rowsOf(attempt, run, given, after) };
  const begun = (attempt.checkpoint as State | null) ?? { step: policy === 'REJECT_ALL' ? 'look' : 'write', after: 0, counts: NOTHING };
  const looked = begun.step === 'look' ? await look(one, begun) : null;
  if (looked && looked.refused > 0) return ended(one, 'REJECTED', { ...looked, imported: 0 });
  const counts = await write(one, looked ? { step: 'write', after: 0, counts: NOTHING } : begun);
  if (policy === 'REJECT_ALL' && counts.refused > 0) throw new AtlasError('FILE_UNREADABLE', 'The file was changed while it was imported.');
  return ended(one, 'IMPORTED', counts);
});

async function rowsOf({ input, scope, startedBy }: Attempt<ImportInput>, { signal }: Run, { files, readers }: Given, after: number): Promise<AsyncIterable<Judged>> {
  const where: Where = { tenantId: scope.tenantId, collectionId: input.collectionId, by: startedBy.id };
  return judged(readers[input.format].read(until(signal, () => files.read(input.file)), after), where);
}

/** A reader may go through all of a file without finding a row to give. */
async function* until(signal: AbortSignal, open: () => Promise<Bytes>): AsyncGenerator<Uint8Array> {
  for await (const part of await open()) {
    signal.throwIfAborted();
    yield part;
  }
}

/** Judges every row and keeps none. */
async function look(one: Import, begun: State): Promise<Counts> {
  const { given: { work }, attempt, run } = one;
  let { counts, after } = begun;
  for await (const batch of inBatches(await one.rows(begun.after), begun)) {
    run.signal.throwIfAborted();
    ({ counts, after } = batch);
    const state: State = { step: 'look', after, counts };
    await work(attempt.scope, ({ jobs }) => jobs.checkpoint(state, { progress: partOf(attempt, batch) / 2, note: `${counts.rows} rows looked at, ${counts.refused} refused` }));
  }
  const [next, note]: [State, string] = counts.refused > 0
    ? [{ step: 'look', after, counts }, `Nothing imported: ${counts.refused} of ${counts.rows} rows were refused`]
    : [{ step: 'write', after: 0, counts: NOTHING }, `${counts.rows} rows looked at, none refused`];
  await work(attempt.scope, ({ jobs }) => jobs.checkpoint(next, { note }));
  return counts;
}

async function write(one: Import, begun: State): Promise<Counts> {
  let { counts } = begun;
  for await (const batch of inBatches(await one.rows(begun.after), begun)) {
    one.run.signal.throwIfAborted();
    await written(one, batch);
    counts = batch.counts;
  }
  return counts;
}

/** In the scope of whoever asked for it: the database holds it to their rights too, and it is their doing that is told. */
async function written({ given, attempt }: Import, batch: Batch): Promise<void> {
  const { items, after, counts } = batch;
  const { collectionId, policy } = attempt.input;
  const viewer = await starterOf(attempt, given);
  const part = partOf(attempt, batch);
  const rights = (ports: JobPorts) => collectionFor(viewer, collectionId, 'EDITOR', ports);
  await given.work(viewer, async (ports) => {
    const collection = await rights(ports);
    refuseMoreItems(await ports.room.standing(attempt.scope.tenantId), items.length);
    await ports.items.addAll(items);
    if (items.length > 0) {
      collection.tellImported(attempt.id, items.map(({ id }) => id), attempt.startedBy.id);
      ports.witness(collection);
    }
    const state: State = { step: 'write', after, counts };
    await ports.jobs.checkpoint(state, { progress: policy === 'REJECT_ALL' ? 0.5 + part / 2 : part, note: noteOf(counts) });
  }).catch(async (error: unknown) => {
    // Lost between the check and the rows: it is said as if it had been lost before.
    if (error instanceof AtlasError && error.code === 'FORBIDDEN') await given.look(viewer, rights);
    throw error;
  });
}

/** Of its bytes, or of the files that an archive says it holds. */
const partOf = ({ input: { bytes } }: Attempt<ImportInput>, { after, of = bytes }: Batch): number => Math.min(1, after / of);
const noteOf = ({ imported, refused, skipped }: Counts): string => `${imported} imported, ${refused} refused${skipped > 0 ? `, ${skipped} skipped` : ''}`;

async function ended({ given, attempt, run, rows }: Import, outcome: ImportResult['outcome'], counts: Counts): Promise<ImportResult> {
  const { collectionId } = attempt.input;
  const found = counts.refused === 0 ? { codes: {}, refusals: [], report: null } : await refusedRows(await rows(0), { ...given, key: `${attempt.scope.tenantId}/reports/${attempt.id}`, signal: run.signal });
  return { collectionId, outcome, ...counts, ...found };
}
