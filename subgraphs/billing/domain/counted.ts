import { isDecimal, type Decimal } from '../../../platform/decimal.ts';
import type { Envelope } from '../../../platform/event.ts';
import { isId, type Id, type TenantId } from '../../../platform/ids.ts';
import { latenciesOf, type Latencies } from './latency.ts';
import { isMetric } from './metric.ts';

/** Whose it is and of what. An empty text: of nobody, of nothing. */
export interface Dimensions { userId: string; keyId: string; collectionId: string; model: string }

/** One line of what an event counts for. */
export interface Counted extends Dimensions {
  eventId: Id<'evt'>;
  line: number;
  metric: string;
  quantity: Decimal;
  at: Date;
  /** The plan that whoever told it went by, where it said: `TEAM@3`. */
  plan: string | null;
  /** Who had reserved it under a budget. */
  holder: string | null;
  latencies: Latencies;
  attributes: Readonly<Record<string, string>>;
}
export interface CountedEvent { tenantId: TenantId; lines: Counted[] }
/** What no other line of any event is called. */
export const sourceOf = ({ eventId, line }: Pick<Counted, 'eventId' | 'line'>): string => `${eventId}:${line}`;

const LINES_MAX = 1_000;
const ATTRIBUTES_MAX = 20;
const TEXT_LENGTH_MAX = 200;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * What of an event is counted, by its envelope alone; null when nothing is. It comes from services that may be older or
 * newer than this one: what does not read as it should is no usage, and the event is set aside with the reason.
 */
export function countedOf(event: Envelope): CountedEvent | null {
  const { usage, tenant } = event;
  if (!usage || usage.length === 0) return null;
  if (tenant === null) throw new Error(`${event.type} counts for a tenant and names none.`);
  if (usage.length > LINES_MAX) throw new Error(`${event.type} has ${usage.length} lines of usage; ${LINES_MAX} are read.`);
  return { tenantId: tenant, lines: usage.map((told, line) => lineOf(event, told, line)) };
}

function lineOf({ id, type, at, actor }: Envelope, { metric, quantity, attributes = {} }: NonNullable<Envelope['usage']>[number], line: number): Counted {
  const refuse = (what: string) => new Error(`Line ${line} of ${type}: ${what}.`);
  if (typeof metric !== 'string' || !isMetric(metric)) throw refuse('this is no name of a metric');
  if (!isDecimal(quantity)) throw refuse('the quantity is no exact decimal');
  const said = Object.entries(attributes);
  if (said.length > ATTRIBUTES_MAX || said.some(([name, value]) => typeof value !== 'string' || name.length > TEXT_LENGTH_MAX || value.length > TEXT_LENGTH_MAX * 5)) throw refuse('attributes are a few short texts');
  const moment = attributes.at ?? at;
  if (!MOMENT.test(moment) || Number.isNaN(Date.parse(moment))) throw refuse('the moment is none');
  const { userId, keyId } = whose(attributes, actor);
  return {
    eventId: id, line, metric, quantity, at: new Date(moment), userId, keyId,
    collectionId: isId('col', attributes.collectionId) ? attributes.collectionId : '',
    model: (attributes.model ?? '').slice(0, TEXT_LENGTH_MAX),
    plan: attributes.plan ?? null, holder: attributes.holder ?? null,
    latencies: latenciesOf(attributes), attributes,
  };
}

/** Said, or whoever did it. What a service does of itself is nobody's. */
function whose({ userId, keyId }: Readonly<Record<string, string>>, actor: Envelope['actor']): Pick<Dimensions, 'userId' | 'keyId'> {
  if (userId !== undefined || keyId !== undefined) return { userId: isId('usr', userId) ? userId : '', keyId: isId('key', keyId) ? keyId : '' };
  return { userId: actor.kind === 'user' ? actor.id : '', keyId: actor.kind === 'key' ? actor.id : '' };
}
