/** `expand[]=latest_invoice`, `expand[]=data.customer`: an id becomes the object; payments of an invoice are listed only when they are asked for. */
import { invalid, type Params } from './form.ts';
import { listOf, type StripeWorld } from './world.ts';

export function expanded(world: StripeWorld, answer: Params, paths: readonly string[]): Params {
  const copy = shown(answer);
  for (const path of paths) open(world, copy, path.split('.'), path);
  return copy;
}

/** Of a price its amounts in other currencies are told only when they are asked for, of a session never what it will make. */
const shown = (answer: Params): Params => JSON.parse(JSON.stringify(answer, (key, value: unknown) => (key === 'subscription_data' ? undefined : value))) as Params;

function open(world: StripeWorld, within: Params, [name, ...rest]: string[], path: string): void {
  if (within.object === 'list' && name === 'data') return (within.data as Params[]).forEach((one) => open(world, one, rest, path));
  if (within.object === 'invoice' && name === 'payments') within.payments = listOf('/v1/invoice_payments', world.all('invoice_payment').filter(({ invoice }) => invoice === within.id));
  const value: unknown = within[name!];
  if (value === undefined) throw invalid(`This property cannot be expanded (${path}).`, 'expand');
  if (value === null) return;
  if (typeof value === 'string') within[name!] = shown(world.objects.get(value) ?? {});
  if (rest.length > 0) open(world, within[name!] as Params, rest, path);
}
