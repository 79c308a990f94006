/** The bytes of attachments in the store of the platform. */
import type { Objects } from '../../../platform/objects/objects.ts';
import type { AttachedFiles } from '../domain/attachment-ports.ts';

export const attachedFiles = (objects: Objects): AttachedFiles => ({
  arrived: (key) => objects.head(key),
  read: (key) => objects.read(key),
  downloadUrl: ({ objectKey, name, type }, expiresAt) => objects.downloadUrl({ key: objectKey, name, type, expiresAt }),
  remove: (key) => objects.remove(key),
});
