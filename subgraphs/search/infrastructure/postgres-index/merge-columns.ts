/** The living documents of several segments in the order of their ids, and where each of them goes. */
import { Naming, startsOf, type Columns, type Named } from '../../domain/columns.ts';
import { compareKeys, KEY_WORDS } from '../../domain/item-key.ts';
import type { CollectionId } from '../../../../platform/ids.ts';

export interface Part { readonly id: number; readonly columns: Columns; readonly dead: Uint8Array }
/** By part: the new ordinal of each old one, NOWHERE of those that were dead. */
export interface Moved { readonly columns: Columns; readonly to: readonly Uint32Array[] }
export const NOWHERE = 0xffffffff;

export function mergedColumns(parts: readonly Part[]): Moved {
  const order = inOrder(parts);
  const size = order.length;
  const to = parts.map(({ columns }) => new Uint32Array(columns.size).fill(NOWHERE));
  order.forEach(({ part, doc }, at) => { to[part]![doc] = at; });
  const numbers = (column: (columns: Columns) => Uint32Array) => Uint32Array.from(order, ({ part, doc }) => column(parts[part]!.columns)[doc]!);
  const named = (column: (columns: Columns) => Named) => {
    const naming = new Naming();
    const of = Uint32Array.from(order, ({ part, doc }) => { const { names, of: numbersOf } = column(parts[part]!.columns); return naming.of(names[numbersOf[doc]!]!); });
    return { names: naming.names(), of };
  };
  const keys = new Uint32Array(size * KEY_WORDS);
  order.forEach(({ part, doc }, at) => keys.set(parts[part]!.columns.keys.subarray(doc * KEY_WORDS, (doc + 1) * KEY_WORDS), at * KEY_WORDS));
  return {
    to,
    columns: {
      size, keys, versions: numbers(({ versions }) => versions), lengths: numbers(({ lengths }) => lengths), months: numbers(({ months }) => months),
      collections: named(({ collections }) => collections) as { names: CollectionId[]; of: Uint32Array }, creators: named(({ creators }) => creators), languages: named(({ languages }) => languages),
      created: Float64Array.from(order, ({ part, doc }) => parts[part]!.columns.created[doc]!),
      tags: mergedTags(parts, order),
    },
  };
}

interface At { part: number; doc: number }

function inOrder(parts: readonly Part[]): At[] {
  const order: At[] = [];
  const next = parts.map(() => 0);
  const skip = (part: number) => { while (next[part]! < parts[part]!.columns.size && parts[part]!.dead[next[part]!]) next[part]! += 1; };
  parts.forEach((_, part) => skip(part));
  for (;;) {
    let least = -1;
    for (let part = 0; part < parts.length; part += 1) {
      if (next[part]! >= parts[part]!.columns.size) continue;
      if (least < 0 || compareKeys(parts[part]!.columns.keys, next[part]!, parts[least]!.columns.keys, next[least]!) < 0) least = part;
    }
    if (least < 0) return order;
    order.push({ part: least, doc: next[least]! });
    next[least]! += 1;
    skip(least);
  }
}

function mergedTags(parts: readonly Part[], order: readonly At[]): Columns['tags'] {
  const naming = new Naming();
  const of: number[] = [];
  const counts = order.map(({ part, doc }) => {
    const { names, starts, of: numbers } = parts[part]!.columns.tags;
    for (let at = starts[doc]!; at < starts[doc + 1]!; at += 1) of.push(naming.of(names[numbers[at]!]!));
    return starts[doc + 1]! - starts[doc]!;
  });
  return { names: naming.names(), starts: startsOf(counts), of: Uint32Array.from(of) };
}
