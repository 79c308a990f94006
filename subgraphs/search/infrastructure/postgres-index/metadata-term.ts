/** A field of metadata and its value as one term: what is filtered by is looked up as words are. */
import { createHash } from 'node:crypto';
import type { Metadata, Scalar } from '../../domain/ports.ts';

const SPELLED_MAX = 120;
const FIELDS_MAX = 200;

export function metadataTerm(field: string, value: Scalar): string {
  const spelled = JSON.stringify([field, value]);
  return spelled.length <= SPELLED_MAX ? `=${spelled}` : `#${createHash('sha256').update(spelled).digest('base64')}`;
}

const isScalar = (value: unknown): value is Scalar => value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

export const metadataTerms = (metadata: Metadata): string[] =>
  Object.entries(metadata).slice(0, FIELDS_MAX).flatMap(([field, value]) => (isScalar(value) ? [metadataTerm(field, value)] : []));
