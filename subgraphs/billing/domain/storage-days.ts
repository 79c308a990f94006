/**
 * How long how much was stored, in gigabytes and days: an hour counts for as much as there was at its end. A day is
 * counted when it is over, and again for as long as changes may be heard of late; what differs is told, and no more.
 */
import { Aggregate } from '../../../platform/aggregate.ts';
import { isNegative, isZero, minus, share, sum, times, ZERO, type Decimal } from '../../../platform/decimal.ts';
import { newId, type Id, type TenantId } from '../../../platform/ids.ts';
import { storageCounted } from '../events.ts';
import { DAY_MS } from './period.ts';

export const STORED = 'storage.bytes';
export const STORED_DAYS = 'storage.gb-days';
const HOUR_MS = 3_600_000;
const HOURS = 24;
const BYTE_HOURS = 24_000_000_000;
const PLACES = 12;

export interface StoredDay { day: Date; quantity: Decimal }
/** What has changed in the hour that begins then. */
export interface StoredChange { at: Date; bytes: Decimal }

/** From the day of `from` to the one before `to`. `now`: how much there is, after all of the changes since `from`. */
export function storedDays({ from, to, now, changes }: { from: Date; to: Date; now: Decimal; changes: readonly StoredChange[] }): StoredDay[] {
  const byHour = new Map(changes.map(({ at, bytes }) => [at.getTime(), bytes]));
  let level = minus(now, sum(...changes.map(({ bytes }) => bytes)));
  const days: StoredDay[] = [];
  for (let day = from.getTime(); day < to.getTime(); day += DAY_MS) {
    let stored = ZERO;
    let unchanged = 0;
    for (let hour = 0; hour < HOURS; hour += 1) {
      const change = byHour.get(day + hour * HOUR_MS);
      if (change !== undefined) {
        stored = sum(stored, times(present(level), unchanged));
        level = sum(level, change);
        unchanged = 0;
      }
      unchanged += 1;
    }
    stored = sum(stored, times(present(level), unchanged));
    days.push({ day: new Date(day), quantity: share(stored, { part: 1, whole: BYTE_HOURS, places: PLACES }) });
  }
  return days;
}
/** That something was taken away may be heard before that it was there. */
const present = (level: Decimal): Decimal => (isNegative(level) ? ZERO : level);

/** What of these days has not been told yet, or otherwise. */
export function untold(days: readonly StoredDay[], told: readonly StoredDay[]): StoredDay[] {
  const before = new Map(told.map(({ day, quantity }) => [day.getTime(), quantity]));
  return days.map(({ day, quantity }) => ({ day, quantity: minus(quantity, before.get(day.getTime()) ?? ZERO) })).filter(({ quantity }) => !isZero(quantity));
}

/** Told like everything that is counted. It keeps no row: it is in what is counted. */
export class StorageCount extends Aggregate {
  readonly id: Id<'rec'>;

  private constructor() {
    super();
    this.id = newId('rec');
    this.version = 1;
  }

  static of(tenantId: TenantId, days: readonly StoredDay[]): StorageCount {
    const count = new StorageCount();
    const [first, last] = [days[0]!.day, days.at(-1)!.day];
    // As of the day's last moment: by the prices of then, and in the period that then was.
    const usage = days.map(({ day, quantity }) => ({ metric: STORED_DAYS, quantity, attributes: { at: new Date(day.getTime() + DAY_MS - 1).toISOString() } }));
    count.record(storageCounted({ tenantId, from: first.toISOString(), to: new Date(last.getTime() + DAY_MS).toISOString() }, { usage }));
    return count;
  }
}

/** What is kept of a tenant's storage. */
export interface Storage {
  /** How much there is now, and what has changed in each hour since. */
  since(tenantId: TenantId, from: Date): Promise<{ now: Decimal; changes: StoredChange[] }>;
  told(tenantId: TenantId, from: Date): Promise<StoredDay[]>;
  /** What these days have come to in all, and when to count again. */
  note(tenantId: TenantId, days: readonly StoredDay[], again: Date): Promise<void>;
}
/** Tenants whose storage is to be counted, and nothing of how much it is. */
export type StorageDue = (now: Date) => Promise<TenantId[]>;
