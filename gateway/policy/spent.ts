/** What a request has cost, as its caller is told: in `extensions.cost`, and in the headers that programs pace themselves by. */
import { UNBILLED, type Billed } from '../billing/tab.ts';
import { WINDOW_SECONDS, type RateState } from './rate.ts';

/** `tokens` of models and `money` are null for who pays nothing, and `money` while nobody can say what their tenant pays by. */
export interface CostExtension extends Billed {
  /** Points that were taken before it ran, and what the answer was worth. */
  requested: number;
  actual: number;
  budget: { limit: number; remaining: number; resetAt: string } | null;
}

/** `state` is null for a caller that is not known: a credential that opens nothing has no budget. */
export const costExtension = (requested: number, actual: number, state: RateState | null, { tokens, money }: Billed = UNBILLED): CostExtension => ({
  requested, actual,
  budget: state && { limit: state.limit, remaining: state.remaining, resetAt: state.resetAt.toISOString() },
  tokens, money,
});

const secondsTo = (at: Date): number => Math.max(0, Math.ceil((at.getTime() - Date.now()) / 1_000));

/** `RateLimit-*` as clients have long read them, `RateLimit` and `RateLimit-Policy` as the IETF's draft writes them. */
export const rateHeaders = ({ limit, remaining, resetAt, buckets }: RateState): Record<string, string> => ({
  'ratelimit-limit': String(limit),
  'ratelimit-remaining': String(remaining),
  'ratelimit-reset': String(secondsTo(resetAt)),
  'ratelimit-policy': buckets.map((bucket) => `"${bucket.name}";q=${bucket.limit};w=${WINDOW_SECONDS}`).join(', '),
  ratelimit: buckets.map((bucket) => `"${bucket.name}";r=${bucket.remaining};t=${secondsTo(bucket.resetAt)}`).join(', '),
});

/** The same JSON text with these extensions: an answer that is ready to be sent is not parsed again. */
export function withExtensions(body: string, extensions: object): string {
  const end = body.lastIndexOf('}');
  const inner = body.slice(0, end).trimEnd();
  return `${inner}${inner.endsWith('{') ? '' : ','}"extensions":${JSON.stringify(extensions)}}`;
}
