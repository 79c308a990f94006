/** Free JSON that somebody sends along: kept as it is, within bounds. */
import { AtlasError } from '../../../platform/errors.ts';
import { invalid } from '../../../platform/text.ts';
import { bytesOf, refuseUnkeepable } from './words.ts';

export type Json = { [name: string]: unknown };

/** Whoever wants more depth wants a document. It also keeps what walks JSON from running out of stack. */
export const JSON_DEPTH_MAX = 20;

/** An object: its members can be filtered by, a bare value could not. */
export function jsonOf(value: unknown, field: string, bytesMax: number): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${field} is a JSON object.`, field);
  refuseJson(value, ['input', field]);
  if (bytesOf(JSON.stringify(value)) > bytesMax) throw invalid(`${field} has at most ${bytesMax} bytes of JSON.`, field);
  return value as Json;
}

/** What no JSON can say, or no database keep, wherever in it that is. `path` is how the caller knows it. */
export function refuseJson(value: unknown, path: readonly string[], depth = 0): void {
  const refuse = (sentence: string) => new AtlasError('INVALID_INPUT', sentence, { path });
  if (depth > JSON_DEPTH_MAX) throw refuse(`${path.at(-1)} nests at most ${JSON_DEPTH_MAX} deep.`);
  if (typeof value === 'string') refuseUnkeepable(value, path);
  if (typeof value === 'number' && !Number.isFinite(value)) throw refuse(`${path.at(-1)} holds a number that is too large to be kept.`);
  if (Array.isArray(value)) for (const each of value) refuseJson(each, path, depth + 1);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value)) {
      refuseUnkeepable(name, path);
      refuseJson(each, path, depth + 1);
    }
  }
}
