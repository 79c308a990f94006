/** When a webhook is tried again, which are served first, and when one is given up: rules without a clock or a network. */
import type { TenantId, WebhookId } from '../../../platform/ids.ts';

/** What came of one attempt. `failure` is a sentence for people; with it there may be no code at all. */
export interface Answer { code: number | null; excerpt: string | null; failure: string | null; durationMs: number; retryAfterMs: number | null }

export interface SendingTerms {
  /** The waits before each further attempt. */
  retrySeconds: readonly number[];
  disableAttempts: number;
  disableHours: number;
}

/** A webhook that has something due. */
export interface Lane { tenantId: TenantId; webhookId: WebhookId; failures: number }
export interface Health { failures: number; failingSince: Date | null }

const GONE = 410;
const RETRY_AFTER_MAX_MS = 3_600_000;
const PAUSE_MAX_MS = 300_000;
const HOUR_MS = 3_600_000;
/** From so many failures in a row a receiver is taken for down: one attempt at a time, with pauses. */
const FAILING = 3;

export const isDelivered = ({ code }: Answer): boolean => code !== null && code >= 200 && code < 300;
export const isFailing = ({ failures }: Pick<Health, 'failures'>): boolean => failures >= FAILING;

/** The wait before the next attempt, or null when there is none. Up to a fifth shorter, so that what failed together does not come again together. */
export function waitAfter(answer: Answer, tries: number, { retrySeconds }: SendingTerms, random: number): number | null {
  const seconds = retrySeconds[tries - 1];
  if (seconds === undefined) return null;
  return Math.max(seconds * 1_000 * (1 - random / 5), Math.min(answer.retryAfterMs ?? 0, RETRY_AFTER_MAX_MS));
}

/** How long the whole webhook is left alone: what it asked for itself, or longer and longer while it is down. */
export function pauseAfter(answer: Answer, health: Health, { retrySeconds }: SendingTerms, random: number): number {
  const asked = Math.min(answer.retryAfterMs ?? 0, RETRY_AFTER_MAX_MS);
  if (!isFailing(health)) return asked;
  const grown = Math.min((retrySeconds[0] ?? 1) * 1_000 * 2 ** Math.min(health.failures - FAILING, 20), PAUSE_MAX_MS);
  return Math.max(asked, grown * (1 - random / 5));
}

/** Why it is to be disabled, or null. */
export function disableReason(answer: Answer, { failures, failingSince }: Health, { disableAttempts, disableHours }: SendingTerms, now: number): 'GONE' | 'FAILING' | null {
  if (answer.code === GONE) return 'GONE';
  const failingFor = failingSince ? now - failingSince.getTime() : 0;
  return failures >= disableAttempts && failingFor >= disableHours * HOUR_MS ? 'FAILING' : null;
}

const SERVED_MAX = 32;
const OF_TENANT_MAX = 8;

/**
 * Which of the due are begun now. Those that are down may hold half of the places and those of one tenant a quarter, so
 * that neither many dead receivers nor one busy tenant keep the others waiting.
 */
export function chooseLanes(due: readonly Lane[], running: readonly Lane[]): Lane[] {
  const served = [...running];
  const chosen: Lane[] = [];
  for (const lane of due) {
    if (served.length >= SERVED_MAX) break;
    if (served.some(({ webhookId }) => webhookId === lane.webhookId)) continue;
    if (served.filter(({ tenantId }) => tenantId === lane.tenantId).length >= OF_TENANT_MAX) continue;
    if (isFailing(lane) && served.filter(isFailing).length >= SERVED_MAX / 2) continue;
    served.push(lane);
    chosen.push(lane);
  }
  return chosen;
}
