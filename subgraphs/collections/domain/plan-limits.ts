import { AtlasError } from '../../../platform/errors.ts';
import type { TenantId } from '../../../platform/ids.ts';

/** How much there may be of what, by the tenant's plan; null: as much as one likes. */
export interface PlanLimits { collections: number | null; items: number | null; storageBytes: number | null }
export interface Standing { limits: PlanLimits; items: number; bytes: number }

export interface PlanRoom {
  /** What was last heard of the plan; whoever hears of an older one keeps the newer. */
  keep(tenantId: TenantId, version: number, limits: PlanLimits): Promise<void>;
  /** What a tenant has and may have, whoever asks. Nothing of others is held: two who add at once may go beyond it by what each adds. */
  standing(tenantId: TenantId): Promise<Standing>;
}

const NAMES = ['collections', 'items', 'storageBytes'] as const;

/** Out of what billing tells of a plan. Throws when the body is not what schema/events promises of it. */
export function planLimitsIn(body: unknown): PlanLimits {
  const { limits } = (body ?? {}) as { limits?: unknown };
  if (typeof limits !== 'object' || limits === null) throw new Error('billing.entitlements-changed says no limits.');
  const said = limits as Record<string, unknown>;
  const one = (name: string): number | null => (Number.isSafeInteger(said[name]) ? said[name] as number : null);
  return Object.fromEntries(NAMES.map((name) => [name, one(name)])) as unknown as PlanLimits;
}

const WORDS: Record<keyof PlanLimits, string> = { collections: 'collections', items: 'items', storageBytes: 'bytes of files' };

/** Before anything is done: what there is and what is to come would be more than the plan holds. */
export function refuseBeyondPlan(what: keyof PlanLimits, { limit, had, more }: { limit: number | null; had: number; more: number }): void {
  if (limit === null || had + more <= limit) return;
  throw new AtlasError('PLAN_LIMIT', `The plan of this tenant holds ${limit} ${WORDS[what]}, and there are ${had}.`);
}

export const refuseMoreItems = ({ limits, items }: Standing, more: number): void => refuseBeyondPlan('items', { limit: limits.items, had: items, more });
export const refuseMoreBytes = ({ limits, bytes }: Standing, more: number): void => refuseBeyondPlan('storageBytes', { limit: limits.storageBytes, had: bytes, more });
