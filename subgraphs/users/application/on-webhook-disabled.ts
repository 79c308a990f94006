import { defineEvent, flag, id, list, oneOf, text } from '../../../platform/event.ts';
import { consumeOutside } from '../../../platform/outbox/inbox.ts';
import { webhookDisabledLetter, type Letters } from '../domain/letter.ts';
import { ownScope, type Tools } from './ports.ts';

/** Told by tenants, who know no addresses. Contracts form no ring, so it is known by its name here, and held to its frozen sample by a test. */
const webhookDisabled = defineEvent('tenants.webhook-disabled', 1, {
  tenantId: id('tnt'), tenantName: text, sandbox: flag, webhookId: id('whk'), host: text, reason: oneOf('GONE', 'FAILING'), ownerIds: list(id('usr')),
});

/** A letter to each owner. `real`: letters leave the house; from a sandbox tenant none may. */
export const onWebhookDisabled = (given: Pick<Tools, 'desk'> & { letters: Letters; real: boolean }) => consumeOutside(webhookDisabled, async ({ id: eventId, body }) => {
  if (body.sandbox && given.real) return;
  for (const userId of body.ownerIds) {
    const consumer = `webhook disabled letter ${userId}`;
    const owner = await given.desk.look(ownScope, async ({ users, handled }) => (await handled.has(consumer, eventId) ? null : (await users.byIds([userId]))[0]));
    if (!owner) continue;
    await given.letters.send(webhookDisabledLetter({ to: owner.email, name: owner.name, ...body }));
    await given.desk.work(ownScope, ({ handled }) => handled.mark(consumer, eventId));
  }
});
