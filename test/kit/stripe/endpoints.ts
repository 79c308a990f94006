/** What each path of Stripe's API takes and does, as far as Atlas uses it. A parameter that is not documented there is refused, as Stripe refuses it. */
import { invalid, truth, whole, type Params } from './form.ts';
import { attempt, draw, finalize, voided } from './invoices.ts';
import { amountOf, end, release, settle, update, wantedOf } from './subscriptions.ts';
import { listOf, type StripeObject, type StripeWorld } from './world.ts';

type Do = (world: StripeWorld, params: Params, id: string) => Params;
export interface Endpoint { takes: readonly string[]; do: Do }
const endpoint = (takes: string, run: Do): Endpoint => ({ takes: ['expand', ...takes.split(' ').filter(Boolean)], do: run });

const PAGE = 'limit starting_after ending_before';
const URL_OF: Record<string, string> = { customer: 'customers', product: 'products', price: 'prices', subscription: 'subscriptions', invoice: 'invoices', invoiceitem: 'invoiceitems', invoice_payment: 'invoice_payments', dispute: 'disputes', 'checkout.session': 'checkout/sessions', 'billing.meter': 'billing/meters' };

/** A page of those of a kind that fit, the newest first. */
function page(world: StripeWorld, kind: string, params: Params, fits: (one: StripeObject) => boolean): Params {
  const all = world.all(kind).filter(fits);
  const limit = params.limit === undefined ? 10 : whole(params.limit, 'limit');
  if (limit < 1 || limit > 100) throw invalid('Limit must be between 1 and 100.', 'limit');
  const from = params.starting_after === undefined ? 0 : all.indexOf(world.get(kind, params.starting_after)) + 1;
  return listOf(`/v1/${URL_OF[kind]!}`, all.slice(from, from + limit), all.length > from + limit);
}
const same = (params: Params, ...names: readonly string[]) => (one: StripeObject): boolean => names.every((name) => params[name] === undefined || String(one[name]) === params[name]);
const needed = (params: Params, ...names: readonly string[]): void => {
  for (const name of names) if (params[name] === undefined || params[name] === '') throw invalid(`Missing required param: ${name}.`, name, 'parameter_missing');
};
const one = (kind: string): Endpoint => endpoint('', (world, _, id) => world.get(kind, id));

const customers: Record<string, Endpoint> = {
  'POST /v1/customers': endpoint('email name metadata description', (world, params) => {
    const made = world.add('customer', { email: params.email ?? null, name: params.name ?? null, description: params.description ?? null, metadata: params.metadata ?? {}, currency: null, delinquent: false, balance: 0 });
    world.tell('customer.created', made);
    return made;
  }),
  'GET /v1/customers/:id': one('customer'),
  'GET /v1/customers': endpoint(`email created ${PAGE}`, (world, params) => page(world, 'customer', params, same(params, 'email'))),
};

const catalog: Record<string, Endpoint> = {
  'POST /v1/products': endpoint('id name description metadata active', (world, params) => {
    needed(params, 'name');
    if (params.id && world.objects.has(params.id as string)) throw invalid(`Product already exists.`, 'id', 'resource_already_exists');
    return world.add('product', { ...(params.id && { id: params.id }), name: params.name, description: params.description ?? null, active: params.active === undefined || truth(params.active), metadata: params.metadata ?? {} });
  }),
  'GET /v1/products/:id': one('product'),
  'POST /v1/products/:id': endpoint('name description metadata active', (world, params, id) => Object.assign(world.get('product', id), params)),
  'POST /v1/prices': endpoint('currency unit_amount currency_options product recurring lookup_key transfer_lookup_key metadata nickname active', makePrice),
  'GET /v1/prices': endpoint(`lookup_keys active product currency type recurring created ${PAGE}`, (world, params) =>
    page(world, 'price', params, (price) => (params.lookup_keys === undefined || (params.lookup_keys as string[]).includes(price.lookup_key as string)) && (params.active === undefined || price.active === truth(params.active)) && (params.product === undefined || price.product === params.product))),
  'GET /v1/prices/:id': one('price'),
};

