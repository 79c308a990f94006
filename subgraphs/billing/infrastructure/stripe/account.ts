/**
 * The way to one Stripe account: the SDK, loaded when there is a key, held to one version of the API. It never retries by
 * itself: what is wanted is a row that is asked for again, under the same key.
 */
import { Agent as PlainAgent } from 'node:http';
import { Agent } from 'node:https';
import type { Stripe } from 'stripe';
import { AtlasError } from '../../../../platform/errors.ts';

/** An SDK of another version does not compile with this one: a move is made on purpose. */
const API_VERSION = '2026-10-28.endive';
const TIMEOUT_MS = 20_000;
const SOCKETS_MAX = 20;
/** Names for one wish: so often the answer may have been lost in a way that Stripe repeats. */
const NAMES_MAX = 5;

export interface StripeAccount {
  stripe: Stripe;
  /** Whether real money is moved. */
  live: boolean;
  close(): void;
}

export async function openStripe({ key, url, timeoutMs = TIMEOUT_MS }: { key: string; url?: string | undefined; timeoutMs?: number }): Promise<StripeAccount> {
  const { Stripe } = await import('stripe');
  const { protocol, hostname, port } = new URL(url ?? 'https://api.stripe.com');
  const secure = protocol === 'https:';
  const httpAgent = new (secure ? Agent : PlainAgent)({ keepAlive: true, maxSockets: SOCKETS_MAX });
  const stripe = new Stripe(key, {
    apiVersion: API_VERSION, httpAgent, timeout: timeoutMs, maxNetworkRetries: 0, telemetry: false, appInfo: { name: 'Atlas' },
    ...(url && { host: hostname, protocol: secure ? 'https' : 'http', port: port || (secure ? 443 : 80) }),
  });
  return { stripe, live: key.slice(3).startsWith('live_'), close: () => httpAgent.destroy() };
}

interface StripeFault { type: string; code?: string; statusCode?: number; headers?: Record<string, string>; message: string }
const faultIn = (error: unknown): StripeFault | null => {
  const fault = error as Partial<StripeFault> | null;
  return error instanceof Error && fault?.type?.startsWith('Stripe') ? fault as StripeFault : null;
};

/** Whether Stripe says so: that something is not there, or is there already. */
export const isCode = (error: unknown, ...codes: readonly string[]): boolean => codes.includes(faultIn(error)?.code ?? '');
/** Where Stripe has no code for what it says. */
export const says = (error: unknown, what: RegExp): boolean => what.test(faultIn(error)?.message ?? '');
const isMissing = (error: unknown): boolean => isCode(error, 'resource_missing');

/** What is not there is null; anything else that goes wrong goes on. */
export const orNull = async <T>(asked: Promise<T>): Promise<T | null> =>
  asked.catch((error: unknown) => { if (isMissing(error)) return null; throw error; });

/**
 * Has something done once, under a name that stays the same however often it is asked for. Stripe answers a name again as it
 * did at first for a day, a failure of its own too, and refuses a name under which something else was asked for before.
 * Whoever asks has looked whether it is done, so in both cases it is asked for under another name.
 */
export async function once<T>(name: string, ask: (options: { idempotencyKey: string }) => Promise<T>): Promise<T> {
  for (let number = 1; ; number += 1) {
    try {
      return await ask({ idempotencyKey: number === 1 ? name : `${name}#${number}` });
    } catch (error) {
      if (number === NAMES_MAX || !isSpent(faultIn(error))) throw error;
    }
  }
}

const isSpent = (fault: StripeFault | null): boolean =>
  fault !== null && ((fault.type === 'StripeIdempotencyError' && fault.statusCode === 400) || ((fault.statusCode ?? 0) >= 500 && fault.headers?.['idempotent-replayed'] === 'true'));

/** One sentence for people when Stripe is not there or does not want to; the cause stays in the log. */
export async function reached<T>(call: () => Promise<T>): Promise<T> {
  return call().catch((cause: unknown) => { throw faultIn(cause) ? new AtlasError('PAYMENTS_UNAVAILABLE', undefined, { cause }) : cause; });
}
