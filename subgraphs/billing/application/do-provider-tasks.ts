import { isZero, minus, sum } from '../../../platform/decimal.ts';
import { AtlasError } from '../../../platform/errors.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { Look, Work } from '../../../platform/work.ts';
import { DAY_MS } from '../domain/period.ts';
import type { Due, Payments, Ports, ProviderState } from '../domain/ports.ts';
import { restMs, type Moment, type ProviderTask } from '../domain/provider-task.ts';
import { applyProviderState } from './apply-provider-state.ts';
import { selfIn } from './on-tenant-created.ts';

/** For so long a wish is left to whoever took it; whoever dies with it is followed by another. */
const LEASE_SECONDS = 60;

interface Given { work: Work<Ports>; look: Look<Ports>; due: Due; payments: Payments; now: () => Date; onFault: (error: unknown) => void }

/** One round over the tenants of which something is wanted; answers true while there is more. The provider is never spoken to in a work. */
export const doProviderTasks = (given: Given) => async (): Promise<boolean> => {
  const tenants = await given.due.tasks(given.now());
  let done = 0;
  for (const tenantId of tenants) done += await doOne(given, tenantId) ? 1 : 0;
  return done > 0;
};

async function doOne(given: Given, tenantId: TenantId): Promise<boolean> {
  const { work, payments, now } = given;
  const task = await work(selfIn(tenantId), ({ tasks }) => tasks.take(tenantId, now(), LEASE_SECONDS));
  if (!task) return false;
  try {
    await perform(given, task);
    const state = await payments.look(task.reference);
    await work(selfIn(tenantId), async (ports) => {
      await ports.tasks.done(task.id);
      await applyProviderState(ports, { tenantId, reference: task.reference, state, now: now() });
    });
    return true;
  } catch (error) {
    given.onFault(error);
    const fault = error instanceof AtlasError ? error.code : 'INTERNAL';
    await work(selfIn(tenantId), ({ tasks }) => tasks.again(task.id, new Date(now().getTime() + restMs(task.tries)), fault));
    return false;
  }
}

async function perform({ payments, look }: Given, { id: key, tenantId, reference, wish }: ProviderTask): Promise<void> {
  switch (wish.kind) {
    case 'LOOK': return;
    case 'CHANGE': case 'CANCEL': case 'REACTIVATE': {
      const found = await payments.look(reference);
      // What has ended over there is neither changed nor taken back: whoever wants it again begins to pay again.
      if (found.state === 'CANCELED') return;
      if (wish.kind === 'REACTIVATE') return payments.reactivate({ reference, key });
      const at = wish.at === 'now' || isOver(wish.at, found) ? 'now' : 'period-end';
      return wish.kind === 'CANCEL' ? payments.cancel({ reference, key, at }) : payments.change({ reference, key, plan: wish.plan, planVersion: wish.planVersion, seats: wish.seats, at });
    }
    case 'CHARGE': {
      const [invoice] = await look(selfIn(tenantId), ({ invoices }) => invoices.byIds(tenantId, [wish.invoiceId]));
      if (!invoice || isZero(invoice.due)) return;
      // The provider takes the price of the plan by itself.
      const fee = sum(...invoice.lines.filter(({ kind }) => kind === 'SUBSCRIPTION').map(({ amount }) => amount));
      return payments.charge({
        number: invoice.number, tenantId, reference, key, amount: { amount: minus(invoice.due, fee), currency: invoice.currency },
        lines: invoice.beyondFee().map(({ memo, amount, metric, quantity }) => ({ memo, amount, metric, quantity })),
      });
    }
  }
}

/** The period whose end was meant has ended over there before they heard of it: the next one is not waited for. Two clocks differ by less than a day. */
const isOver = ({ periodTo }: Exclude<Moment, 'now'>, found: ProviderState): boolean => found.periodFrom.getTime() > new Date(periodTo).getTime() - DAY_MS;
