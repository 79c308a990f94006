import type { AttachmentId } from '../../../platform/ids.ts';
import { invalidArgument } from '../../../platform/text.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { all, type Glance } from '../../../platform/work.ts';
import type { AttachedFiles, AttachmentSpan, TextSpan } from '../domain/attachment-ports.ts';
import { TEXT_BYTES_MAX, type Attachment } from '../domain/attachment.ts';
import type { Ports } from '../domain/ports.ts';

const TEXT_LENGTH_MAX = 100_000;
const URL_MS = 300_000;

/** Nobody's role is asked for here: the database shows the caller what their role lets them see. */
export interface SeeAttachments {
  byIds(viewer: Viewer, ids: readonly AttachmentId[]): Promise<Attachment[]>;
  pages(viewer: Viewer, spans: readonly AttachmentSpan[]): Promise<Attachment[][]>;
  texts(viewer: Viewer, spans: readonly TextSpan[]): Promise<(string | null)[]>;
  /** Whoever holds the attachment got it under their own rights, a moment ago. */
  urlOf(attachment: Attachment): Promise<string>;
}

export const seeAttachments = ({ glance, attached }: { glance: Glance<Ports>; attached: AttachedFiles }): SeeAttachments => ({
  byIds: (viewer, ids) => glance(viewer, ({ attachments }) => attachments.byIds(ids), all(ids)),
  pages: (viewer, spans) => glance(viewer, ({ attachments }) => attachments.pages(spans)),
  texts: (viewer, spans) => glance(viewer, ({ attachments }) => attachments.texts(spans), (found) => !found.includes(null)),
  urlOf: (attachment) => attached.downloadUrl(attachment, new Date(Date.now() + URL_MS)),
});

/** Where no text reaches there is none, however far away that is: the database counts to two thousand millions alone. */
export function textSpanOf(id: AttachmentId, from: number, length: number): TextSpan {
  if (from < 0) throw invalidArgument('from is 0 or more.', 'from');
  if (length < 1 || length > TEXT_LENGTH_MAX) throw invalidArgument(`length is from 1 to ${TEXT_LENGTH_MAX}.`, 'length');
  return { id, from: Math.min(from, TEXT_BYTES_MAX), length };
}
