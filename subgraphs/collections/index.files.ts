/** Files that belong to items, wired: what attaches and removes them, what reads their text, and what clears away what is past its time. */
import type { Database } from '../../platform/database/database.ts';
import { pagesOf } from '../../platform/page.ts';
import type { Resources } from '../../platform/service.ts';
import { deskOver } from '../../platform/work.ts';
import { attachFile } from './application/attach-file.ts';
import { askToPurge, purgeHandler, removeFilesHandler } from './application/purge-deleted.ts';
import { readAttachmentHandler } from './application/read-attachment.ts';
import type { JobPorts } from './application/job-ports.ts';
import { removeAttachment } from './application/remove-attachment.ts';
import { seeAttachments } from './application/see-attachments.ts';
import { TEXT_BYTES_MAX, type Attachment } from './domain/attachment.ts';
import { attachedFiles } from './infrastructure/attached-files.ts';
import { isReadable } from './infrastructure/extract/extract-text.ts';
import { EXTRACT_LIMITS, ProcessTextExtractor } from './infrastructure/extract/process-text-extractor.ts';
import { postgresDueTenants } from './infrastructure/postgres-clearing.ts';
import { conflicts, portsOver } from './infrastructure/postgres-ports.ts';
import { AttachmentsResolver, AttachmentTextsResolver, ItemAttachmentsResolver } from './presentation/attachments.resolver.ts';

/** At night, as far as there is one night for all. */
const NIGHTLY = '17 2 * * *';

export const fileResolvers = [ItemAttachmentsResolver, AttachmentsResolver, AttachmentTextsResolver];

export function filesOver({ objects, jobs, events, secret }: Pick<Resources, 'objects' | 'jobs' | 'events' | 'secret'>, database: Database) {
  const { work, look, glance } = deskOver<JobPorts>(database, { ports: (em, witness) => ({ ...portsOver(em), jobs: jobs.within(em), witness }), conflicts, told: events.told });
  const given = { work, look, glance, attached: attachedFiles(objects), isReadable, extractor: new ProcessTextExtractor({ ...EXTRACT_LIMITS, textBytesMax: TEXT_BYTES_MAX }), dueTenants: postgresDueTenants(database) };
  const see = seeAttachments(given);
  jobs.handle([readAttachmentHandler(given), purgeHandler(given), removeFilesHandler(given)]);
  jobs.schedule({ name: 'collections.purge', cron: NIGHTLY, run: askToPurge(given) });
  return {
    see,
    resolvers: [
      new ItemAttachmentsResolver({ attachFile: attachFile(given), removeAttachment: removeAttachment(given) }, pagesOf<Attachment>(secret, 'attachments', ({ id }) => [id])),
      new AttachmentsResolver(see),
      new AttachmentTextsResolver(),
    ],
  };
}