function makePrice(world: StripeWorld, params: Params): StripeObject {
  needed(params, 'currency', 'unit_amount', 'product');
  world.get('product', params.product);
  const holder = world.all('price').find(({ lookup_key: key }) => params.lookup_key !== undefined && key === params.lookup_key);
  if (holder && !truth(params.transfer_lookup_key)) throw invalid(`A price (\`${holder.id}\`) already uses that lookup key.`, 'lookup_key', 'resource_already_exists');
  if (holder) holder.lookup_key = null;
  const currencies = Object.entries((params.currency_options ?? {}) as Record<string, Params>).map(([currency, { unit_amount: amount }]) => [currency, { unit_amount: whole(amount, 'currency_options') }]);
  return world.add('price', {
    currency: params.currency, unit_amount: whole(params.unit_amount, 'unit_amount'), unit_amount_decimal: params.unit_amount, billing_scheme: 'per_unit', currency_options: Object.fromEntries(currencies),
    product: params.product, recurring: params.recurring ? { interval: params.recurring.interval, interval_count: 1, usage_type: 'licensed', meter: null } : null, type: params.recurring ? 'recurring' : 'one_time',
    lookup_key: params.lookup_key ?? null, nickname: params.nickname ?? null, metadata: params.metadata ?? {}, active: true,
  });
}

const doors: Record<string, Endpoint> = {
  'POST /v1/checkout/sessions': endpoint('mode customer client_reference_id line_items success_url cancel_url currency subscription_data metadata customer_email allow_promotion_codes locale expires_at', (world, params) => {
    needed(params, 'mode', 'line_items', 'success_url');
    const customer = world.get('customer', params.customer);
    const wanted = wantedOf(world, params.line_items as Params[], 'line_items');
    for (const { price } of wanted) amountOf(world.get('price', price), params.currency as string);
    const id = world.id('checkout.session');
    return world.add('checkout.session', {
      id, mode: params.mode, customer: customer.id, client_reference_id: params.client_reference_id ?? null, currency: params.currency, metadata: params.metadata ?? {}, success_url: params.success_url, cancel_url: params.cancel_url ?? null,
      status: 'open', payment_status: 'unpaid', subscription: null, invoice: null, expires_at: world.now() + 86_400, url: `https://checkout.stripe.com/c/pay/${id}`, line_items: listOf('', wanted), subscription_data: params.subscription_data ?? {},
    });
  }),
  'GET /v1/checkout/sessions/:id': one('checkout.session'),
  'GET /v1/checkout/sessions': endpoint(`customer subscription status created ${PAGE}`, (world, params) => page(world, 'checkout.session', params, same(params, 'customer', 'subscription', 'status'))),
  'POST /v1/billing_portal/sessions': endpoint('customer return_url configuration flow_data locale', (world, params) => {
    const id = world.id('billing_portal.session');
    return world.add('billing_portal.session', { id, customer: world.get('customer', params.customer).id, return_url: params.return_url ?? null, url: `https://billing.stripe.com/p/session/${id}` });
  }),
};

