import { AtlasError } from '../../../platform/errors.ts';
import { invalid } from '../../../platform/text.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import { CURRENCIES, type Currency, type PlanKey } from '../domain/plan.ts';
import type { Payments, Ports } from '../domain/ports.ts';
import { taskOf } from '../domain/provider-task.ts';
import { holdOrOpen } from './hold-subscription.ts';
import { tenantOf } from './tenant-of.ts';
import { wantedOf } from './change-plan.ts';

export interface StartCheckoutInput { plan: PlanKey; seats?: number | null; currency?: string | null; returnUrl?: string | null }
export type StartCheckout = ReturnType<typeof startCheckout>;

interface Given { work: Work<Ports>; payments: Payments; now: () => Date; wished: () => void; publicUrl: string }

/** Leads to where a way to pay is given. What comes of it is heard from the provider. */
export const startCheckout = (given: Given) => async (viewer: Viewer, input: StartCheckoutInput): Promise<{ url: string }> => {
  const tenantId = tenantOf(viewer);
  const currency = currencyOf(input.currency ?? 'USD');
  const returnUrl = returnUrlOf(input.returnUrl ?? given.publicUrl);
  if (viewer.sandbox) throw new AtlasError('WRONG_STATE', 'A sandbox pays nothing: changePlan gives it any plan.');
  if (input.plan === 'FREE') throw invalid('What costs nothing needs no checkout.', 'plan');
  const wanted = await given.work(viewer, async (ports) => {
    const held = await holdOrOpen(ports, { tenantId, sandbox: viewer.sandbox, now: given.now() });
    if (held.isPaid()) throw new AtlasError('WRONG_STATE', 'This tenant pays already: changePlan gives it another plan.');
    const { plan, seats } = await wantedOf(ports, held, input);
    return { subscriptionId: held.id, plan: plan.key, planVersion: plan.version, seats };
  });
  const { url, reference } = await given.payments.checkout({ tenantId, ...wanted, currency, returnUrl, email: null });
  const started = await given.work(viewer, async ({ tasks }) => {
    if (reference !== null) await tasks.add(taskOf({ tenantId, reference, wish: { kind: 'LOOK' }, now: given.now() }));
    return { url };
  });
  given.wished();
  return started;
};

function currencyOf(code: string): Currency {
  const found = CURRENCIES.find((currency) => currency === code);
  if (!found) throw invalid(`One of ${CURRENCIES.join(', ')}.`, 'currency');
  return found;
}

const URL_MAX = 2_000;
/** A browser is sent there: nothing but pages. */
export function returnUrlOf(text: string): string {
  if (text.length > URL_MAX || !/^https?:\/\/[^\s/]/.test(text)) throw invalid('A URL that begins with https:// or http://.', 'returnUrl');
  return text;
}
