import { AtlasError } from '../../../platform/errors.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Item, ItemTerms } from '../domain/item.ts';
import type { Ports } from '../domain/ports.ts';
import { holdItem } from './hold-item.ts';
import type { SeeItems } from './see-items.ts';

export interface UpdateItemInput extends ItemTerms { id: string; expectedVersion: number }
export interface Refusal { code: string; message: string; path: readonly string[] | null }
export type UpdateItem = ReturnType<typeof updateItem>;

/** Whoever comes second is shown what the first has made of it, beside the refusal. */
export const updateItem = (given: { work: Work<Ports>; seeItems: SeeItems }) => async (viewer: Viewer, { id, expectedVersion, ...terms }: UpdateItemInput): Promise<{ item: Item; userErrors?: Refusal[] }> => {
  try {
    return await given.work(viewer, async (ports) => {
      const item = await holdItem(viewer, id, ports);
      item.update(terms, { by: viewer.id, expectedVersion });
      return { item };
    });
  } catch (error) {
    if (!(error instanceof AtlasError) || error.code !== 'VERSION_CONFLICT') throw error;
    const [item] = await given.seeItems.byIds(viewer, [id as Item['id']]);
    if (!item) throw error;
    return { item, userErrors: [{ code: error.code, message: error.message, path: error.path ?? null }] };
  }
};
