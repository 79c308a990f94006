import { AtlasError } from '../../../platform/errors.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Rights } from '../domain/document-ports.ts';
import { prefixOf } from '../domain/search.ts';
import type { Indexes } from './rank.ts';
import { tenantOf } from './tenant-of.ts';

const FIRST_MAX = 20;
const FIRST_DEFAULT = 5;
export type SuggestWords = ReturnType<typeof suggestWords>;

/** Words of what the caller reaches: one that stands nowhere else is not told to them. */
export const suggestWords = ({ rights, indexes }: { rights: Rights<Viewer>; indexes: Indexes }) => async (viewer: Viewer, asked: { prefix: string; first: number | null }): Promise<string[]> => {
  const first = asked.first ?? FIRST_DEFAULT;
  if (first < 1 || first > FIRST_MAX) throw new AtlasError('PAGE_SIZE', `\`first\` is between 1 and ${FIRST_MAX} here.`);
  const prefix = prefixOf(asked.prefix);
  if (prefix === null) return [];
  const reach = await rights.reach(viewer);
  if (!reach.everything && reach.collectionIds.length === 0) return [];
  return indexes.keyword.suggest({ tenantId: tenantOf(viewer), reach, prefix, first });
};
