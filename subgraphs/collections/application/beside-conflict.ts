/** Whoever comes second is shown what the first has made of it, beside the refusal: by a look, for it is another's change that they missed. */
import { AtlasError } from '../../../platform/errors.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { ItemSeen } from '../domain/item.ts';
import type { Ports } from '../domain/ports.ts';

export interface Refusal { code: string; message: string; path: readonly string[] | null }
export interface Changed { item: ItemSeen; userErrors?: Refusal[] }

export async function besideConflict(given: { look: Look<Ports>; viewer: Viewer; id: string }, change: () => Promise<Changed>): Promise<Changed> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof AtlasError) || error.code !== 'VERSION_CONFLICT') throw error;
    const [item] = await given.look(given.viewer, ({ items }) => items.byIds([given.id as ItemSeen['id']]));
    if (!item) throw error;
    return { item, userErrors: [{ code: error.code, message: error.message, path: error.path ?? null }] };
  }
}
