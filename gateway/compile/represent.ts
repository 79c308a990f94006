/** How an entity is named to another subgraph: what its key and its `@requires` ask for, read out of what was fetched. */
import type { FetchDataRewrite, QueryPlanSelectionNode } from '@apollo/query-planner';
import { rewrite } from './rewrite.ts';
import type { Types } from '../supergraph.ts';

export type Data = Record<string, unknown>;
/** Null when the object is none of the types that are asked about, or lacks what names it. */
export type Representer = (object: Data) => Data | null;

export interface Given {
  service: string;
  requires: readonly QueryPlanSelectionNode[];
  rewrites: readonly FetchDataRewrite[];
  types: Types;
}

export function representer({ service, requires, rewrites, types }: Given): Representer {
  return (object) => {
    const made = read(object, requires, types);
    if (!made || typeof made.__typename !== 'string') return null;
    for (const each of rewrites) rewrite(each, made, types);
    return isNamed(made, types.keysOf(service, String(made.__typename))) ? made : null;
  };
}

/** Without a whole key, or with one that holds null, nothing is named: nobody is asked. Nor is a subgraph that does not know the type. */
const isNamed = (made: Data, keys: readonly (readonly string[])[]): boolean => {
  return keys.some((key) => key.every((field) => made[field] !== null && made[field] !== undefined));
};

/** Null when something that is asked for was never fetched. */
function read(object: Data, selections: readonly QueryPlanSelectionNode[], types: Types): Data | null {
  const made: Data = {};
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const name = selection.alias ?? selection.name;
      const value = Object.hasOwn(object, name) ? object[name] : undefined;
      if (value === undefined) return null;
      made[name] = selection.selections ? readValue(value, selection.selections, types) : value;
    } else {
      const { typeCondition } = selection;
      if (typeCondition && (typeof object.__typename !== 'string' || !types.isA(object.__typename, typeCondition))) continue;
      const part = read(object, selection.selections, types);
      // Two fragments may ask for parts of one object.
      if (part) combine(made, part, types);
    }
  }
  return made;
}

function readValue(value: unknown, selections: readonly QueryPlanSelectionNode[], types: Types): unknown {
  if (Array.isArray(value)) return value.map((each) => readValue(each, selections, types));
  return value === null || typeof value !== 'object' ? value : read(value as Data, selections, types);
}

/**
 * Lays one answer over another: objects field by field, lists element by element; what is there is not taken away by null,
 * nor what an object is by a subgraph that knows it only by an interface.
 */
export function combine(target: Data, source: Data, types: Types): void {
  for (const name of Object.keys(source)) {
    const value = source[name];
    const there = Object.hasOwn(target, name) ? target[name] : undefined;
    if (there === undefined) set(target, name, value);
    else if (value !== null && value !== undefined && !(name === '__typename' && isBetter(there, value, types))) set(target, name, combined(there, value, types));
  }
}

const isBetter = (there: unknown, value: unknown, types: Types): boolean => there !== value && typeof there === 'string' && typeof value === 'string' && types.isA(there, value);

function combined(there: unknown, value: unknown, types: Types): unknown {
  if (there === null || typeof there !== 'object' || typeof value !== 'object' || value === null || there === value) return value;
  if (Array.isArray(there) && Array.isArray(value)) {
    if (there.length !== value.length) return value;
    value.forEach((each, at) => { if (each !== null && each !== undefined) there[at] = combined(there[at], each, types); });
    return there;
  }
  if (Array.isArray(there) || Array.isArray(value)) return value;
  combine(there as Data, value as Data, types);
  return there;
}

/** `__proto__` is a name like any other in JSON; it must not become the object's prototype. */
export function set(object: Data, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}

/** What JSON can hold, once more: whoever writes into the one does not write into the other. */
export function copied<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(copied) as T;
  if (value instanceof Date) return value;
  const made: Record<string, unknown> = {};
  for (const name in value) set(made, name, copied(value[name]));
  return made as T;
}
