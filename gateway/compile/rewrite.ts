/** What a plan says is to be renamed or set in data on its way to or from a subgraph. */
import type { FetchDataRewrite } from '@apollo/query-planner';
import type { Types } from '../supergraph.ts';

const ON = '... on ';

export function rewrite(what: FetchDataRewrite, value: unknown, types: Types): void {
  const last = what.path.at(-1);
  if (last === undefined) return;
  at(value, what.path.slice(0, -1), types, (object) => {
    if (what.kind === 'ValueSetter') object[last] = what.setValueTo as unknown;
    else if (Object.hasOwn(object, last) && object[last] !== undefined) {
      object[what.renameKeyTo] = object[last];
      delete object[last];
    }
  });
}

/** Every object at a path of fields and type conditions, through lists. */
export function at(value: unknown, path: readonly string[], types: Types, found: (object: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) return value.forEach((each) => at(each, path, types, found));
  if (value === null || typeof value !== 'object') return;
  const object = value as Record<string, unknown>;
  const [next, ...rest] = path;
  if (next === undefined) found(object);
  else if (!next.startsWith(ON)) at(Object.hasOwn(object, next) ? object[next] : undefined, rest, types, found);
  else if (typeof object.__typename !== 'string' || types.isA(object.__typename, next.slice(ON.length))) at(object, rest, types, found);
}
