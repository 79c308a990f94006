import { Aggregate } from '../../../platform/aggregate.ts';
import { AtlasError } from '../../../platform/errors.ts';
import { newId, type SubscriptionId, type TenantId } from '../../../platform/ids.ts';
import { entitlementsChanged, subscriptionChanged } from '../events.ts';
import { entitlementsOf } from './entitlements.ts';
import { DAY_MS, monthAfter, type Period } from './period.ts';
import type { Currency, Plan, PlanKey } from './plan.ts';

export const SUBSCRIPTION_STATES = ['TRIALING', 'ACTIVE', 'PAST_DUE', 'CANCELED'] as const;
export type SubscriptionState = (typeof SUBSCRIPTION_STATES)[number];
const TRIAL_DAYS = 14;

/** What a tenant has bought: one a tenant, from its first moment to its last. A plan that costs nothing is bought too. */
export class Subscription extends Aggregate {
  readonly id: SubscriptionId;
  readonly tenantId: TenantId;
  /** Billed nothing, whatever it has bought. */
  readonly sandbox: boolean;
  plan: PlanKey;
  planVersion: number;
  seats: number;
  currency: Currency;
  /** Since when it is this plan in this currency. */
  heldSince: Date;
  state: SubscriptionState;
  periodFrom: Date;
  periodTo: Date;
  /** The day of the month on which its periods begin. */
  anchor: Date;
  /** What follows when the period ends; null: the same. */
  nextPlan: PlanKey | null;
  nextSeats: number | null;
  /** A tenant tries things out once. */
  triedAt: Date | null;
  /** The subscription at the provider, and who pays it there; null while nobody pays. */
  reference: string | null;
  customer: string | null;
  readonly createdAt: Date;

  private constructor(given: { tenantId: TenantId; sandbox: boolean; plan: Plan; now: Date }) {
    super();
    this.id = newId('sub');
    this.tenantId = given.tenantId;
    this.sandbox = given.sandbox;
    this.plan = given.plan.key;
    this.planVersion = given.plan.version;
    this.seats = given.plan.seats.included;
    this.currency = 'USD';
    this.heldSince = given.now;
    this.state = 'ACTIVE';
    this.anchor = given.now;
    this.periodFrom = given.now;
    this.periodTo = monthAfter(given.now, given.now);
    this.nextPlan = null;
    this.nextSeats = null;
    this.triedAt = null;
    this.reference = null;
    this.customer = null;
    this.createdAt = given.now;
  }

  static open(given: { tenantId: TenantId; sandbox: boolean; plan: Plan; now: Date }): Subscription {
    const opened = new Subscription(given);
    opened.tell(undefined);
    opened.record(entitlementsChanged(entitlementsOf(opened, given.plan)));
    return opened;
  }

  period(): Period { return { from: this.periodFrom, to: this.periodTo }; }
  isOver(now: Date): boolean { return now >= this.periodTo; }
  /** Whoever pays nothing owes nothing: a trial, a plan that is free. */
  isPaid(): boolean { return this.reference !== null; }

  /** A plan for a while, to see what it is like; nobody pays. What ran until now is closed by whoever asks. */
  try(plan: Plan, seats: number, now: Date): void {
    if (this.triedAt) throw new AtlasError('PAYMENT_REQUIRED', 'A tenant tries out a plan once; from then on it is paid for.');
    this.change(plan, () => {
      Object.assign(this, { ...bought(plan, seats), heldSince: now, state: 'TRIALING', triedAt: now, nextPlan: null, nextSeats: null });
      this.run(now, new Date(now.getTime() + TRIAL_DAYS * DAY_MS));
    });
  }

  /** From now on somebody pays for it. What ran until now is closed by whoever asks. */
  pay(plan: Plan, given: { seats: number; currency: Currency; reference: string; customer: string; period: Period; anchor: Date }): void {
    this.change(plan, () => {
      const { seats, currency, reference, customer, period, anchor } = given;
      Object.assign(this, { ...bought(plan, seats), currency, heldSince: period.from, state: 'ACTIVE', reference, customer, nextPlan: null, nextSeats: null });
      this.run(period.from, period.to);
      // The months are those of whoever takes the money: ours may have begun a moment later, for a moment is what clocks differ by.
      this.anchor = anchor;
    });
  }

