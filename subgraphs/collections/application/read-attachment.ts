import { AtlasError, toPublic } from '../../../platform/errors.ts';
import type { AttachmentId } from '../../../platform/ids.ts';
import { defineJob, perform, type Attempt, type Handler } from '../../../platform/jobs/jobs.ts';
import type { Look, Work } from '../../../platform/work.ts';
import type { AttachedFiles } from '../domain/attachment-ports.ts';
import { READING, type TextState } from '../domain/attachment.ts';
import type { TextExtractor } from '../domain/transfer.ts';
import type { JobPorts } from './job-ports.ts';

interface Asked { attachmentId: AttachmentId }
interface Read { attachmentId: AttachmentId; state: TextState | 'REMOVED'; characters: number | null }

/** Each is a process of its own with memory of its own: one at once. */
export const readAttachment = defineJob<Asked, Read>(READING, { atOnce: 1, perTenant: 1 });

/** Takes the text out of an attachment, beside any work; what comes of it is written once, under the fence of the job. */
export const readAttachmentHandler = (given: { work: Work<JobPorts>; look: Look<JobPorts>; attached: AttachedFiles; extractor: TextExtractor }): Handler =>
  perform(readAttachment, async (attempt: Attempt<Asked>, run): Promise<Read> => {
    const { attachmentId } = attempt.input;
    const [attachment] = await given.look(attempt.scope, ({ attachments }) => attachments.byIds([attachmentId]));
    if (!attachment?.wantsText()) return { attachmentId, state: attachment?.textState ?? 'REMOVED', characters: attachment?.textCharacters ?? null };
    try {
      const found = await given.extractor.extract(() => given.attached.read(attachment.objectKey), attachment.type, run.signal);
      return await given.work(attempt.scope, async (ports) => {
        const held = await ports.attachments.locked(attachmentId);
        if (!held?.wantsText()) return { attachmentId, state: held?.textState ?? 'REMOVED', characters: held?.textCharacters ?? null };
        held.read(found);
        await ports.attachments.keepText(held, found.text);
        return { attachmentId, state: held.textState, characters: held.textCharacters };
      });
    } catch (error) {
      const why: unknown = run.signal.aborted ? run.signal.reason : error;
      if (isFinal(why, attempt)) await given.work(attempt.scope, async ({ attachments }) => (await attachments.locked(attachmentId))?.unreadable(said(why)));
      throw error;
    }
  });

/** No further attempt is made of itself: whoever looks at the attachment is told why it has no text. `retryJob` may change it. */
const isFinal = (why: unknown, { attempt }: Attempt): boolean =>
  why instanceof AtlasError && (why.code === 'CANCELLED' || why.code.startsWith('FILE_')) || attempt >= readAttachment.attemptsMax;

function said(why: unknown) {
  const { message, extensions: { code } } = toPublic(why);
  return { code, message };
}
