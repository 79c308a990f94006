/** Free JSON that somebody sends along: kept as it is, within bounds. */
import { AtlasError } from '../../../platform/errors.ts';
import { invalid } from '../../../platform/text.ts';
import { bytesOf } from './words.ts';

export type Json = { [name: string]: unknown };

const DEPTH_MAX = 20;
const UNKEEPABLE = /\0|\p{Cs}/u;

/** An object: its members can be filtered by, a bare value could not. */
export function jsonOf(value: unknown, field: string, bytesMax: number): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('A JSON object.', field);
  look(value, field, 0);
  if (bytesOf(JSON.stringify(value)) > bytesMax) throw invalid(`At most ${bytesMax} bytes of JSON.`, field);
  return value as Json;
}

function look(value: unknown, field: string, depth: number): void {
  if (depth > DEPTH_MAX) throw invalid(`JSON nests at most ${DEPTH_MAX} deep.`, field);
  if (typeof value === 'string' && UNKEEPABLE.test(value)) throw new AtlasError('TEXT_NOT_ALLOWED', undefined, { path: ['input', field] });
  if (typeof value === 'number' && !Number.isFinite(value)) throw invalid('Numbers that JSON can say.', field);
  if (Array.isArray(value)) for (const each of value) look(each, field, depth + 1);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value)) {
      if (UNKEEPABLE.test(name)) throw new AtlasError('TEXT_NOT_ALLOWED', undefined, { path: ['input', field] });
      look(each, field, depth + 1);
    }
  }
}
