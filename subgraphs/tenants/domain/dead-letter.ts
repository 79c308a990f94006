/** What a tenant may know of an event that a consumer could not handle: neither its content nor what went wrong inside. */
import type { Id, TenantId } from '../../../platform/ids.ts';
import type { Span } from './ports.ts';

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

export interface DeadLetters {
  /** The newest first. */
  page(tenantId: TenantId, span: Span): Promise<DeadLetter[]>;
  /** Makes it due at once; null when the tenant has none with this id. */
  askAgain(tenantId: TenantId, id: DeadLetterId): Promise<DeadLetter | null>;
}
