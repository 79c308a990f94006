/** The files of this service in the store of the platform. */
import type { Objects } from '../../../platform/objects/objects.ts';
import type { Files } from '../domain/ports.ts';

export const objectFiles = (objects: Objects): Files => ({
  async uploadTarget({ objectKey, type, bytes, sha256, expiresAt }) {
    const { url, method, headers } = await objects.uploadUrl({ key: objectKey, type, bytes, ...(sha256 !== null && { sha256 }), expiresAt });
    return { url, method, headers: Object.entries(headers).map(([name, value]) => ({ name, value })) };
  },
});
