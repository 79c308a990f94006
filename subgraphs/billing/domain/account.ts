import { compare, isZero, least, minus, share, sum, times, ZERO, type Decimal } from '../../../platform/decimal.ts';
import { STEPS, type Step } from './budget.ts';

/** What a holder has reserved of a budget in one period, and how much of it has been counted as used. */
export interface Lease { holder: string; granted: Decimal; metered: Decimal; expiresAt: Date }
export interface Wish { amount: Decimal; atLeast: Decimal }

/** Whoever asks gets at most this part of what is left, so that the rest of one holder does not refuse another for long. */
const PART = 8;
/** Nobody else gets to it for so long after it has expired: what was used may still be on its way to the meter. */
export const QUIET_MS = 60_000;
export const LEASE_MS = 60_000;

/**
 * One budget in one of its periods: what has been used, what is reserved, and by whom. Whoever changes it holds its row.
 * What is reserved is in nobody's way twice: it becomes used as it is counted, or comes back.
 */
export class BudgetAccount {
  spent: Decimal;
  leased: Decimal;
  /** The highest step that has been told. */
  told: number;
  private readonly leases: Map<string, Lease>;

  constructor(readonly terms: { amount: Decimal; hard: boolean; places: number; to: Date }, kept: { spent: Decimal; leased: Decimal; told: number; leases: readonly Lease[] }) {
    this.spent = kept.spent;
    this.leased = kept.leased;
    this.told = kept.told;
    this.leases = new Map(kept.leases.map((lease) => [lease.holder, { ...lease }]));
  }

  /** Below zero when more was used than there was: what was in flight when it ended, or what nobody reserved. */
  remaining(): Decimal {
    return minus(minus(this.terms.amount, this.spent), this.leased);
  }

  leaseOf(holder: string): Lease | null {
    return this.leases.get(holder) ?? null;
  }

  /** How much of it the holder would get; null: not even what it needs. */
  offer({ amount, atLeast }: Wish): Decimal | null {
    if (!this.terms.hard) return amount;
    const left = this.remaining();
    if (!isPositive(left) || compare(left, atLeast) < 0) return null;
    const part = share(left, { part: 1, whole: PART, places: this.terms.places });
    return least(amount, isZero(part) ? left : most(part, atLeast));
  }

  /** What a soft budget grants is in nobody's way, and is not remembered. */
  grant(holder: string, granted: Decimal, now: Date): Date {
    const expiresAt = new Date(Math.min(now.getTime() + LEASE_MS, this.terms.to.getTime()));
    if (!this.terms.hard) return expiresAt;
    const before = this.leases.get(holder) ?? { holder, granted: ZERO, metered: ZERO };
    this.leases.set(holder, { ...before, granted: sum(before.granted, granted), expiresAt });
    this.leased = sum(this.leased, granted);
    return expiresAt;
  }

  /** What has been used, of what was reserved for it as far as that goes. What was given back (below zero) is used less. */
  use(quantity: Decimal, holder: string | null): void {
    this.spent = sum(this.spent, quantity);
    const lease = holder === null ? undefined : this.leases.get(holder);
    if (!lease || !isPositive(quantity)) return;
    const took = least(quantity, restOf(lease));
    lease.metered = sum(lease.metered, took);
    this.leased = minus(this.leased, took);
  }

  /** What its holder will not use after all: never more than is not used yet. */
  giveBack(holder: string, amount: Decimal): void {
    const lease = this.leases.get(holder);
    if (!lease || !isPositive(amount)) return;
    const back = least(amount, restOf(lease));
    lease.granted = minus(lease.granted, back);
    this.leased = minus(this.leased, back);
  }

  /** What expired a while ago, all that is left of it: its holder has died, or has forgotten it. */
  expire(now: Date): void {
    for (const lease of this.leases.values()) if (lease.expiresAt.getTime() + QUIET_MS <= now.getTime()) this.giveBack(lease.holder, restOf(lease));
  }

  /** The highest step that has been come to and was not told yet. */
  stepToTell(): Step | null {
    const reached = STEPS.filter((step) => compare(times(this.spent, 100), times(this.terms.amount, step)) >= 0 && step > this.told).at(-1) ?? null;
    if (reached !== null) this.told = reached;
    return reached;
  }

  /** Leases that something is left of, and those that are done with. */
  kept(): { held: Lease[]; ended: string[] } {
    const all = [...this.leases.values()];
    return { held: all.filter((lease) => !isZero(restOf(lease))), ended: all.filter((lease) => isZero(restOf(lease))).map(({ holder }) => holder) };
  }
}

const isPositive = (value: Decimal): boolean => compare(value, ZERO) > 0;
const most = (one: Decimal, other: Decimal): Decimal => (compare(one, other) >= 0 ? one : other);
const restOf = ({ granted, metered }: Lease): Decimal => minus(granted, metered);
