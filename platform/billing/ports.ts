/** What billing knows, and whoever spends asks it, in the words of its graph. */
import type { Decimal } from '../decimal.ts';
import type { TenantId } from '../ids.ts';

/** What a tenant has bought, as far as anybody goes by it who spends. */
export interface Entitlements {
  /** The one with the higher version is the newer. */
  version: number;
  plan: string;
  planVersion: number;
  currency: string;
  limits: Readonly<Record<string, number>>;
  /** What one of a metric is worth; what is not named is worth nothing. */
  prices: Readonly<Record<string, Decimal>>;
}

/** Whose spending it is: a person's or a key's, in a tenant; and of which collections, where it is of some alone. */
export interface Spender { tenantId: TenantId; userId: string | null; keyId: string | null; collectionIds?: readonly string[] | null }

export type BudgetUnit = 'POINTS' | 'TOKENS' | 'MONEY';
export interface Want { unit: BudgetUnit; amount: Decimal; atLeast: Decimal }

interface Terms { budgetId: string; unit: BudgetUnit; currency: string | null; limit: Decimal; remaining: Decimal; resetAt: string }
/** A part of a budget that is reserved for one holder. */
export interface Granted extends Terms { /** Of what is used of this one alone. */ collectionId: string | null; hard: boolean; granted: Decimal; expiresAt: string }
/** The budget of which not even what is needed is left. */
export type Refused = Terms;
export interface Leased { leases: readonly Granted[]; refusal: Refused | null }
export interface Returned { budgetId: string; resetAt: string; amount: Decimal }

export interface BillingDoor {
  entitlements(tenantId: TenantId): Promise<Entitlements | null>;
  lease(spender: Spender, holder: string, wants: readonly Want[]): Promise<Leased>;
  giveBack(tenantId: TenantId, holder: string, leases: readonly Returned[]): Promise<void>;
}
