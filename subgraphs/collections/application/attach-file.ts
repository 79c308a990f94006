import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look, Work } from '../../../platform/work.ts';
import type { AttachedFiles } from '../domain/attachment-ports.ts';
import { Attachment, refuseTooMany } from '../domain/attachment.ts';
import { refuseMoreBytes } from '../domain/plan-limits.ts';
import { noUpload } from '../domain/upload.ts';
import { holdItem } from './hold-item.ts';
import { readAttachment } from './read-attachment.ts';
import { tenantOf } from './reach-collection.ts';
import type { JobPorts } from './job-ports.ts';

export interface AttachFileInput { itemId: string; uploadId: string; name?: string | null }
export type AttachFile = ReturnType<typeof attachFile>;

/** What has arrived is looked at before the work, which waits for no store: nobody can send anything else in between, because an upload's URL works once. */
export const attachFile = (given: { work: Work<JobPorts>; look: Look<JobPorts>; attached: AttachedFiles; isReadable: (type: string) => boolean }) =>
  async (viewer: Viewer, { itemId, uploadId, name }: AttachFileInput): Promise<{ attachment: Attachment }> => {
    tenantOf(viewer);
    const seen = isId('upl', uploadId) ? await given.look(viewer, ({ uploads }) => uploads.byId(uploadId)) : null;
    if (!seen?.mayUse(viewer.id, 'ATTACHMENT')) throw noUpload();
    const arrived = await given.attached.arrived(seen.objectKey);
    return given.work(viewer, async (ports) => {
      const item = await holdItem(viewer, itemId, ports, 'itemId');
      item.refuseDeleted('itemId');
      const upload = await ports.uploads.locked(seen.id);
      if (!upload) throw noUpload();
      refuseTooMany(await ports.attachments.sumOf(item.id), upload.bytes);
      refuseMoreBytes(await ports.room.standing(item.tenantId), upload.bytes);
      const attachment = Attachment.of(item, upload, { arrived, name, by: viewer.id, isReadable: given.isReadable(upload.type) });
      ports.attachments.add(attachment);
      if (attachment.wantsText()) await ports.jobs.enqueue(readAttachment, { attachmentId: attachment.id }, { by: viewer, once: attachment.id });
      return { attachment };
    });
  };
