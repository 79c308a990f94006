import { defineEvent, described, exact, flag, id, moment, nullable, oneOf, text, whole } from '../../../platform/event.ts';
import { consumeOutside } from '../../../platform/outbox/inbox.ts';
import { budgetReachedLetter, type Letters } from '../domain/letter.ts';
import type { Managers } from '../domain/caretakers.ts';
import { ownScope, type Tools } from './ports.ts';

/** Told by billing. Contracts form no ring, so it is known by its name here, and held to its frozen sample by a test. */
const budgetReached = defineEvent('billing.budget-reached', 1, {
  tenantId: id('tnt'), budgetId: text, period: oneOf('DAY', 'MONTH'), unit: oneOf('POINTS', 'TOKENS', 'MONEY'), amount: exact, currency: nullable(text), hard: flag,
  userId: nullable(id('usr')), keyId: nullable(id('key')), collectionId: nullable(id('col')),
  share: described(whole, 'Hundredths of it: 50, 80 or 100.'), spent: exact, periodFrom: moment, resetAt: moment,
});

/** A letter to each owner and admin. `real`: letters leave the house; from a sandbox tenant none may. */
export const onBudgetReached = (given: Pick<Tools, 'desk'> & { letters: Letters; managers: Managers; real: boolean }) => consumeOutside(budgetReached, async ({ id: eventId, body }) => {
  const tenant = await given.managers.of(body.tenantId);
  if (!tenant || (tenant.sandbox && given.real)) return;
  for (const userId of tenant.userIds) {
    const consumer = `budget reached letter ${userId}`;
    const reader = await given.desk.look(ownScope, async ({ users, handled }) => (await handled.has(consumer, eventId) ? null : (await users.byIds([userId]))[0]));
    if (!reader) continue;
    await given.letters.send(budgetReachedLetter({ to: reader.email, name: reader.name, tenantName: tenant.name, ...body }));
    await given.desk.work(ownScope, ({ handled }) => handled.mark(consumer, eventId));
  }
});
