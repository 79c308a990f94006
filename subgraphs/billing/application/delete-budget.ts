import { AtlasError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { BudgetId } from '../domain/budget.ts';
import type { MeterPorts } from '../domain/meter-ports.ts';

export type DeleteBudget = ReturnType<typeof deleteBudget>;

/** What was reserved of it goes with it: it refuses nobody any more. */
export const deleteBudget = (given: { work: Work<MeterPorts> }) => async (viewer: Viewer, { id }: { id: string }): Promise<{ budgetId: BudgetId }> => {
  const { tenantId } = viewer;
  if (tenantId === null) throw new AtlasError('TENANT_REQUIRED');
  return given.work(viewer, async ({ subscriptions, budgets }) => {
    await subscriptions.locked(tenantId); // nobody counts for it meanwhile
    const budget = isId('bud', id) ? await budgets.locked(id) : null;
    if (!budget) throw new AtlasError('NOT_FOUND', undefined, { path: ['input', 'id'] });
    budget.delete();
    budgets.remove(budget);
    return { budgetId: budget.id };
  });
};
