import { AtlasError } from '../../../platform/errors.ts';
import { isId, type UploadId } from '../../../platform/ids.ts';
import type { Job } from '../../../platform/jobs/jobs.ts';
import { invalid } from '../../../platform/text.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look, Work } from '../../../platform/work.ts';
import type { Collection } from '../domain/collection.ts';
import { refuseMoreItems } from '../domain/plan-limits.ts';
import { noUpload, notArrived, Upload } from '../domain/upload.ts';
import type { TransferFormat } from '../domain/transfer.ts';
import { bytesOf, textOf } from '../domain/words.ts';
import type { FileKey, JobPorts, TransferFiles } from './job-ports.ts';
import { notFound, refuseBelow, rolesIn, tenantOf } from './reach-collection.ts';
import { refuseTooManyWaiting } from './waiting-jobs.ts';
import { importItemsJob, type ImportPolicy } from './transfer-jobs.ts';

const CONTENT_BYTES_MAX = 8 * 1_048_576;
const TYPE_OF: Record<TransferFormat, string> = { JSONL: 'application/x-ndjson', CSV: 'text/csv', MARKDOWN_ZIP: 'application/zip' };

/** Exactly one of content and uploadId. */
export interface ImportItemsInput { collectionId: string; format: TransferFormat; policy: ImportPolicy; content?: string | null; uploadId?: string | null }
export type ImportItems = ReturnType<typeof importItems>;

interface Given { work: Work<JobPorts>; look: Look<JobPorts>; files: TransferFiles }

/** What came with the request is kept before the work, like a file that was sent: the job reads either from the store. */
export const importItems = (given: Given) => async (viewer: Viewer, input: ImportItemsInput): Promise<{ job: Job }> => {
  const source = sourceOf(viewer, input);
  // Before anything is kept or looked at in the store, and again when it is asked for.
  await given.look(viewer, async (ports) => {
    await editable(viewer, input.collectionId, ports);
    refuseMoreItems(await ports.room.standing(tenantOf(viewer)), 1);
    if (source.uploadId && !(await ports.uploads.byId(source.uploadId))?.mayUse(viewer.id, 'IMPORT')) throw noUpload();
  });
  const upload = source.content === undefined ? null : await kept(source, given.files);
  const key = upload?.objectKey ?? `${tenantOf(viewer)}/uploads/${source.uploadId}` as const;
  const sent = upload?.bytes ?? await given.files.size(key);
  if (sent === null) throw notArrived();
  return given.work(viewer, async (ports) => {
    const collection = await editable(viewer, input.collectionId, ports);
    await refuseTooManyWaiting(viewer, importItemsJob, 'imports', ports);
    if (upload) await standsFor(upload, ports);
    else (await owned(source.uploadId!, ports)).use(viewer.id, 'IMPORT');
    const job = await ports.jobs.enqueue(importItemsJob, { collectionId: collection.id, format: input.format, policy: input.policy, file: key, bytes: sent }, { by: viewer });
    return { job };
  }).catch(async (error: unknown) => {
    // Of anything but a refusal nobody knows whether the job is there after all; its file has an end without us.
    if (upload && error instanceof AtlasError && error.status < 500) await given.files.remove(key).catch(() => undefined); // what refused it says more
    throw error;
  });
};

type Source = { content: string; upload: Upload; uploadId?: never } | { content?: never; uploadId: UploadId };

function sourceOf(viewer: Viewer, { format, content, uploadId }: ImportItemsInput): Source {
  if ((content == null) === (uploadId == null)) throw invalid('Either content, or an uploadId.', 'content');
  if (uploadId != null) {
    if (!isId('upl', uploadId)) throw noUpload();
    return { uploadId };
  }
  if (format === 'MARKDOWN_ZIP') throw invalid('An archive is sent with createUpload.', 'content');
  const text = textOf(content!, 'content', { bytesMax: CONTENT_BYTES_MAX });
  if (text.trim() === '') throw invalid('There is nothing in it.', 'content');
  const terms = { purpose: 'IMPORT', name: `import.${format.toLowerCase()}`, type: TYPE_OF[format], bytes: bytesOf(text) } as const;
  return { content: text, upload: Upload.received({ tenantId: tenantOf(viewer), by: viewer.id, terms }) };
}

async function kept({ content, upload }: Extract<Source, { upload: Upload }>, files: TransferFiles): Promise<Upload> {
  async function* bytes() { yield new TextEncoder().encode(content); }
  await files.write(upload.objectKey as FileKey, bytes(), upload);
  return upload;
}

/** From now on the upload says how long its file is kept. */
async function standsFor(upload: Upload, { uploads, clearing }: JobPorts): Promise<void> {
  uploads.add(upload);
  await clearing.forget([upload.objectKey]);
}

async function editable(viewer: Viewer, id: string, ports: JobPorts): Promise<Collection> {
  const [collection] = isId('col', id) ? await ports.collections.byIds([id]) : [];
  const role = collection && (await rolesIn(viewer, [collection.id], ports))(collection.id);
  if (!collection || !role) throw notFound('collectionId');
  refuseBelow(viewer, role, 'EDITOR');
  return collection;
}

async function owned(id: UploadId, { uploads }: JobPorts): Promise<Upload> {
  const upload = await uploads.locked(id);
  if (!upload) throw noUpload();
  return upload;
}
