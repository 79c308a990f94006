/** The files of imports and exports in the store of the platform. */
import { Readable } from 'node:stream';
import type { ObjectKey, Objects } from '../../../platform/objects/objects.ts';
import type { Bytes } from '../domain/transfer.ts';

export const transferFiles = (objects: Objects) => ({
  size: async (key: ObjectKey): Promise<number | null> => (await objects.head(key))?.bytes ?? null,
  read: (key: ObjectKey): Promise<Bytes> => objects.read(key),
  write: (key: ObjectKey, from: Bytes, type: string): Promise<{ bytes: number }> => objects.write(key, Readable.from(from, { objectMode: false }), { type }),
  remove: (key: ObjectKey): Promise<void> => objects.remove(key),
  urlOf: (file: { key: ObjectKey; name: string; type: string; expiresAt: Date }): Promise<string> => objects.downloadUrl(file),
});
