import type { BudgetSeen } from '../application/see-budgets.ts';
import type { BudgetType } from './budget.graph.ts';

export const budgetView = ({ budget, spent, leased, remaining, resetAt }: BudgetSeen): BudgetType => {
  const { id, period, unit, amount, currency, hard, userId, keyId, collectionId } = budget;
  return { id, period, unit, amount, limit: currency === null ? null : { amount, currency }, hard, userId, apiKeyId: keyId, collectionId, spent, leased, remaining, resetAt };
};
