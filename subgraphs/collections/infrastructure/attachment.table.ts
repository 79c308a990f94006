import { EntitySchema } from '@mikro-orm/postgresql';
import { Attachment } from '../domain/attachment.ts';

export const AttachmentTable = new EntitySchema<Attachment>({
  class: Attachment,
  tableName: 'attachment',
  properties: {
    id: { type: 'string', primary: true },
    tenantId: { type: 'string' },
    collectionId: { type: 'string' },
    itemId: { type: 'string' },
    name: { type: 'string' },
    type: { type: 'string' },
    bytes: { type: 'bigint', runtimeType: 'number' },
    sha256: { type: 'string' },
    objectKey: { type: 'string' },
    createdAt: { type: 'Date', columnType: 'timestamptz(3)' },
    createdBy: { type: 'string' },
    textState: { type: 'string' },
    textCharacters: { type: 'integer', nullable: true },
    textTruncated: { type: 'boolean' },
    textCode: { type: 'string', nullable: true },
    textReason: { type: 'string', nullable: true },
    version: { type: 'integer', version: true },
  },
});
