/** The keyword index over one service's database, and what keeps it in shape; both share what they have read. */
import type { Database } from '../../../../platform/database/database.ts';
import type { Analyzer, KeywordIndex, Lexicon } from '../../domain/ports.ts';
import { keyOf, placeOfKey } from '../../domain/item-key.ts';
import type { ItemId, TenantId } from '../../../../platform/ids.ts';
import { BlockCache } from './block-cache.ts';
import { Breath } from './breath.ts';
import { postgresLexicon } from './lexicon.ts';
import { postgresKeywordIndex, questionsOver } from './postgres-keyword-index.ts';
import { TenantViews, type Limits } from './tenant-view.ts';
import { upkeepOf, type Upkeep } from './upkeep.ts';
import { withinReach } from './within-reach.ts';

const BYTES_MAX = 256 * 2 ** 20;
const LIMITS: Limits = { pendingMax: 2_000, pendingBytesMax: 16 * 2 ** 20 };

export interface PostgresIndex {
  index: KeywordIndex;
  lexicon: Lexicon;
  upkeep: Upkeep;
  /** How many documents of a tenant can be found and which, as of this change: to be compared with those that there are. */
  holds(tenantId: TenantId): Promise<{ documents: number; upTo: bigint; has(itemId: ItemId): boolean }>;
}

export function openPostgresIndex({ database, analyzer, bytesMax = BYTES_MAX, limits = LIMITS }: { database: Database; analyzer: Analyzer; bytesMax?: number; limits?: Limits }): PostgresIndex {
  const cache = new BlockCache(bytesMax * 0.75);
  const views = new TenantViews({ database, analyzer, cache, limits, bytesMax: bytesMax * 0.25 });
  const begin = questionsOver({ database, analyzer, cache, views });
  return {
    index: postgresKeywordIndex(begin, database),
    lexicon: postgresLexicon(begin),
    upkeep: upkeepOf({ database, analyzer, cache, limits }),
    async holds(tenantId) {
      const { delta, segments, upTo } = await views.of(tenantId);
      const sources = [delta.source, ...segments];
      const { averages: { documents } } = await withinReach(sources, { everything: true }, new Breath());
      const has = (itemId: ItemId): boolean => sources.some(({ columns, dead }) => {
        const place = placeOfKey(columns.keys, keyOf(itemId));
        return place >= 0 && !dead[place];
      });
      return { documents, upTo, has };
    },
  };
}
