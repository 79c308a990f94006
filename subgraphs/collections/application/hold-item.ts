import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Item } from '../domain/item.ts';
import type { Ports } from '../domain/ports.ts';
import { notFound, refuseBelow, rolesIn } from './reach-collection.ts';

/** Part of a work: the item, locked, where the caller may edit; `path` names the input that says which. */
export async function holdItem(viewer: Viewer, id: string, ports: Ports, path = 'id'): Promise<Item> {
  const [seen] = isId('itm', id) ? await ports.items.byIds([id]) : [];
  const role = seen && (await rolesIn(viewer, [seen.collectionId], ports))(seen.collectionId);
  if (!seen || !role) throw notFound(path);
  refuseBelow(viewer, role, 'EDITOR');
  const held = await ports.items.locked(seen.id);
  if (!held) throw notFound(path);
  return held;
}