const subscriptions: Record<string, Endpoint> = {
  'GET /v1/subscriptions/:id': one('subscription'),
  'GET /v1/subscriptions': endpoint(`customer status price created ${PAGE}`, (world, params) =>
    page(world, 'subscription', params, (each) => same(params, 'customer')(each) && (params.status === 'all' || each.status === params.status || (params.status === undefined && each.status !== 'canceled')))),
  'POST /v1/subscriptions/:id': endpoint('items cancel_at_period_end proration_behavior proration_date metadata trial_end payment_behavior', (world, params, id) => {
    const subscription = world.get('subscription', id);
    update(world, subscription, params);
    return subscription;
  }),
  'DELETE /v1/subscriptions/:id': endpoint('invoice_now prorate cancellation_details', (world, _, id) => {
    const subscription = world.get('subscription', id);
    end(world, subscription, 'cancellation_requested');
    return subscription;
  }),
  'POST /v1/subscription_schedules': endpoint('from_subscription', (world, params) => {
    const subscription = world.get('subscription', params.from_subscription);
    if (subscription.schedule) throw invalid('You cannot migrate a subscription that is already attached to a schedule.', 'from_subscription');
    const items = subscription.items.data as Params[];
    const { current_period_start: start, current_period_end: until } = items[0] as { current_period_start: number; current_period_end: number };
    const made = world.add('subscription_schedule', { customer: subscription.customer, subscription: subscription.id, status: 'active', end_behavior: 'release', released_at: null, released_subscription: null, metadata: {}, current_phase: { start_date: start, end_date: until },
      phases: [{ start_date: start, end_date: until, items: items.map(({ price, quantity }) => ({ price: price.id as string, quantity: quantity as number })), metadata: { ...subscription.metadata }, proration_behavior: 'create_prorations' }] });
    subscription.schedule = made.id;
    world.tell('subscription_schedule.created', made);
    return made;
  }),
  'GET /v1/subscription_schedules/:id': one('subscription_schedule'),
  'POST /v1/subscription_schedules/:id': endpoint('phases end_behavior metadata proration_behavior', (world, params, id) => {
    const schedule = world.get('subscription_schedule', id);
    if (schedule.status !== 'active') throw invalid(`You cannot update a subscription schedule that is currently in the \`${String(schedule.status)}\` status.`);
    const [current] = schedule.phases as Params[];
    const phases = (params.phases as Params[]).map((phase, index) => ({ start_date: phase.start_date === undefined ? null : whole(phase.start_date, 'phases'), end_date: phase.end_date === undefined ? null : whole(phase.end_date, 'phases'), items: wantedOf(world, phase.items as Params[], `phases[${index}][items]`), metadata: phase.metadata ?? {}, proration_behavior: phase.proration_behavior ?? 'create_prorations' }));
    if (phases[0]!.start_date !== current!.start_date) throw invalid('You can not modify the start date of the current phase.', 'phases[0][start_date]');
    for (const [index, phase] of phases.entries()) if (index > 0) phase.start_date = phases[index - 1]!.end_date;
    Object.assign(schedule, { phases, end_behavior: params.end_behavior ?? schedule.end_behavior });
    world.tell('subscription_schedule.updated', schedule);
    return schedule;
  }),
  'POST /v1/subscription_schedules/:id/release': endpoint('preserve_cancel_date', (world, _, id) => {
    const schedule = world.get('subscription_schedule', id);
    release(world, schedule);
    return schedule;
  }),
};

const invoices: Record<string, Endpoint> = {
  'GET /v1/invoices/:id': one('invoice'),
  'GET /v1/invoices': endpoint(`customer subscription status created collection_method ${PAGE}`, (world, params) =>
    page(world, 'invoice', params, (each) => same(params, 'customer', 'status')(each) && (params.subscription === undefined || each.parent?.subscription_details.subscription === params.subscription))),
  'POST /v1/invoices': endpoint('customer subscription currency auto_advance collection_method metadata description pending_invoice_items_behavior', (world, params) => {
    const made = draw(world, { customer: world.get('customer', params.customer).id, subscription: (params.subscription as string | undefined) ?? null, currency: params.currency as string, reason: 'manual', period: { start: world.now(), end: world.now() }, lines: [], metadata: params.metadata as Params });
    world.tell('invoice.created', made);
    return made;
  }),
  'POST /v1/invoices/:id/finalize': endpoint('auto_advance', (world, params, id) => {
    const invoice = world.get('invoice', id);
    finalize(world, invoice);
    // One that goes on by itself is tried at once; really it is within the hour. Its subscription goes on as it was.
    if (invoice.amount_due === 0 || truth(params.auto_advance)) attempt(world, invoice);
    return invoice;
  }),
  'POST /v1/invoices/:id/pay': endpoint('off_session', (world, _, id) => {
    const invoice = world.get('invoice', id);
    const paid = attempt(world, invoice);
    const subscription = invoice.parent?.subscription_details.subscription as string | undefined;
    if (subscription) settle(world, world.get('subscription', subscription), paid);
    if (!paid) throw Object.assign(invalid('Your card was declined.', undefined, 'card_declined'), { status: 402 });
    return invoice;
  }),
  'POST /v1/invoices/:id/void': endpoint('', (world, _, id) => {
    const invoice = world.get('invoice', id);
    voided(world, invoice);
    return invoice;
  }),
  'POST /v1/invoiceitems': endpoint('customer amount currency description invoice subscription metadata period discountable', (world, params) => {
    needed(params, 'customer', 'amount', 'currency');
    const made = world.add('invoiceitem', { customer: world.get('customer', params.customer).id, amount: whole(params.amount, 'amount'), currency: params.currency, description: params.description ?? null, metadata: params.metadata ?? {}, invoice: params.invoice ?? null, subscription: params.subscription ?? null, date: world.now() });
    if (params.invoice) addLine(world.get('invoice', params.invoice), made);
    return made;
  }),
  'GET /v1/invoiceitems': endpoint(`customer pending invoice created ${PAGE}`, (world, params) => page(world, 'invoiceitem', params, (each) => same(params, 'customer', 'invoice')(each) && (params.pending === undefined || (each.invoice === null) === truth(params.pending)))),
  'GET /v1/invoice_payments': endpoint(`invoice status payment created ${PAGE}`, (world, params) => page(world, 'invoice_payment', params, (each) => same(params, 'invoice', 'status')(each) && (params.payment === undefined || each.payment.payment_intent === params.payment.payment_intent))),
  'GET /v1/disputes/:id': one('dispute'),
  'GET /v1/disputes': endpoint(`charge payment_intent created ${PAGE}`, (world, params) => page(world, 'dispute', params, same(params, 'charge', 'payment_intent'))),
};

