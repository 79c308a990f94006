import { EntitySchema } from '@mikro-orm/postgresql';
import { Upload } from '../domain/upload.ts';

const at = { type: 'Date', columnType: 'timestamptz(3)' } as const;

export const UploadTable = new EntitySchema<Upload>({
  class: Upload,
  tableName: 'upload',
  properties: {
    id: { type: 'string', primary: true },
    tenantId: { type: 'string' },
    createdBy: { type: 'string' },
    purpose: { type: 'string' },
    name: { type: 'string' },
    type: { type: 'string' },
    bytes: { type: 'bigint', runtimeType: 'number' },
    sha256: { type: 'string', nullable: true },
    objectKey: { type: 'string' },
    createdAt: at,
    expiresAt: at,
    keptUntil: at,
    usedAt: { ...at, nullable: true },
  },
});
