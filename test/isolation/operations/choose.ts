/** By whom, and to what: half of the time to what is theirs, otherwise to whatever there is. */
import { newId, type IdPrefix } from '../../../platform/ids.ts';
import type { CollectionState, ItemState, KeyState } from '../canaries.ts';
import type { Act } from '../judge.ts';
import { isKnown, tenantOf, type Principal } from '../rights.ts';
import type { World } from '../world.ts';

export interface Operation {
  /** The root field. */
  field: string;
  /** How often, beside the others. */
  weight: number;
  /** Null when there is nothing to do it to. */
  make(world: World, by: Principal): Omit<Act, 'field' | 'by'> | null;
}

export function someCollection(world: World, by: Principal): CollectionState | null {
  const own = world.collections.filter(({ tenant, deleted }) => tenant === tenantOf(by) && !deleted).slice(-12);
  const list = own.length > 0 && world.chance(0.7) ? own : world.collections.slice(-60);
  return list.length > 0 ? world.pick(list) : null;
}
export function someItem(world: World, by: Principal): ItemState | null {
  const own = world.items.filter(({ collection }) => collection.tenant === tenantOf(by) && !collection.deleted).slice(-60);
  const list = own.length > 0 && world.chance(0.7) ? own : world.items.slice(-300);
  return list.length > 0 ? world.pick(list) : null;
}
export const someKey = (world: World, by: Principal): KeyState | null => {
  const own = world.keys.filter(({ tenant }) => tenant === tenantOf(by));
  const list = own.length > 0 && world.chance(0.7) ? own : world.keys;
  return list.length > 0 ? world.pick(list) : null;
};

/** When it is not there for the caller: it, and one that there is not. */
export const unseen = (sees: boolean, id: string): Pick<Act, 'hidden'> =>
  (sees ? {} : { hidden: [id, newId(id.slice(0, 3) as IdPrefix)] });
/** A change is refused to whoever is not let in at all. */
export const only = (by: Principal, may: boolean): boolean => isKnown(by) && may;

export const mutation = (name: string, selection: string): string => `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${selection} userErrors { code message path } } }`;
