/**
 * The points of a stream. What one event may cost is taken when it opens; the first event is paid from it and gets back what
 * it was not worth, as a query would; every further one is paid for just before it is delivered. Who cannot pay for an event
 * does not get it, and their stream ends.
 */
import type { Bill, Charge, Payer } from './charge.ts';
import { RateRefusal, type Rate } from './rate.ts';
import { costExtension, type CostExtension } from './spent.ts';

export interface Meter {
  /** Pays for an event and says what the stream has cost so far; rejects with RATE_LIMITED when there is not so much left. */
  pay(points: number): Promise<CostExtension>;
  /** It has ended: what was taken and never used is given back. */
  close(): Promise<Bill>;
}

export function openMeter(rate: Rate, { viewer, address }: Payer, { requested, fixed, state: opened }: Charge): Meter {
  const eventMax = Math.max(1, requested - fixed);
  let [taken, due, actual, state] = [requested, fixed, fixed, opened];

  const giveBack = async (over: number): Promise<void> => {
    taken -= over;
    state = await rate.giveBack(viewer, address, state, over);
  };
  const take = async (points: number): Promise<void> => {
    try {
      state = await rate.spend(viewer, address, points);
    } catch (error) {
      if (error instanceof RateRefusal) state = error.state;
      throw error;
    }
    taken += points;
  };

  return {
    async pay(points) {
      // An event was read, completed and delivered, whatever is in it.
      const worth = Math.max(1, points);
      const owed = due + Math.min(worth, eventMax) - taken;
      if (owed > 0) await take(owed);
      else if (owed < 0) await giveBack(-owed);
      due = taken;
      actual += worth;
      return costExtension(requested, actual, state);
    },
    async close() {
      const least = Math.max(1, due);
      if (taken > least) await giveBack(taken - least);
      return { extension: costExtension(requested, Math.max(1, actual), state), state };
    },
  };
}
