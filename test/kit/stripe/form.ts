/** The bodies that Stripe is sent: `items[0][price]=…&metadata[tenant]=…` becomes `{ items: [{ price }], metadata: { tenant } }`. */
export type Params = Record<string, any>;

export function parseForm(text: string): Params {
  const parsed: Params = {};
  for (const [name, value] of new URLSearchParams(text)) put(parsed, pathOf(name), value);
  return withLists(parsed) as Params;
}

const pathOf = (name: string): string[] => [name.split('[')[0]!, ...[...name.matchAll(/\[([^\]]*)\]/g)].map(([, part]) => part!)];

function put(into: Params, [first, ...rest]: string[], value: string): void {
  // `expand[]=a&expand[]=b`: an empty place is the next one.
  const key = first === '' ? String(Object.keys(into).length) : first!;
  if (rest.length === 0) into[key] = value;
  else put((into[key] ??= {}) as Params, rest, value);
}

/** What is keyed 0, 1, 2 … is a list. */
function withLists(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withLists(inner)] as const);
  if (entries.length > 0 && entries.every(([key], index) => key === String(index))) return entries.map(([, inner]) => inner);
  return Object.fromEntries(entries);
}

export const whole = (value: unknown, name: string): number => {
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value);
  throw invalid(`Invalid integer: ${String(value)}`, name, 'parameter_invalid_integer');
};
export const truth = (value: unknown): boolean => value === 'true' || value === true;

/** An answer that is no success, in the form of Stripe's error objects. */
export class StripeRefusal extends Error {
  constructor(readonly status: number, readonly error: { type: string; message: string; code?: string; param?: string }) { super(error.message); }
}
export const invalid = (message: string, param?: string, code?: string): StripeRefusal =>
  new StripeRefusal(400, { type: 'invalid_request_error', message, ...(param && { param }), ...(code && { code }) });
export const missing = (kind: string, id: string): StripeRefusal =>
  new StripeRefusal(404, { type: 'invalid_request_error', message: `No such ${kind}: '${id}'`, param: 'id', code: 'resource_missing' });
