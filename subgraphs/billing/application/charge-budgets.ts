import { useOf, type Budget } from '../domain/budget.ts';
import type { Decimal } from '../../../platform/decimal.ts';
import type { AccountKey, MeterPorts, Priced } from '../domain/meter-ports.ts';

interface Charge { quantity: Decimal; holder: string | null }
type Charged = AccountKey & { charges: Charge[] };

/** What was used, charged to every budget that it is about, in the period in which it was. */
export async function chargeBudgets(lines: readonly Priced[], now: Date, { budgets, accounts, witness }: Pick<MeterPorts, 'budgets' | 'accounts' | 'witness'>): Promise<void> {
  const all = await budgets.all();
  const charged = all.flatMap((budget) => chargedTo(budget, lines));
  if (charged.length === 0) return;
  const holders = [...new Set(charged.flatMap(({ charges }) => charges.map(({ holder }) => holder)).filter((holder) => holder !== null))];
  const held = await accounts.held(charged, holders);
  for (const { budget, from, account } of held) {
    for (const { quantity, holder } of charged.find((one) => one.budget === budget && one.from.getTime() === from.getTime())!.charges) account.use(quantity, holder);
    // What comes late into a period that is over is counted there, and nobody can do anything about it any more.
    const step = budget.periodAt(now).from.getTime() === from.getTime() ? account.stepToTell() : null;
    if (step === null) continue;
    budget.reach(step, account.spent, budget.periodAt(from));
    witness(budget);
  }
  await accounts.save(held[0]!.budget.tenantId, held);
}

function chargedTo(budget: Budget, lines: readonly Priced[]): Charged[] {
  const periods = new Map<number, Charged>();
  for (const line of lines) {
    const quantity = useOf(budget, line);
    if (quantity === null) continue;
    const { from } = budget.periodAt(line.at);
    const charged = periods.get(from.getTime()) ?? { budget, from, charges: [] };
    charged.charges.push({ quantity, holder: line.holder });
    periods.set(from.getTime(), charged);
  }
  return [...periods.values()];
}
