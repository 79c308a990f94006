/** What the gateway tells: whom it refused what. */
import { defineEvent, described, nullable, text, whole, type BodyOf } from '../platform/event.ts';

const denial = {
  code: described(text, 'Why, as a code of docs/errors.md.'),
  field: described(nullable(text), 'The field of the API that was refused; null: the request as a whole.'),
  missing: described(nullable(text), 'The role or scope that would have sufficed, where one would.'),
  address: described(nullable(text), 'Where the request came from.'),
  count: described(whole, 'How often since it was last told: what goes on is told once a minute.'),
};
export type Denial = BodyOf<typeof denial>;

export const accessDenied = defineEvent('gateway.access-denied', 1, denial);
