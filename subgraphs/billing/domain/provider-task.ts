/** What is wanted of whoever takes the money: kept until it is done, and done in the order in which it was wanted. */
import { newId, type InvoiceId, type ProviderTaskId, type TenantId } from '../../../platform/ids.ts';
import type { PlanKey } from './plan.ts';

/** At once, or at the end of a period: the one that ends then, and not the next should it be over before anybody hears of it. */
export type Moment = 'now' | { periodTo: string };

export type Wish =
  | { kind: 'LOOK' }
  | { kind: 'CHANGE'; plan: PlanKey; planVersion: number; seats: number; at: Moment }
  | { kind: 'CANCEL'; at: Moment }
  | { kind: 'REACTIVATE' }
  | { kind: 'CHARGE'; invoiceId: InvoiceId };

export interface ProviderTask { id: ProviderTaskId; tenantId: TenantId; reference: string; wish: Wish; dueAt: Date; tries: number }

export const taskOf = (given: { tenantId: TenantId; reference: string; wish: Wish; now: Date; afterMs?: number }): ProviderTask =>
  ({ id: newId('ptk'), tenantId: given.tenantId, reference: given.reference, wish: given.wish, dueAt: new Date(given.now.getTime() + (given.afterMs ?? 0)), tries: 0 });

const FIRST_MS = 2_000;
const LONGEST_MS = 3_600_000;
/** Twice as long each time, and for ever: what is owed is asked for until somebody answers. */
export const restMs = (tries: number): number => Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 20));
