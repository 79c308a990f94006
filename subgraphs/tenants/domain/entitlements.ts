/** What of a tenant's plan is of interest here, out of what billing tells of it. */
export interface Entitlements { features: readonly string[]; seats: number }

/** Throws when the body is not what schema/events promises of it. */
export function entitlementsIn(body: unknown): Entitlements {
  const { features, seats } = (body ?? {}) as Partial<Record<keyof Entitlements, unknown>>;
  if (!Array.isArray(features) || !features.every((one): one is string => typeof one === 'string')) throw new Error('billing.entitlements-changed says no features.');
  if (!Number.isInteger(seats) || (seats as number) < 0) throw new Error('billing.entitlements-changed says no seats.');
  return { features, seats: seats as number };
}