  /** The period that runs ends when it does for whoever takes the money. One that they count otherwise is left as it is. */
  fit({ from, to }: Period): void {
    if (Math.abs(from.getTime() - this.periodFrom.getTime()) >= DAY_MS || to.getTime() === this.periodTo.getTime()) return;
    this.change(null, () => { this.periodTo = to; this.anchor = from; });
  }

  /** At once; the period goes on. */
  switch(plan: Plan, seats: number, now: Date): void {
    this.change(plan, () => Object.assign(this, { ...bought(plan, seats), nextPlan: null, nextSeats: null, ...(this.state === 'CANCELED' && { state: 'ACTIVE' }), ...(plan.key !== this.plan && { heldSince: now }) }));
  }

  /** When the period ends. */
  schedule(plan: PlanKey, seats: number): void {
    this.change(null, () => Object.assign(this, { nextPlan: plan, nextSeats: seats, ...(this.state === 'CANCELED' && { state: 'ACTIVE' }) }));
  }

  /** It goes on until its period ends, and until then the cancellation can be taken back. */
  cancel(reason: string | null = null): void {
    if (this.plan === 'FREE') throw new AtlasError('WRONG_STATE', 'What costs nothing cannot be cancelled.');
    this.change(null, () => Object.assign(this, { state: 'CANCELED', nextPlan: 'FREE', nextSeats: null }), reason);
  }

  /** Whatever was to follow does not. */
  goOn(): void {
    this.change(null, () => Object.assign(this, { nextPlan: null, nextSeats: null, ...(this.state === 'CANCELED' && { state: this.reference ? 'ACTIVE' : this.plan === 'FREE' ? 'ACTIVE' : 'TRIALING' }) }));
  }

  /** What the provider says of being paid. */
  stand(state: 'ACTIVE' | 'PAST_DUE'): void {
    if (this.state === 'CANCELED') return;
    this.change(null, () => { this.state = state; });
  }

  /** Which plan the next period is of: nobody is billed for what was only tried out. */
  following(): { plan: PlanKey; seats: number | null } {
    if (this.nextPlan) return { plan: this.nextPlan, seats: this.nextSeats };
    if (this.state === 'TRIALING' && !this.sandbox) return { plan: 'FREE', seats: null };
    return { plan: this.plan, seats: this.seats };
  }

  /** The period has ended, at its end or at this moment before it; `plan` is what follows. */
  turn(plan: Plan, { seats, at }: { seats: number; at: Date }): void {
    this.change(plan, () => {
      const ends = plan.key === 'FREE';
      Object.assign(this, { ...bought(plan, seats), nextPlan: null, nextSeats: null, ...(plan.key !== this.plan && { heldSince: at }), ...(ends && { reference: null, customer: this.customer }) });
      if (ends || this.state === 'CANCELED' || this.state === 'TRIALING') this.state = 'ACTIVE';
      if (at < this.periodTo) this.anchor = at;
      this.periodFrom = at;
      this.periodTo = monthAfter(this.anchor, at);
    });
  }

  private run(from: Date, to: Date): void {
    this.anchor = from;
    this.periodFrom = from;
    this.periodTo = to;
  }

  /** Tells what has changed, and what follows from it if that has. */
  private change(plan: Plan | null, body: () => void, reason: string | null = null): void {
    const [before, held] = [this.facts(), JSON.stringify([this.plan, this.planVersion, this.seats, this.currency])];
    body();
    if (JSON.stringify(before) === JSON.stringify(this.facts())) return;
    this.tell(before, reason);
    if (plan && held !== JSON.stringify([this.plan, this.planVersion, this.seats, this.currency])) this.record(entitlementsChanged(entitlementsOf(this, plan)));
  }

  private facts() {
    const { plan, planVersion, seats, state, currency, nextPlan, nextSeats } = this;
    return { plan, planVersion, seats, state, currency, periodFrom: this.periodFrom.toISOString(), periodTo: this.periodTo.toISOString(), nextPlan, nextSeats };
  }

  private tell(before: ReturnType<Subscription['facts']> | undefined, reason: string | null = null): void {
    const after = this.facts();
    this.record(subscriptionChanged({ tenantId: this.tenantId, subscriptionId: this.id, ...after }, { audit: { entityType: 'Subscription', entityId: this.id, before, after: reason === null ? after : { ...after, reason } } }));
  }
}

const bought = (plan: Plan, seats: number) => ({ plan: plan.key, planVersion: plan.version, seats });
