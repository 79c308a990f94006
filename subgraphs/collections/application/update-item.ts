import type { Viewer } from '../../../platform/viewer.ts';
import type { Look, Work } from '../../../platform/work.ts';
import type { ItemTerms } from '../domain/item.ts';
import type { Ports } from '../domain/ports.ts';
import { besideConflict, type Changed } from './beside-conflict.ts';
import { holdItem } from './hold-item.ts';

export interface UpdateItemInput extends ItemTerms { id: string; expectedVersion: number }
export type UpdateItem = ReturnType<typeof updateItem>;

export const updateItem = ({ work, look }: { work: Work<Ports>; look: Look<Ports> }) => (viewer: Viewer, { id, expectedVersion, ...terms }: UpdateItemInput): Promise<Changed> =>
  besideConflict({ look, viewer, id }, () => work(viewer, async (ports) => {
    const item = await holdItem(viewer, id, ports);
    item.update(terms, { by: viewer.id, expectedVersion });
    return { item };
  }));
