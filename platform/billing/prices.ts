/**
 * What each tenant's usage is worth, and what its plan allows: asked once, and kept as events say how it changes. No
 * request waits for it but the first of a tenant. Where billing does not answer, what was last known holds; of a tenant
 * of which nothing is known the answers say no money, and what they were worth is found by the meter.
 */
import { LRUCache } from 'lru-cache';
import type { Envelope } from '../event.ts';
import type { TenantId } from '../ids.ts';
import type { Log } from '../log.ts';
import type { Events } from '../service.ts';
import type { BillingDoor, Entitlements } from './ports.ts';
import { tariffOf, type Tariff } from './tariff.ts';

export const ENTITLEMENTS_CHANGED = 'billing.entitlements-changed';
const TENANTS_MAX = 20_000;
/** A tail misses nothing; this is for what no tail can mend, such as a database that was put back. */
const KEEP_MS = 600_000;
/** Whoever could not say it is asked again after so long. */
const AGAIN_MS = 1_000;

export interface Prices {
  /** What is known; a promise only where nothing is. Null: nobody says it at the moment. */
  of(tenantId: TenantId): Tariff | null | Promise<Tariff | null>;
  /** What is known at this moment, asking nobody. */
  known(tenantId: TenantId): Tariff | null;
  stop(): Promise<void>;
}

interface Kept { tariff: Tariff | null; version: number; askAt: number; asking: Promise<Tariff | null> | null }

export function openPrices(given: { billing: Pick<BillingDoor, 'entitlements'>; tail: Events['tail']; log: Log }): Prices {
  const tenants = new LRUCache<TenantId, Kept>({ max: TENANTS_MAX });

  const learn = (tenantId: TenantId, found: Entitlements, kept: Kept): void => {
    // What was asked for may arrive after what has changed since.
    if (kept.tariff !== null && found.version < kept.version) return;
    Object.assign(kept, { tariff: tariffOf(found), version: found.version });
    tenants.set(tenantId, kept);
  };
  const tail = given.tail([ENTITLEMENTS_CHANGED], async ({ body, subjectVersion }: Envelope) => {
    const { tenantId, ...told } = body as Omit<Entitlements, 'version'> & { tenantId: TenantId };
    const kept = tenants.peek(tenantId);
    if (kept) learn(tenantId, { ...told, version: subjectVersion }, kept);
  });

  const ask = (tenantId: TenantId, kept: Kept): Promise<Tariff | null> => {
    kept.asking ??= given.billing.entitlements(tenantId).then(
      (found) => {
        if (found) learn(tenantId, found, kept);
        kept.askAt = Date.now() + (found ? KEEP_MS : AGAIN_MS);
      },
      (error: unknown) => {
        given.log.warn({ err: error, tenantId }, 'What a tenant has bought could not be asked; what was last known holds.');
        kept.askAt = Date.now() + AGAIN_MS;
      },
    ).then(() => {
      kept.asking = null;
      return kept.tariff;
    });
    return kept.asking;
  };

  return {
    of(tenantId) {
      let kept = tenants.get(tenantId);
      if (!kept) tenants.set(tenantId, kept = { tariff: null, version: -1, askAt: 0, asking: null });
      if (kept.askAt > Date.now()) return kept.tariff;
      const asked = ask(tenantId, kept);
      return kept.tariff ?? asked;
    },
    known: (tenantId) => tenants.peek(tenantId)?.tariff ?? null,
    stop: () => tail.stop(),
  };
}
