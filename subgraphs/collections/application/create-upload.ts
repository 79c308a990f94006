import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Files, Ports, UploadTarget } from '../domain/ports.ts';
import { refuseTooManyOpen, Upload, type UploadTerms } from '../domain/upload.ts';
import { tenantOf } from './reach-collection.ts';

export type CreateUpload = ReturnType<typeof createUpload>;

/** The URL is made in the work, so that a replay answers the same one. It is of no use to anybody who may not use what it takes. */
export const createUpload = (given: { work: Work<Ports>; files: Files }) => async (viewer: Viewer, terms: UploadTerms): Promise<{ upload: UploadTarget & { id: string; expiresAt: Date } }> => {
  const upload = new Upload({ tenantId: tenantOf(viewer), by: viewer.id, terms });
  const target = await given.files.uploadTarget(upload);
  return given.work(viewer, async ({ uploads }) => {
    refuseTooManyOpen(await uploads.openIn(upload.tenantId, viewer.id), upload.bytes);
    uploads.add(upload);
    return { upload: { id: upload.id, expiresAt: upload.expiresAt, ...target } };
  });
};
