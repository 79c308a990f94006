/**
 * The points of a stream. What one event may cost is taken when it opens; the first event is paid from it and gets back what
 * it was not worth, as a query would; every further one is paid for just before it is delivered. Who cannot pay for an event
 * does not get it, and their stream ends.
 */
import type { Bill, Came, Charge, Payer } from './charge.ts';
import { RateRefusal, type Rate } from './rate.ts';
import { costExtension, type CostExtension } from './spent.ts';

export interface Meter {
  /** Pays for an event and says what the stream has cost so far; rejects with RATE_LIMITED when there is not so much left, with BUDGET_EXCEEDED when a budget does not reach. */
  pay(came: Came): Promise<CostExtension>;
  /** It has ended: what was taken and never used is given back, and what it came to is on disk. Where nothing more can be said (`isTold`), nothing more is billed. */
  close(isTold: boolean): Promise<Bill>;
}

export function openMeter(rate: Rate, { viewer, address }: Payer, { requested, fixed, state: opened, tab }: Charge): Meter {
  const eventMax = Math.max(1, requested - fixed);
  let [taken, due, actual, state] = [requested, fixed, fixed, opened];
  let billed = 0;

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

  /** Up to so many points in all. */
  const bill = (points: number, usage: Came['usage']): void => {
    if (points > billed) tab?.add(points - billed, usage);
    billed = points;
  };

  return {
    async pay({ points, usage }) {
      // An event was read, completed and delivered, whatever is in it.
      const worth = Math.max(1, points);
      const reserving = tab?.reserve(actual + worth - billed);
      if (reserving) await reserving;
      const owed = due + Math.min(worth, eventMax) - taken;
      if (owed > 0) await take(owed);
      else if (owed < 0) await giveBack(-owed);
      due = taken;
      actual += worth;
      bill(actual, usage);
      return costExtension(requested, actual, state, tab?.billed);
    },
    async close(isTold) {
      const least = Math.max(1, due);
      if (taken > least) await giveBack(taken - least);
      if (isTold) bill(Math.max(1, actual), undefined);
      tab?.settle();
      await tab?.kept();
      return { extension: costExtension(requested, Math.max(1, actual), state, tab?.billed), state };
    },
  };
}
