import { AtlasError } from '../../../platform/errors.ts';
import { newId, type TenantId, type UploadId } from '../../../platform/ids.ts';
import { invalid, lineOf } from '../../../platform/text.ts';

export type Purpose = 'ATTACHMENT' | 'IMPORT';

const BYTES_MAX: Record<Purpose, number> = { ATTACHMENT: 100 * 1_048_576, IMPORT: 1_024 * 1_048_576 };
/** Of those that wait to be used: how many one person has, and how many bytes they may be in a tenant. */
const OPEN_MAX = 100;
const OPEN_BYTES_MAX = 50 * 1_024 * 1_048_576;
const NAME_MAX = 255;
const TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/;
const TYPE_MAX = 127;
const SHA256 = /^[0-9a-f]{64}$/;
const URL_MS = 3_600_000;
const KEPT_MS = 24 * 3_600_000;

export interface UploadTerms { purpose: Purpose; name: string; type: string; bytes: number; sha256?: string | null | undefined }

/** A file that somebody may send to the store, and then use once for what they said. */
export class Upload {
  readonly id: UploadId;
  readonly tenantId: TenantId;
  readonly createdBy: string;
  readonly purpose: Purpose;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly sha256: string | null;
  readonly objectKey: `${TenantId}/${string}`;
  readonly createdAt: Date;
  /** Until when the URL takes it, and until when what it took can be used. */
  readonly expiresAt: Date;
  readonly keptUntil: Date;
  usedAt: Date | null;

  constructor(given: { tenantId: TenantId; by: string; terms: UploadTerms }) {
    const { purpose, name, type, bytes, sha256 } = given.terms;
    this.id = newId('upl');
    this.tenantId = given.tenantId;
    this.createdBy = given.by;
    this.purpose = purpose;
    this.name = fileNameOf(name);
    this.type = typeOf(type);
    if (!Number.isSafeInteger(bytes) || bytes < 1 || bytes > BYTES_MAX[purpose]) throw invalid(`Between 1 and ${BYTES_MAX[purpose]} bytes.`, 'bytes');
    this.bytes = bytes;
    if (sha256 != null && !SHA256.test(sha256)) throw invalid('A SHA-256 is 64 hexadecimal digits in small letters.', 'sha256');
    this.sha256 = sha256 ?? null;
    this.objectKey = `${given.tenantId}/uploads/${this.id}`;
    this.createdAt = new Date();
    this.expiresAt = new Date(this.createdAt.getTime() + URL_MS);
    this.keptUntil = new Date(this.createdAt.getTime() + KEPT_MS);
    this.usedAt = null;
  }

  /** What came without a URL of its own, and is used already: it is cleared away like the others. */
  static received(given: { tenantId: TenantId; by: string; terms: UploadTerms }): Upload {
    const upload = new Upload(given);
    upload.usedAt = upload.createdAt;
    return upload;
  }

  /** Once, by whoever asked for it, for what they said. */
  mayUse(by: string, purpose: Purpose): boolean {
    return this.createdBy === by && this.purpose === purpose && this.usedAt === null && this.keptUntil.getTime() > Date.now();
  }
  use(by: string, purpose: Purpose): void {
    if (!this.mayUse(by, purpose)) throw noUpload();
    this.usedAt = new Date();
  }
}

/** Unknown, somebody else's, for something else, used and forgotten sound the same: of another's not even whether it has arrived is said. */
export const noUpload = (): AtlasError => new AtlasError('NOT_FOUND', 'There is no such upload of yours that has not been used.', { path: ['input', 'uploadId'] });
export const notArrived = (): AtlasError => new AtlasError('WRONG_STATE', 'Nothing has arrived for this upload yet; send the file first.', { path: ['input', 'uploadId'] });

/** Before one of so many bytes more is let in. */
export function refuseTooManyOpen({ mine, bytes }: { mine: number; bytes: number }, more: number): void {
  if (mine >= OPEN_MAX) throw new AtlasError('LIMIT_REACHED', `At most ${OPEN_MAX} uploads that have not been used; they are forgotten after a day.`);
  if (bytes + more > OPEN_BYTES_MAX) throw new AtlasError('LIMIT_REACHED', `The uploads of a tenant that have not been used have at most ${OPEN_BYTES_MAX / 1_073_741_824} GB together; they are forgotten after a day.`);
}

/** What a file is called for people; where it is kept has another name. */
export function fileNameOf(typed: string, field = 'name'): string {
  const name = lineOf(typed, field, NAME_MAX);
  if (/[/\\]/.test(name) || name === '.' || name === '..') throw invalid('A file name, without folders.', field);
  return name;
}

function typeOf(typed: string, field = 'type'): string {
  const type = typed.trim().toLowerCase();
  if (type.length > TYPE_MAX || !TYPE.test(type)) throw invalid('A media type such as application/pdf.', field);
  return type;
}
