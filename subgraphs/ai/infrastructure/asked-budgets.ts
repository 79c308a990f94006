/** What billing keeps of whoever asks: what their tenant pays by, and the budgets that they come under. */
import { LRUCache } from 'lru-cache';
import { setTimeout as pause } from 'node:timers/promises';
import type { BillingDoor } from '../../../platform/billing/ports.ts';
import type { Prices } from '../../../platform/billing/prices.ts';
import { ZERO, compare } from '../../../platform/decimal.ts';
import { AtlasError } from '../../../platform/errors.ts';
import type { Budgets, Lease, Spender } from '../domain/budgets.ts';

interface Notes { warn(about: object, sentence: string): void }
const SPENDERS_MAX = 50_000;
/** Many who reserve of one budget wait for its row, and not for long. */
const TRIES_MAX = 6;
const AGAIN_MS = 60;

const nameOf = ({ tenantId, userId, keyId, collectionIds }: Spender): string => [tenantId, userId ?? keyId, ...[...collectionIds ?? []].sort()].join(' ');

export function askedBudgets({ door, prices, log }: { door: Pick<BillingDoor, 'lease' | 'giveBack'>; prices: Pick<Prices, 'of'>; log: Notes }): Budgets {
  /** Whether they were under a hard budget when somebody last said so. */
  const known = new LRUCache<string, boolean>({ max: SPENDERS_MAX });
  return {
    async tariff(tenantId) {
      const tariff = await prices.of(tenantId);
      if (!tariff) return null;
      const of = (metric: string) => tariff.prices[metric] ?? ZERO;
      return { plan: tariff.plan, currency: tariff.currency, input: of('ai.input-tokens'), output: of('ai.output-tokens'), cost: of('ai.cost') };
    },
    async lease(spender, holder, wants) {
      const name = nameOf(spender);
      try {
        const { leases, refusal } = await patiently(() => door.lease(spender, holder, wants));
        const hard = leases.filter((lease) => lease.hard);
        known.set(name, refusal !== null || hard.length > 0);
        if (refusal === null) return { refusal, leases: hard.map(({ budgetId, unit, collectionId, granted, resetAt, expiresAt }): Lease => ({ budgetId, unit: unit as Lease['unit'], collectionId, granted, resetAt: momentOf(resetAt), expiresAt: momentOf(expiresAt) })) };
        const { unit, currency, limit, remaining, resetAt } = refusal;
        return { leases: [], refusal: { unit, ...(currency !== null && { currency }), limit, remaining: compare(remaining, ZERO) > 0 ? remaining : ZERO, resetAt: momentOf(resetAt) } };
      } catch (error) {
        log.warn({ err: error, tenantId: spender.tenantId }, 'Budgets could not be asked for an answer; who has none that is hard goes on.');
        if (known.get(name)) throw new AtlasError('SUBGRAPH_UNAVAILABLE', 'What is left of your budget cannot be found out at the moment.', { cause: error });
        return { leases: [], refusal: null };
      }
    },
    giveBack: (tenantId, holder, rests) => door.giveBack(tenantId, holder, rests).catch((error: unknown) => log.warn({ err: error, tenantId }, 'What was reserved under a budget could not be given back; it comes back by itself.')),
  };
}

async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof AtlasError && error.code === 'OVERLOADED') || tries === TRIES_MAX) throw error;
      await pause(AGAIN_MS * tries * (0.5 + Math.random()));
    }
  }
}

/** In one process moments are no texts yet. */
const momentOf = (said: unknown): string => (said instanceof Date ? said.toISOString() : String(said));

/** Where nobody sells anything, nobody is held to anything. */
export const noBudgets: Budgets = { tariff: async () => null, lease: async () => ({ leases: [], refusal: null }), giveBack: async () => undefined };
