/** What is said of a subscription here and at its provider, side by side. */
import type { TenantId } from '../../../platform/ids.ts';
import type { ProviderState } from './ports.ts';
import type { Seen } from './provider-signals.ts';
import type { Subscription } from './subscription.ts';

/** Everything of ours that a provider has, listed. */
export interface ProviderListing {
  /** Ended ones too. */
  subscriptions(): AsyncIterable<Seen>;
  look(reference: string): Promise<Seen | null>;
  /** What is wrong with what is sold there; `mend` makes what is missing. */
  faults(mend: boolean): Promise<Difference[]>;
}
/** Those of ours that somebody pays. */
export type PaidSubscriptions = () => Promise<{ tenantId: TenantId; reference: string }[]>;

/** `mended`: null where nobody asked for it, false where a person has to. */
export interface Difference { about: string; what: string; mended: boolean | null }

type Ours = Pick<Subscription, 'state' | 'plan' | 'planVersion' | 'seats' | 'periodTo' | 'customer'>;

/** Two clocks, and one of them knows whole seconds only. */
const TOLERANCE_MS = 60_000;

/** In sentences; none where they agree. `ours` is the one that is held to be paid there. */
export function differencesOf(ours: Ours, theirs: ProviderState): string[] {
  if (theirs.state === 'CANCELED') return ['has ended there, and is held to be paid here'];
  const state = theirs.cancelAtPeriodEnd ? 'CANCELED' : theirs.state === 'PAST_DUE' || theirs.disputed ? 'PAST_DUE' : 'ACTIVE';
  const pairs: readonly (readonly [string, string | number | null, string | number | null])[] = [
    ['state', ours.state, state], ['plan', `${ours.plan} ${ours.planVersion}`, `${theirs.plan} ${theirs.planVersion}`], ['seats', ours.seats, theirs.seats], ['customer', ours.customer, theirs.customer],
  ];
  const apart = Math.abs(ours.periodTo.getTime() - theirs.periodTo.getTime());
  return [
    ...pairs.filter(([, here, there]) => here !== there).map(([what, here, there]) => `${what} is ${here} here and ${there} there`),
    ...(apart > TOLERANCE_MS ? [`period ends ${ours.periodTo.toISOString()} here and ${theirs.periodTo.toISOString()} there`] : []),
  ];
}
