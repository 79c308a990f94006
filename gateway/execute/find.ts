/** Where the objects are that a fetch completes: a walk along its path, through lists, past what is null. */
import type { Data } from '../compile/represent.ts';
import { at } from '../compile/rewrite.ts';
import type { Types } from '../supergraph.ts';
import type { ContextArgument } from '../compile.ts';

/** Every object at the path, in order. */
export function find(root: Data, path: readonly string[]): Data[] {
  const found: Data[] = [];
  walk(root, path, 0, found);
  return found;
}

function walk(value: unknown, path: readonly string[], at: number, found: Data[]): void {
  if (value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) {
    const next = path[at] === '@' ? at + 1 : at;
    for (const each of value) walk(each, path, next, found);
  } else if (at === path.length) found.push(value as Data);
  else if (Object.hasOwn(value, path[at]!)) walk((value as Data)[path[at]!], path, at + 1, found);
}

export type Place = readonly (string | number)[];

/** The same walk with the places that were passed; only errors and contexts want to know them. */
export function findPlaces(root: Data, path: readonly string[]): { object: Data; place: Place; above: readonly Data[] }[] {
  const found: { object: Data; place: Place; above: readonly Data[] }[] = [];
  const visit = (value: unknown, position: number, place: Place, above: readonly Data[]): void => {
    if (value === null || typeof value !== 'object') return;
    if (Array.isArray(value)) {
      const next = path[position] === '@' ? position + 1 : position;
      value.forEach((each, index) => visit(each, next, [...place, index], above));
      return;
    }
    const object = value as Data;
    const name = path[position];
    if (name === undefined) found.push({ object, place, above });
    else if (Object.hasOwn(object, name)) visit(object[name], position + 1, [...place, name], [...above, object]);
  };
  visit(root, 0, [], []);
  return found;
}

/** What stands above each object for the arguments that take it from there: `..` is a step up, then down along fields. */
export function contextOf(place: { object: Data; above: readonly Data[] }, wanted: readonly ContextArgument[], types: Types): Record<string, unknown> {
  const chain = [...place.above, place.object];
  const values: Record<string, unknown> = {};
  for (const { variable, path } of wanted) {
    const steps = path.findIndex((step) => step !== '..');
    const from = chain[chain.length - 1 - steps];
    const down = path.slice(steps);
    // What is null on the way down is null as an argument too.
    values[variable] = null;
    at(from, down.slice(0, -1), types, (object) => {
      const last = down.at(-1)!;
      if (Object.hasOwn(object, last)) values[variable] = object[last];
    });
  }
  return values;
}
