import { Aggregate } from '../../../platform/aggregate.ts';
import { isZero, type Decimal } from '../../../platform/decimal.ts';
import { newId, type Id } from '../../../platform/ids.ts';
import { invalid } from '../../../platform/text.ts';
import { usageRecorded } from '../events.ts';
import { isOwnMetric } from './metric.ts';

const DAY_MS = 86_400_000;
const LATE_DAYS_MAX = 35;
const AHEAD_MS = 300_000;
const ATTRIBUTES_MAX = 10;
const NAME = /^[a-z][A-Za-z0-9]{0,39}$/;
const VALUE_LENGTH_MAX = 200;
/** What Atlas itself says of a line; a partner's own words never stand for it. */
const OURS = ['at', 'plan', 'holder', 'userId', 'keyId', 'collectionId', 'latencies'];

/** Something of their own that a partner counts. It keeps no row: it is in what is counted. */
export class UsageRecord extends Aggregate {
  readonly id: Id<'rec'>;

  private constructor() {
    super();
    this.id = newId('rec');
    this.version = 1;
  }

  static of({ metric, quantity, at, attributes, now }: { metric: string; quantity: Decimal; at: Date; attributes: unknown; now: Date }): UsageRecord {
    if (!isOwnMetric(metric)) throw invalid('Metrics of your own are named custom.<word>, in lower-case letters, digits and hyphens.', 'metric');
    if (isZero(quantity)) throw invalid('Something, or something less.', 'quantity');
    const lateMs = now.getTime() - at.getTime();
    if (lateMs > LATE_DAYS_MAX * DAY_MS || -lateMs > AHEAD_MS) throw invalid(`At most ${LATE_DAYS_MAX} days ago, and not in the future.`, 'at');
    const said = attributesOf(attributes);
    const record = new UsageRecord();
    const { id: recordId } = record;
    record.record(usageRecorded({ recordId, metric, at: at.toISOString() }, {
      usage: [{ metric, quantity, attributes: { ...said, at: at.toISOString() } }],
      audit: { entityType: 'UsageRecord', entityId: recordId, before: undefined, after: { metric, quantity, at: at.toISOString(), attributes: said } },
    }));
    return record;
  }
}

function attributesOf(typed: unknown): Record<string, string> {
  const refuse = () => invalid(`An object of at most ${ATTRIBUTES_MAX} short texts, by names such as region; ${OURS.join(', ')} are ours.`, 'attributes');
  if (typeof typed !== 'object' || typed === null || Array.isArray(typed)) throw refuse();
  const said = Object.entries(typed as Record<string, unknown>);
  const isFine = ([name, value]: [string, unknown]): boolean => NAME.test(name) && !OURS.includes(name) && typeof value === 'string' && value.length <= VALUE_LENGTH_MAX && !value.includes('\0') && value.isWellFormed();
  if (said.length > ATTRIBUTES_MAX || !said.every(isFine)) throw refuse();
  return Object.fromEntries(said) as Record<string, string>;
}
