import type { Decimal } from '../../../platform/decimal.ts';
import type { CollectionId } from '../../../platform/ids.ts';

/** What somebody sees: all there is in the tenant, or these. Two with the same may be told the same. */
export interface Reach { readonly everything: boolean; readonly collectionIds: readonly CollectionId[] }

/** What an answer did not use because another was given again. */
export interface CacheUse { readonly similarity: number; readonly savedTokens: number; readonly saved: Decimal; readonly currency: string }
