import { parseDecimal, type Decimal } from '../../../platform/decimal.ts';
import { AtlasError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import { invalid } from '../../../platform/text.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import { AMOUNT_OF, Budget, BUDGETS_MAX, type BudgetId, type BudgetPeriod, type BudgetTerms, type Target } from '../domain/budget.ts';
import type { MeterPorts } from '../domain/meter-ports.ts';
import type { BudgetUnit } from '../domain/metric.ts';

/** Exactly one of limit, tokens and points; at most one of userId, apiKeyId and collectionId. */
export interface SetBudgetInput {
  period: BudgetPeriod; hard: boolean;
  limit?: { amount: string; currency: string } | null; tokens?: string | null; points?: string | null;
  userId?: string | null; apiKeyId?: string | null; collectionId?: string | null;
}
export type SetBudget = ReturnType<typeof setBudget>;

/** One budget for each period, unit and target: setting it again changes it. What was used already in the running period counts. */
export const setBudget = (given: { work: Work<MeterPorts>; now: () => Date }) => async (viewer: Viewer, input: SetBudgetInput): Promise<{ budgetId: BudgetId }> => {
  const { tenantId } = viewer;
  if (tenantId === null) throw new AtlasError('TENANT_REQUIRED');
  const { unit, terms } = termsOf(input);
  const target = targetOf(input);
  return given.work(viewer, async (ports) => {
    const subscription = await ports.subscriptions.locked(tenantId);
    if (!subscription) throw new AtlasError('WRONG_STATE', 'The tenant has just been made; try again in a moment.');
    if (terms.currency !== null && terms.currency !== subscription.currency) throw invalid(`The tenant is billed in ${subscription.currency}.`, 'limit', 'currency');
    const kept = await ports.budgets.lockedFor({ period: input.period, unit, ...target });
    if (kept) {
      kept.change(terms);
      await startAnew(kept, given.now(), ports);
      return { budgetId: kept.id };
    }
    if (await ports.budgets.count() >= BUDGETS_MAX) throw new AtlasError('LIMIT_REACHED', `At most ${BUDGETS_MAX} budgets.`);
    const budget = Budget.set({ tenantId, period: input.period, unit, ...target, ...terms });
    ports.budgets.add(budget);
    await startAnew(budget, given.now(), ports);
    return { budgetId: budget.id };
  });
};

/** What was used before it was there, or in another currency, is looked up while nobody counts; steps that it is beyond already are told. */
async function startAnew(budget: Budget, now: Date, { usages, accounts, budgets }: MeterPorts): Promise<void> {
  const period = budget.periodAt(now);
  const spent = await usages.spentIn(budget, period);
  await budgets.written();
  const held = await accounts.held([{ budget, from: period.from }], null);
  for (const { account } of held) {
    account.spent = spent;
    account.told = 0;
    const step = account.stepToTell();
    if (step !== null) budget.reach(step, spent, period);
  }
  await accounts.save(budget.tenantId, held);
}

function termsOf({ limit, tokens, points, hard }: SetBudgetInput): { unit: BudgetUnit; terms: BudgetTerms } {
  const said: [BudgetUnit, string][] = [];
  if (limit != null) said.push(['MONEY', limit.amount]);
  if (tokens != null) said.push(['TOKENS', tokens]);
  if (points != null) said.push(['POINTS', points]);
  const [only] = said;
  if (!only || said.length > 1) throw invalid('Exactly one of limit, tokens and points.', 'limit');
  const [unit, typed] = only;
  const amount: Decimal | null = parseDecimal(typed);
  if (amount === null) throw invalid('This is no amount.', AMOUNT_OF[unit]);
  return { unit, terms: { amount, currency: limit?.currency ?? null, hard } };
}

function targetOf({ userId, apiKeyId, collectionId }: SetBudgetInput): Target {
  if (userId != null && !isId('usr', userId)) throw invalid('This is no id of a person.', 'userId');
  if (apiKeyId != null && !isId('key', apiKeyId)) throw invalid('This is no id of a key.', 'apiKeyId');
  if (collectionId != null && !isId('col', collectionId)) throw invalid('This is no id of a collection.', 'collectionId');
  return { userId: userId ?? null, keyId: apiKeyId ?? null, collectionId: collectionId ?? null };
}
