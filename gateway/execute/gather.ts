/** Of the objects that a fetch completes: each entity once, with all the places where it stands. */
import type { Entities } from '../compile.ts';
import type { Data } from '../compile/represent.ts';

interface Gathered { representations: Data[]; names: string[]; targets: Data[][] }

export function gather(objects: readonly Data[], entities: Entities): Gathered {
  const gathered: Gathered = { representations: [], names: [], targets: [] };
  const known = new Map<string, number>();
  for (const object of new Set(objects)) {
    const name = entities.name(object);
    if (name === null) continue;
    let at = known.get(name);
    if (at === undefined) {
      known.set(name, at = gathered.representations.push(entities.represent(object)!) - 1);
      gathered.names.push(name);
      gathered.targets.push([]);
    }
    gathered.targets[at]!.push(object);
  }
  return gathered;
}

/** Objects that take the same from what is above them. */
export function byContext(found: readonly { object: Data; values: Record<string, unknown> }[]): { objects: Data[]; values: Record<string, unknown> }[] {
  const groups = new Map<string, { objects: Data[]; values: Record<string, unknown> }>();
  for (const { object, values } of found) {
    const name = JSON.stringify(values);
    const group = groups.get(name) ?? { objects: [], values };
    groups.set(name, group);
    group.objects.push(object);
  }
  return [...groups.values()];
}
