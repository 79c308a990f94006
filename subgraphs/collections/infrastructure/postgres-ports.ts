import type { EntityManager } from '@mikro-orm/postgresql';
import { RIGHTS } from '../../../platform/database/faults.ts';
import { groundOf, groundWithin, type Ground, type Rows } from '../../../platform/database/statement.ts';
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
import { PostgresPlanRoom } from './postgres-plan-room.ts';
import { PostgresRevisions } from './postgres-revisions.ts';
import { PostgresShares } from './postgres-shares.ts';
import { PostgresTruths } from './postgres-truths.ts';
import { PostgresUploads } from './postgres-uploads.ts';
import { UploadTable } from './upload.table.ts';

export const tables = [CollectionTable, ShareTable, ItemTable, UploadTable, AttachmentTable];

/** Unique constraints, and what a person hears who runs into one: two who did the same at the same moment; or one whose share was taken between the check and the change. */
export const conflicts = {
  member_once: () => new AtlasError('VERSION_CONFLICT', 'It was shared with them at the same moment; look at its members again.', { path: ['input', 'userId'] }),
  [RIGHTS]: (cause: unknown) => new AtlasError('FORBIDDEN', 'Your part in the collection was taken back or changed at the same moment.', { cause, missing: 'a part in the collection' }),
};

const portsOn = (on: Ground): Ports => ({
  collections: new PostgresCollections(on),
  shares: new PostgresShares(on),
  items: new PostgresItems(on),
  revisions: new PostgresRevisions(on),
  links: new PostgresLinks(on),
  uploads: new PostgresUploads(on),
  attachments: new PostgresAttachments(on),
  clearing: new PostgresClearing(on),
  room: new PostgresPlanRoom(on.rows),
  truths: new PostgresTruths(on),
});
export const portsOver = (em: EntityManager): Ports => portsOn(groundWithin(em));
export const viewsOver = (rows: Rows): Ports => portsOn(groundOf(rows));
