/**
 * Whether two texts of an event's schema mean the same. Notes may change; an open object may gain what may be missing.
 * Anything else is a new meaning: what was told before would no longer fit, or whoever reads it meets what it was not
 * promised.
 */
type Json = Readonly<Record<string, unknown>>;

/** What is said to people and tools, and promises nothing. */
const NOTES = ['$schema', '$id', '$comment', 'title', 'description', 'examples'];
const BY_NAME = ['properties', 'required'];

/** Every difference in meaning, one line each, with its path. */
export function newMeanings(before: unknown, after: unknown, at = ''): string[] {
  const path = at || 'the event';
  if (isObject(before) && isObject(after)) return [...ofFields(before, after, at), ...ofWords(before, after, at)];
  if (Array.isArray(before) && Array.isArray(after) && before.some(isObject) && before.length === after.length) {
    return before.flatMap((each, i) => newMeanings(each, after[i], at));
  }
  if (Array.isArray(before) && Array.isArray(after)) return ofValues(before, after, path);
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [`${path}: was ${JSON.stringify(before) ?? 'not said'}, is ${JSON.stringify(after) ?? 'not said'}`];
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const below = (at: string, name: string): string => (at ? `${at}.${name}` : name);

function ofFields(before: Json, after: Json, at: string): string[] {
  const [was, is] = [before, after].map(({ properties }) => (isObject(properties) ? properties : {})) as [Json, Json];
  const [needed, needs] = [before, after].map(({ required }) => new Set(Array.isArray(required) ? required as string[] : [])) as [Set<string>, Set<string>];
  const closed = before.additionalProperties === false;
  const old = Object.keys(was).flatMap((name) => {
    const path = below(at, name);
    if (!Object.hasOwn(is, name)) return [`${path}: is gone`];
    const duty = needed.has(name) === needs.has(name) ? [] : [`${path}: ${needs.has(name) ? 'must be there now' : 'may be missing now'}`];
    return [...duty, ...newMeanings(was[name], is[name], path)];
  });
  const added = Object.keys(is).filter((name) => !Object.hasOwn(was, name) && (closed || needs.has(name)));
  return [...old, ...added.map((name) => `${below(at, name)}: is new${needs.has(name) ? ' and must be there' : ', where no other field was promised'}`)];
}

function ofWords(before: Json, after: Json, at: string): string[] {
  const words = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((word) => !NOTES.includes(word) && !BY_NAME.includes(word));
  return words.flatMap((word) => newMeanings(before[word], after[word], at));
}

function ofValues(before: readonly unknown[], after: readonly unknown[], path: string): string[] {
  const [was, is] = [before, after].map((values) => values.map((value) => JSON.stringify(value))) as [string[], string[]];
  return [
    ...was.filter((value) => !is.includes(value)).map((value) => `${path}: may no longer be ${value}`),
    ...is.filter((value) => !was.includes(value)).map((value) => `${path}: may be ${value} now`),
  ];
}
