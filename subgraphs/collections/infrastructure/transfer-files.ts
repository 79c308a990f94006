/** The files of imports and exports in the store of the platform, each with an end that is written down before it is begun. */
import { Readable } from 'node:stream';
import type { Database } from '../../../platform/database/database.ts';
import type { ObjectKey, Objects } from '../../../platform/objects/objects.ts';
import type { Scope } from '../../../platform/work.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { Bytes } from '../domain/transfer.ts';

export const transferFiles = (objects: Objects, database: Database) => ({
  size: (key: ObjectKey): Promise<number | null> => objects.size(key),
  read: (key: ObjectKey): Promise<Bytes> => objects.read(key),
  async write(key: ObjectKey, from: Bytes, { type, keptUntil }: { type: string; keptUntil: Date }): Promise<{ bytes: number }> {
    await endsAt(database, key, keptUntil);
    return objects.write(key, Readable.from(from, { objectMode: false }), { type });
  },
  remove: (key: ObjectKey): Promise<void> => objects.remove(key),
  urlOf: (file: { key: ObjectKey; name: string; type: string; expiresAt: Date }): Promise<string> => objects.downloadUrl(file),
});

/** Past any work: a request is one work, and this stands whatever becomes of that. Of what is written once more the last end counts. */
async function endsAt(database: Database, key: ObjectKey, at: Date): Promise<void> {
  const tenantId = key.split('/', 1)[0] as TenantId;
  const scope: Scope = { kind: 'system', id: `system:${database.service}`, userId: null, tenantId };
  await database.transaction(scope, 'write', async (em) => {
    await em.execute('DELETE FROM collections.unwanted_object WHERE object_key = ?', [key], 'run');
    await em.execute('INSERT INTO collections.unwanted_object (object_key, tenant_id, unwanted_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', [key, tenantId, at], 'run');
  });
}
