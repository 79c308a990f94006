/** Text that no store keeps as it was sent: Postgres refuses NUL, and a lone surrogate is silently changed. Refused at the edge. */
import { AtlasError } from '../../platform/errors.ts';

const DEPTH_MAX = 64;
const VALUES_MAX = 100_000;

export const isCleanText = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** Every string and every name in the variables; refused as well when there are more values than any input of the API has a use for. */
export function refuseUncleanVariables(variables: unknown): void {
  let values = 0;
  const look = (value: unknown, depth: number): void => {
    if (depth > DEPTH_MAX) throw new AtlasError('BAD_REQUEST', `Variables may nest ${DEPTH_MAX} levels deep.`);
    if ((values += 1) > VALUES_MAX) throw new AtlasError('BAD_REQUEST', `Variables may hold ${VALUES_MAX} values.`);
    if (typeof value === 'string') {
      if (!isCleanText(value)) throw new AtlasError('TEXT_NOT_ALLOWED');
    } else if (Array.isArray(value)) {
      for (const part of value) look(part, depth + 1);
    } else if (value !== null && typeof value === 'object') {
      for (const [name, part] of Object.entries(value)) {
        if (!isCleanText(name)) throw new AtlasError('TEXT_NOT_ALLOWED');
        look(part, depth + 1);
      }
    }
  };
  look(variables, 0);
}
