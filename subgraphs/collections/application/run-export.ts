/**
 * Writes the items of a collection into a file, page by page, under the rights of whoever asked as they are at each page.
 * An item that is there from beginning to end is in it once, as it was when its page was read; what is made after the export
 * was asked for is left out. One snapshot for all would hold back the database's tidying for as long as the slowest store takes.
 */
import { perform, type Attempt, type Handler, type Run } from '../../../platform/jobs/jobs.ts';
import type { Look, Work } from '../../../platform/work.ts';
import type { Item } from '../domain/item.ts';
import type { ExportedItem, RowWriters } from '../domain/transfer.ts';
import type { JobPorts, Starters, TransferFiles } from './job-ports.ts';
import { collectionFor, starterOf } from './reach-as-starter.ts';
import { exportCollectionJob, resultKeptUntil, type ExportInput } from './transfer-jobs.ts';

const PAGE_MAX = 500;
/** An item may hold a megabyte, so pages are as long as those before them let expect. */
const PAGE_FIRST = 50;
const PAGE_CHARACTERS = 4_000_000;
const NAME_MAX = 100;

interface Given { work: Work<JobPorts>; look: Look<JobPorts>; files: TransferFiles; writers: RowWriters; starters: Starters }

export const runExport = (given: Given): Handler => perform(exportCollectionJob, async (attempt, run) => {
  const { collectionId, format } = attempt.input;
  const viewer = await starterOf(attempt, given);
  const { name, total } = await given.look(viewer, async (ports) => {
    const collection = await collectionFor(viewer, collectionId, 'VIEWER', ports);
    return { name: collection.name, total: (await ports.collections.itemCounts([collectionId])).get(collectionId) ?? 0 };
  });
  const writer = given.writers[format];
  const key = `${attempt.scope.tenantId}/exports/${attempt.id}` as const;
  let items = 0;
  async function* counted(): AsyncGenerator<ExportedItem> {
    for await (const page of pagesOf(attempt, run, given)) {
      for (const item of page) yield exported(item);
      items += page.length;
      run.progress(total > 0 ? items / total : 0, `${items} items written`);
    }
  }
  const keptUntil = resultKeptUntil();
  const { bytes } = await given.files.write(key, writer.write(counted()), { type: writer.type, keptUntil });
  await given.work(attempt.scope, ({ jobs }) => jobs.checkpoint(null, { progress: 1, note: `${items} items written` }));
  return { collectionId, items, file: { key, name: `${[...name].slice(0, NAME_MAX).join('')}.${writer.extension}`, type: writer.type, bytes, keptUntil: keptUntil.toISOString() } };
});

async function* pagesOf(attempt: Attempt<ExportInput>, { signal }: Run, given: Given): AsyncGenerator<Item[]> {
  const { collectionId } = attempt.input;
  const until = new Date(attempt.input.until);
  let after: Item | null = null;
  for (let first = PAGE_FIRST; ;) {
    signal.throwIfAborted();
    const viewer = await starterOf(attempt, given);
    const page: Item[] = await given.look(viewer, async (ports) => {
      await collectionFor(viewer, collectionId, 'VIEWER', ports);
      return ports.items.since(collectionId, { after, until, first });
    });
    if (page.length > 0) yield page;
    if (page.length < first) return;
    after = page.at(-1)!;
    const each = page.reduce((sum, { body }) => sum + body.length, 0) / page.length;
    first = Math.max(1, Math.min(PAGE_MAX, Math.floor(PAGE_CHARACTERS / (each + 1))));
  }
}

const exported = ({ id, version, createdAt, updatedAt, title, body, url, tags, metadata }: Item): ExportedItem =>
  ({ id, version, createdAt, updatedAt, title, body, tags, metadata, ...(url !== null && { url }) });
