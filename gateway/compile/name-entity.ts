/**
 * The fast way to name an entity: a representation as JSON text, straight from the object, for entities that are named
 * by plain fields. A list often holds the same entity many times, so most representations are only ever compared; the
 * text is what they are compared by, and it goes into the request as it is. What is not plain is left to `represent.ts`.
 */
import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { quote } from './quote.ts';
import type { Data, Given, Representer } from './represent.ts';

/** Null when the object is none of the types that are asked about, or lacks what names it. */
export type Namer = (object: Data) => string | null;

interface Plain { fields: readonly { from: string; label: string }[]; keys: readonly (readonly string[])[] }

/** Names of types come from subgraphs: what is kept about them has an end. */
const TYPES_MAX = 1_000;
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

export function namer(given: Given, represent: Representer): Namer {
  const exact: Namer = (object) => {
    const made = represent(object);
    return made && JSON.stringify(made);
  };
  if (given.rewrites.length > 0) return exact;
  const byType = new Map<unknown, Plain | null>();
  return (object) => {
    const typeName = object.__typename;
    let plain = byType.get(typeName);
    if (plain === undefined) {
      plain = typeof typeName === 'string' ? plainly(given, typeName) : null;
      if (byType.size < TYPES_MAX) byType.set(typeName, plain);
    }
    return plain ? textOf(object, plain) : exact(object);
  };
}

function textOf(object: Data, { fields, keys }: Plain): string | null {
  if (!keys.some((key) => key.every((from) => object[from] !== null))) return null;
  let text = '{';
  for (const { from, label } of fields) {
    const value = object[from];
    if (value === undefined) return null;
    text += label + (typeof value === 'string' ? quote(value) : JSON.stringify(value));
  }
  return `${text}}`;
}

/** One fragment fits the type and takes plain fields: then there is one way to read it. Null for everything else. */
function plainly({ service, requires, types }: Given, typeName: string): Plain | null {
  const fitting = requires.filter((each) => each.kind === 'Field' || !each.typeCondition || types.isA(typeName, each.typeCondition));
  const [only] = fitting;
  if (fitting.length !== 1 || only?.kind !== 'InlineFragment') return null;
  const names = new Set<string>();
  for (const each of only.selections) {
    if (!isPlain(each)) return null;
    names.add(each.alias ?? each.name);
  }
  if (!names.has('__typename')) return null;
  return {
    fields: [...names].map((from, at) => ({ from, label: `${at > 0 ? ',' : ''}${JSON.stringify(from)}:` })),
    // A key that holds null names nothing.
    keys: types.keysOf(service, typeName).filter((key) => key.every((field) => names.has(field))),
  };
}

const isPlain = (selection: QueryPlanSelectionNode): selection is QueryPlanSelectionNode & { kind: 'Field' } =>
  selection.kind === 'Field' && !selection.selections && !INHERITED.has(selection.alias ?? selection.name);
