/**
 * The lists of an answer, as tables. Lists at the same place of the answer are one table whichever parent they hang
 * from; what is nested is flattened into columns by dots. Bounded, because an answer need not be small.
 */
export const ROWS_MAX = 5_000;
export const COLUMNS_MAX = 60;
const DEPTH_MAX = 12;

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** [{ path, columns, rows, cut }], the longest first; `cut` says that not all of it is there. */
export function findLists(data) {
  const found = new Map();
  collect(data, [], found, 0);
  return [...found]
    .map(([path, list]) => ({ path, ...tableOf(list) }))
    .sort((a, b) => b.rows.length - a.rows.length || a.path.length - b.path.length);
}

function collect(value, path, found, depth) {
  if (depth > DEPTH_MAX) return;
  if (Array.isArray(value)) {
    const name = path.join('.') || 'data';
    const list = found.get(name) ?? [];
    // A list of lists is not many tables: it is told by its inner lists.
    for (const each of value) if (!Array.isArray(each)) list.push(each);
    if (list.length > 0) found.set(name, list);
    for (const each of value) collect(each, path, found, depth + 1);
  } else if (isObject(value)) {
    for (const [name, each] of Object.entries(value)) collect(each, [...path, name], found, depth + 1);
  }
}

function tableOf(list) {
  const columns = new Map();
  let cut = list.length > ROWS_MAX;
  const flat = list.slice(0, ROWS_MAX).map((each) => {
    const row = new Map();
    flatten(each, '', row, 0);
    for (const name of row.keys()) {
      if (columns.size < COLUMNS_MAX) columns.set(name, true);
      else if (!columns.has(name)) cut = true;
    }
    return row;
  });
  // A column that is only there because its object was null once says nothing beside the object's own columns.
  const names = [...columns.keys()].filter((name) => !flat.every((row) => (row.get(name) ?? null) === null) || ![...columns.keys()].some((other) => other.startsWith(`${name}.`)));
  return { columns: names, rows: flat.map((row) => names.map((name) => row.get(name) ?? null)), cut };
}

function flatten(value, prefix, row, depth) {
  if (isObject(value) && depth < DEPTH_MAX && Object.keys(value).length > 0) {
    for (const [name, each] of Object.entries(value)) flatten(each, prefix ? `${prefix}.${name}` : name, row, depth + 1);
  } else {
    row.set(prefix || 'value', value);
  }
}

/** A new order by one column: numbers by size, texts as people sort them, nothing always last. */
export function sortRows(rows, column, descending) {
  const compare = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' }).compare;
  return rows.toSorted((left, right) => {
    const [a, b] = [left[column], right[column]];
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : compare(shown(a), shown(b));
    return descending ? -order : order;
  });
}

/** A cell for people. */
export const shown = (value) => (value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));
