import type { EntityManager } from '@mikro-orm/postgresql';
import { RIGHTS } from '../../../platform/database/faults.ts';
import { AtlasError } from '../../../platform/errors.ts';
import type { Ports } from '../domain/ports.ts';
import { AttachmentTable } from './attachment.table.ts';
import { CollectionTable, ShareTable } from './collection.table.ts';
import { ItemTable } from './item.table.ts';
import { PostgresAttachments } from './postgres-attachments.ts';
import { PostgresClearing } from './postgres-clearing.ts';
import { PostgresCollections } from './postgres-collections.ts';
import { PostgresItems } from './postgres-items.ts';
import { PostgresLinks } from './postgres-links.ts';
import { PostgresRevisions } from './postgres-revisions.ts';
import { PostgresShares } from './postgres-shares.ts';
import { PostgresUploads } from './postgres-uploads.ts';
import { UploadTable } from './upload.table.ts';

export const tables = [CollectionTable, ShareTable, ItemTable, UploadTable, AttachmentTable];

/** Unique constraints, and what a person hears who runs into one: two who did the same at the same moment; or one whose share was taken between the check and the change. */
export const conflicts = {
  member_once: () => new AtlasError('VERSION_CONFLICT', 'It was shared with them at the same moment; look at its members again.', { path: ['input', 'userId'] }),
  [RIGHTS]: (cause: unknown) => new AtlasError('FORBIDDEN', 'Your part in the collection was taken back or changed at the same moment.', { cause, missing: 'a part in the collection' }),
};

export const portsOver = (em: EntityManager): Ports => ({
  collections: new PostgresCollections(em),
  shares: new PostgresShares(em),
  items: new PostgresItems(em),
  revisions: new PostgresRevisions(em),
  links: new PostgresLinks(em),
  uploads: new PostgresUploads(em),
  attachments: new PostgresAttachments(em),
  clearing: new PostgresClearing(em),
});
