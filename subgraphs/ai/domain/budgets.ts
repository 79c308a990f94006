/** What answers need of whoever keeps budgets. */
import type { Decimal } from '../../../platform/decimal.ts';
import type { BudgetLeft } from '../../../platform/errors.ts';
import type { CollectionId, TenantId } from '../../../platform/ids.ts';
import type { Tariff } from './tariff.ts';

export type BudgetUnit = 'TOKENS' | 'MONEY';
/** Whose spending it is, and of which collections where it is of some alone. */
export interface Spender { readonly tenantId: TenantId; readonly userId: string | null; readonly keyId: string | null; readonly collectionIds: readonly CollectionId[] | null }
export interface Want { readonly unit: BudgetUnit; readonly amount: Decimal; readonly atLeast: Decimal }
/** A part of a hard budget that is reserved for one holder. */
export interface Lease { readonly budgetId: string; readonly unit: BudgetUnit; readonly collectionId: string | null; readonly granted: Decimal; readonly resetAt: string; readonly expiresAt: string }
export interface Returned { readonly budgetId: string; readonly resetAt: string; readonly amount: Decimal }
/** Of every hard budget that the spender comes under, or of none: then it is said which does not reach. */
export interface Leased { readonly leases: readonly Lease[]; readonly refusal: BudgetLeft | null }

export interface Budgets {
  /** Null: nobody says it at the moment. */
  tariff(tenantId: TenantId): Promise<Tariff | null>;
  /** SUBGRAPH_UNAVAILABLE when nobody answers and the spender is known to come under a hard budget; whoever is not goes on. */
  lease(spender: Spender, holder: string, wants: readonly Want[]): Promise<Leased>;
  /** What is not given back comes back by itself. */
  giveBack(tenantId: TenantId, holder: string, rests: readonly Returned[]): Promise<void>;
}
