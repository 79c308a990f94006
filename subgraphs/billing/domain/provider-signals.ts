/**
 * What a provider of payments tells without being asked. A signal is only a reason to look: what it says is never believed,
 * the thing it is about is looked at as it is now. So one that comes twice, late or in another order does no harm.
 */
import type { TenantId } from '../../../platform/ids.ts';
import type { ProviderState } from './ports.ts';

export const SUBJECT_KINDS = ['subscription', 'invoice', 'dispute'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];
/** `invoice:in_1…`: what there is to look at. */
export type Subject = `${SubjectKind}:${string}`;

export interface ProviderSignal {
  id: string;
  type: string;
  /** Null: nothing that we look at. */
  subject: Subject | null;
  at: Date;
}

/** What arrives, told apart from what anybody could send. */
export interface ProviderSignals {
  /** Throws when the signature is none of ours, or too old. */
  read(payload: string, signature: string): ProviderSignal;
}

export interface Seen { tenantId: TenantId; reference: string; state: ProviderState }
/** The provider, looked at. Null: it is not there, or is none of ours. */
export interface ProviderLooks {
  /** The subscription that the subject belongs to. */
  referenceOf(subject: Subject): Promise<string | null>;
  /** How it is now; of an invoice with this invoice as its last. */
  look(subject: Subject): Promise<Seen | null>;
}

export interface Hold { subject: Subject; lease: string; woken: string; tries: number }
/** What is to be looked at, each by one at a time. Kept of signals: their ids. */
export interface ProviderLanes {
  /** False when it has come before. */
  keep(signal: ProviderSignal): Promise<boolean>;
  wake(subjects: readonly Subject[]): Promise<void>;
  /** Those that nobody has looked at for a day: what was never told is seen by looking. */
  wakeStale(subjects: readonly Subject[]): Promise<void>;
  due(max: number): Promise<Subject[]>;
  /** Null while somebody else holds it. */
  take(subject: Subject, leaseMs: number): Promise<Hold | null>;
  /** What was told meanwhile is due again; `retryMs` when it did not succeed. */
  free(hold: Hold, retryMs: number | null): Promise<void>;
}
export interface SignalPorts { lanes: ProviderLanes }

export const subscriptionSubject = (reference: string): Subject => `subscription:${reference}`;

const FIRST_MS = 5_000;
const LAST_MS = 3_600_000;
/** Twice as long each time, an hour at most, spread so that not all come back at once. `chance` is between 0 and 1. */
export const waitAfter = (tries: number, chance: number): number => Math.round(Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(tries, 20)) * (0.75 + chance / 2));
