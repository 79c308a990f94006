import { isId, type AttachmentId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import { holdItem } from './hold-item.ts';
import { notFound } from './reach-collection.ts';
import { removeFiles } from './purge-deleted.ts';
import type { JobPorts } from './job-ports.ts';

export type RemoveAttachment = ReturnType<typeof removeAttachment>;

/** The file itself is deleted by a job, after the commit: what is undone here has lost nothing. */
export const removeAttachment = (given: { work: Work<JobPorts> }) => (viewer: Viewer, { id }: { id: string }): Promise<{ attachmentId: AttachmentId }> =>
  given.work(viewer, async (ports) => {
    const [seen] = isId('att', id) ? await ports.attachments.byIds([id]) : [];
    if (!seen) throw notFound('id');
    await holdItem(viewer, seen.itemId, ports);
    const attachment = await ports.attachments.locked(seen.id);
    if (!attachment) throw notFound('id');
    attachment.remove();
    ports.attachments.remove(attachment);
    await ports.jobs.enqueue(removeFiles, {}, { by: viewer });
    return { attachmentId: attachment.id };
  });
