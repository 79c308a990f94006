/**
 * What an answer has cost beyond its points, as the service says it that gave it: a model's tokens, a model's money. It
 * travels with the answer (`extensions.usage`), between services alone; the gateway says it to the client in
 * `extensions.cost`. It is only said here: what is billed is the `usage` of the event that the same service tells.
 */
export interface SaidUsage {
  metric: string;
  /** An exact decimal. */
  quantity: string;
  /** What it is worth to the tenant, where the service that says it went by its prices: exact, as it is going to be billed. */
  amount?: string;
  currency?: string;
}

/** An answer says few things; what goes on for ever is an accident, or malice. */
const LINES_MAX = 100;
const METRIC = /^[a-z][a-z0-9.-]{0,63}$/;
const QUANTITY = /^-?(?:0|[1-9]\d{0,29})(?:\.\d{1,36})?$/;
const CURRENCY = /^[A-Z]{3}$/;

const said = new WeakMap<object, SaidUsage[]>();

/** For a resolver: part of the answer for which this context was made. */
export function sayUsage(context: object, ...lines: readonly SaidUsage[]): void {
  if (lines.length === 0) return;
  const known = said.get(context);
  if (known) known.push(...lines);
  else said.set(context, [...lines]);
}

/** What was said in this context, as it stands in the answer. */
export function usageSaidIn(context: object): { extensions?: { usage: SaidUsage[] } } {
  const usage = said.get(context);
  return usage ? { extensions: { usage } } : {};
}

/** What of it is of the right form, whoever sent it. */
export const readUsage = (lines: unknown): SaidUsage[] => (Array.isArray(lines) ? lines.slice(0, LINES_MAX).filter(isLine) : []);

function isLine(line: unknown): line is SaidUsage {
  const { metric, quantity, amount, currency } = (line ?? {}) as Partial<Record<keyof SaidUsage, unknown>>;
  if (amount !== undefined && !(typeof amount === 'string' && QUANTITY.test(amount) && typeof currency === 'string' && CURRENCY.test(currency))) return false;
  return typeof metric === 'string' && METRIC.test(metric) && typeof quantity === 'string' && QUANTITY.test(quantity);
}
