/**
 * How the audit trail holds together. Each row's hash covers the row and the hash before it, so that nothing in the
 * middle can be changed, left out or put in; each row and the head carry a seal that only this installation can make, so
 * that whoever can write the tables cannot make a chain of their own. docs/audit.md says how to check it from outside.
 */
import type { Actor } from '../../../platform/event.ts';
import type { Id, TenantId } from '../../../platform/ids.ts';

/** What has no tenant has a chain of its own. */
export const SYSTEM = 'system';
export type ChainName = TenantId | typeof SYSTEM;

/** What is recorded of an event; it never changes. `before` and `after` are undefined where there was nothing to say. */
export interface Record {
  id: Id<'evt'>;
  at: Date;
  actor: Actor;
  /** The type of the event. */
  action: string;
  entityType: string;
  entityId: string;
  before: unknown;
  after: unknown;
  requestId: string | null;
}
export interface AuditEvent extends Record { chain: ChainName; seq: number; hash: string; seal: string }

/** Where a chain ends, or was looked at up to. */
export interface Place { seq: number; hash: string; eventId: string }
export interface Head extends Place { seal: string }
export const BEGINNING: Place = { seq: 0, hash: '0'.repeat(64), eventId: '' };
/** What follows on this follows on nothing: the chain before it was not as it had been left, and that stays to be seen. */
const BROKEN = 'broken';

/** What only the installation can make, and a hash that anybody can. */
export interface Seals {
  sha256(text: string): string;
  seal(what: 'row' | 'head' | 'mark', text: string): string;
  isSeal(what: 'row' | 'head' | 'mark', text: string, seal: string): boolean;
}

/** RFC 8785: the one way to write a value, whatever way it was kept. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const parts = Object.entries(value).filter(([, part]) => part !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${parts.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`;
}

function hashOf(previous: string, chain: ChainName, seq: number, row: Record, seals: Seals): string {
  const { id, at, actor, action, entityType, entityId, before, after, requestId } = row;
  return seals.sha256(`${previous}\n${canonical({ chain, seq, id, at: at.toISOString(), actor: { kind: actor.kind, id: actor.id }, action, entityType, entityId, before, after, requestId })}`);
}
const rowText = (chain: ChainName, seq: number, hash: string): string => `${chain} ${seq} ${hash}`;
const placeText = (chain: ChainName, { seq, hash, eventId }: Place): string => `${chain} ${seq} ${hash} ${eventId}`;

export const sealed = (what: 'head' | 'mark', chain: ChainName, { seq, hash, eventId }: Place, seals: Seals): Head =>
  ({ seq, hash, eventId, seal: seals.seal(what, placeText(chain, { seq, hash, eventId })) });
export const isSealed = (what: 'head' | 'mark', chain: ChainName, place: Head, seals: Seals): boolean => seals.isSeal(what, placeText(chain, place), place.seal);

/**
 * The next row, and the head that it makes. A head that was not sealed here is not built upon: the row then follows on
 * nothing, and everybody who verifies the chain afterwards finds it.
 */
export function link(chain: ChainName, after: Place, sound: boolean, record: Record, seals: Seals): { row: AuditEvent; head: Head } {
  const seq = after.seq + 1;
  const hash = hashOf(sound ? after.hash : BROKEN, chain, seq, record, seals);
  const row = { ...record, chain, seq, hash, seal: seals.seal('row', rowText(chain, seq, hash)) };
  return { row, head: sealed('head', chain, { seq, hash, eventId: record.id }, seals) };
}

/** Why a row is not the one that was appended after this place; null when it is. */
export function faultOf(after: Place, row: AuditEvent, seals: Seals): string | null {
  if (row.seq > after.seq + 1) return `what stood in places ${after.seq + 1} to ${row.seq - 1} is missing`;
  if (row.seq < after.seq + 1) return `there is more than one in place ${row.seq}`;
  if (row.hash !== hashOf(after.hash, row.chain, row.seq, row, seals)) return `what stands in place ${row.seq} was changed, moved or put in`;
  if (!seals.isSeal('row', rowText(row.chain, row.seq, row.hash), row.seal)) return `what stands in place ${row.seq} was not written by this installation`;
  return null;
}

export interface Fault { id: string | null; why: string }
/** The head and, at the same moment, the first row that stands behind it, where none should. */
export interface End { head: Head | null; beyond: string | null }

/** What is wrong where a chain ends, for whoever came to this place through sound rows. */
export function faultAtEnd(chain: ChainName, { head, beyond }: End, at: Place, seals: Seals): Fault | null {
  if (head && at.seq < head.seq) return { id: head.eventId, why: `what stood in places ${at.seq + 1} to ${head.seq} is missing` };
  if (beyond !== null) return { id: beyond, why: `something stands behind the head, which is in place ${head?.seq ?? 0}` };
  if (head && !isSealed('head', chain, head, seals)) return { id: head.eventId, why: 'the head was not written by this installation' };
  if (head && (head.hash !== at.hash || head.eventId !== at.eventId)) return { id: at.eventId, why: 'the head is not that of the last event' };
  return null;
}