function addLine(invoice: StripeObject, item: StripeObject): void {
  if (invoice.status !== 'draft') throw invalid('You cannot add invoice items to an invoice that is not a draft.', 'invoice', 'invoice_not_editable');
  invoice.lines.data.push({ id: `il_${item.id}`, object: 'line_item', amount: item.amount, currency: item.currency, description: item.description, quantity: 1, metadata: item.metadata, pricing: null, parent: { type: 'invoice_item_details', invoice_item_details: { invoice_item: item.id } } });
  const total = (invoice.lines.data as Params[]).reduce((sum, { amount }) => sum + (amount as number), 0);
  Object.assign(invoice, { total, subtotal: total, amount_due: Math.max(0, total), amount_remaining: Math.max(0, total) });
}

const meters: Record<string, Endpoint> = {
  'POST /v1/billing/meters': endpoint('display_name event_name default_aggregation customer_mapping value_settings', (world, params) => {
    needed(params, 'display_name', 'event_name', 'default_aggregation');
    if (world.all('billing.meter').some((meter) => meter.event_name === params.event_name && meter.status === 'active')) throw invalid(`There is already an active meter with event name ${String(params.event_name)}.`, 'event_name', 'resource_already_exists');
    return world.add('billing.meter', { display_name: params.display_name, event_name: params.event_name, default_aggregation: params.default_aggregation, customer_mapping: { type: 'by_id', event_payload_key: 'stripe_customer_id' }, value_settings: { event_payload_key: 'value' }, status: 'active' });
  }),
  'GET /v1/billing/meters': endpoint(`status ${PAGE}`, (world, params) => page(world, 'billing.meter', params, same(params, 'status'))),
  'POST /v1/billing/meter_events': endpoint('event_name payload identifier timestamp', (world, params) => {
    needed(params, 'event_name', 'payload');
    if (!world.all('billing.meter').some(({ event_name: name, status }) => name === params.event_name && status === 'active')) throw invalid('No active meter found for this event name.', 'event_name', 'resource_missing');
    if (world.meterEvents.some(({ identifier }) => identifier === params.identifier)) throw invalid(`An event already exists with identifier ${String(params.identifier)}.`);
    if (!/^-?\d{1,15}$/.test(String(params.payload.value))) throw invalid('Invalid value in the payload.', 'payload[value]', 'meter_event_invalid_value');
    const at = whole(params.timestamp, 'timestamp');
    if (at < world.now() - 35 * 86_400 || at > world.now() + 300) throw invalid('The timestamp is not within the past 35 days, or more than 5 minutes ahead.', 'timestamp', 'timestamp_too_far_in_past');
    const made = { object: 'billing.meter_event', created: world.now(), event_name: params.event_name, identifier: params.identifier, livemode: world.livemode, payload: params.payload, timestamp: at } as unknown as StripeObject;
    world.meterEvents.push(made);
    return made;
  }),
};

export const ENDPOINTS: Record<string, Endpoint> = { ...customers, ...catalog, ...doors, ...subscriptions, ...invoices, ...meters };
