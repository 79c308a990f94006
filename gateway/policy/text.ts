/** Text that no store keeps as it was sent: Postgres refuses NUL, and a lone surrogate is silently changed. Refused at the edge. */
import { AtlasError } from '../../platform/errors.ts';

const DEPTH_MAX = 64;

export const isCleanText = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** Every string and every name in the variables. */
export function refuseUncleanVariables(value: unknown, depth = 0): void {
  if (depth > DEPTH_MAX) throw new AtlasError('BAD_REQUEST', `Variables may nest ${DEPTH_MAX} levels deep.`);
  if (typeof value === 'string') {
    if (!isCleanText(value)) throw new AtlasError('TEXT_NOT_ALLOWED');
  } else if (Array.isArray(value)) {
    for (const part of value) refuseUncleanVariables(part, depth + 1);
  } else if (value !== null && typeof value === 'object') {
    for (const [name, part] of Object.entries(value)) {
      if (!isCleanText(name)) throw new AtlasError('TEXT_NOT_ALLOWED');
      refuseUncleanVariables(part, depth + 1);
    }
  }
}
