/** What a tenant may know of an event that a consumer could not handle: neither its content nor what went wrong inside. */
import type { Id } from '../../../platform/ids.ts';

export type DeadLetterId = Id<'ded'>;

export interface DeadLetter {
  id: DeadLetterId;
  consumer: string;
  eventId: Id<'evt'>;
  eventType: string;
  code: string;
  message: string;
  tries: number;
  parkedAt: Date;
  lastTriedAt: Date;
  retryAt: Date | null;
}
