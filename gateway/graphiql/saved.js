/** Queries that somebody gave a name: kept in this browser, to be taken elsewhere as a file. Never headers or tokens. */
import { asOperation } from './share.js';

const PLACE = 'atlas:saved';
export const SAVED_MAX = 200;
const NAME_MAX = 80;
const BYTES_MAX = 2_000_000;

export function savedQueries(storage) {
  let list = read(storage.getItem(PLACE)) ?? [];
  const listeners = new Set();
  const keep = (changed) => {
    if (changed.length > SAVED_MAX) throw new Error(`There may be ${SAVED_MAX} saved queries: delete one first.`);
    storage.setItem(PLACE, JSON.stringify(changed));
    list = changed;
    for (const tell of listeners) tell();
  };
  return {
    get: () => list,
    subscribe: (tell) => { listeners.add(tell); return () => listeners.delete(tell); },
    /** A name is one query: saving it again replaces it. */
    save({ name, query, variables }) {
      const named = name.trim().slice(0, NAME_MAX);
      if (!named || !query.trim()) throw new Error('A saved query has a name and a document.');
      keep([{ name: named, query, variables: variables ?? '' }, ...list.filter((one) => one.name !== named)]);
    },
    delete: (name) => keep(list.filter((one) => one.name !== name)),
    export: () => JSON.stringify({ atlas: 'saved queries', queries: list }, null, 2),
    /** Adds what a file holds; how many there were. */
    import(text) {
      const queries = read(text);
      if (!queries) throw new Error('This file holds no saved queries.');
      const names = new Set(queries.map(({ name }) => name));
      keep([...queries, ...list.filter(({ name }) => !names.has(name))]);
      return queries.length;
    },
  };
}

/** Of a file that anybody may have written, only names and documents; null when it is none. */
function read(text) {
  if (!text || text.length > BYTES_MAX) return null;
  try {
    const parsed = JSON.parse(text);
    const queries = Array.isArray(parsed) ? parsed : parsed.queries;
    return queries.flatMap((one) => (typeof one?.name === 'string' && one.name.trim() && asOperation(one) ? [{ name: one.name.trim().slice(0, NAME_MAX), ...asOperation(one) }] : []));
  } catch {
    return null;
  }
}
