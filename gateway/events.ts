/** What the gateway tells: whom it refused what. */
import { defineEvent } from '../platform/event.ts';

/**
 * `field` is the field of the API that was refused, null when the request as a whole was. `count` is how often it was
 * refused since it was last told: what goes on is told once a minute.
 */
export interface Denial {
  code: string;
  field: string | null;
  missing: string | null;
  address: string | null;
  count: number;
}

export const accessDenied = defineEvent<Denial>('gateway.access-denied', 1);
