/** What the gateway tells: whom it refused what, and what was used. */
import { defineEvent, described, moment, nullable, text, whole, type BodyOf } from '../platform/event.ts';

const denial = {
  code: described(text, 'Why, as a code of docs/errors.md.'),
  field: described(nullable(text), 'The field of the API that was refused; null: the request as a whole.'),
  missing: described(nullable(text), 'The role or scope that would have sufficed, where one would.'),
  address: described(nullable(text), 'Where the request came from.'),
  count: described(whole, 'How often since it was last told: what goes on is told once a minute.'),
};
export type Denial = BodyOf<typeof denial>;

export const accessDenied = defineEvent('gateway.access-denied', 1, denial);

// What it counts for, by person and by key, stands in its usage.
export const usageRecorded = defineEvent('gateway.usage-recorded', 1, {
  processId: described(text, 'Which gateway: what it has reserved under budgets is held by this name.'),
  sequence: described(whole, 'Grows with everything that this process tells of use.'),
  from: moment,
  to: moment,
  operations: described(whole, 'How many operations were answered meanwhile.'),
  points: described(whole, 'What they, and the streams that went on, were worth.'),
});
