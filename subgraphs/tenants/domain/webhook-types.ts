/** Which events a webhook wants: a type by its name, all of a kind (`collections.*`), or all (`*`). What is only counted is sent to who names it. */
import { invalid } from '../../../platform/text.ts';
import { isTally } from './tallies.ts';

const TYPES_MAX = 50;
const LENGTH_MAX = 100;
const NAME = /^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)+$/;
const KIND = /^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)*\.\*$/;

/** Each once and in order. Types that nobody tells yet are let through: they may be told tomorrow. */
export function typesOf(given: readonly string[]): string[] {
  if (given.length < 1 || given.length > TYPES_MAX) throw invalid(`Between 1 and ${TYPES_MAX} event types.`, 'eventTypes');
  const stray = given.findIndex((type) => type !== '*' && (type.length > LENGTH_MAX || !(NAME.test(type) || KIND.test(type))));
  if (stray >= 0) throw invalid('An event type such as tenants.member-joined, tenants.* or *.', 'eventTypes', String(stray));
  return [...new Set(given)].sort();
}

export const wants = (types: readonly string[], type: string): boolean =>
  types.some((wanted) => wanted === type || (!isTally({ type }) && (wanted === '*' || (wanted.endsWith('.*') && type.startsWith(wanted.slice(0, -1))))));
