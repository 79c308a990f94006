/**
 * Whom the gateway refused what, told as events, and by that a part of the audit trail. Nothing of it is on the way of a
 * request that is allowed, and a flood cannot fill the log: what one caller is refused is told once, then once a minute
 * with how often; a caller has so many lines a minute and all callers together so many, the rest is told as a number.
 */
import type { Database } from '../platform/database/database.ts';
import type { ErrorCode } from '../platform/errors.ts';
import type { Envelope } from '../platform/event.ts';
import { newId } from '../platform/ids.ts';
import type { Log } from '../platform/log.ts';
import { loop } from '../platform/loop.ts';
import { requestInfo } from '../platform/request.ts';
import { currentTraceparent } from '../platform/telemetry/trace.ts';
import { actorOf, anonymous, type Viewer } from '../platform/viewer.ts';
import { tell } from '../platform/work.ts';
import { accessDenied, type Denial } from './events.ts';
import { originOf } from './policy/origin.ts';

/** What is a refusal of somebody, and not a mistake in a request. */
const TOLD = new Set<ErrorCode>(['FORBIDDEN', 'UNAUTHENTICATED', 'SESSION_ENDED', 'TENANT_NOT_FOUND', 'RATE_LIMITED', 'BUDGET_EXCEEDED', 'DOCUMENT_NOT_TRUSTED', 'INTROSPECTION_DISABLED']);

const EVERY_MS = 1_000;
const AGAIN_MS = 60_000;
const KINDS_PER_CALLER = 10;
const LINES_MAX = 2_000;
const BATCH_MAX = 200;

type Who = Pick<Viewer, 'kind' | 'id' | 'tenantId'>;
export interface Refused { code: string; missing?: string | undefined; field?: string | null }
interface Line { who: Who; code: string; field: string | null; missing: string | null; address: string | null; requestId: string | null; traceparent: string | null; count: number; at: Date; dueAt: number; caller: string | null }

export interface Denials {
  note(who: Who, address: string | null, refused: Refused): void;
  /** Tells what has not been told yet. */
  stop(): Promise<void>;
}

export const isDenial = (code: unknown): boolean => TOLD.has(code as ErrorCode);

export function openDenials(given: { database: Pick<Database, 'transaction'>; told: () => void; log: Log; againMs?: number }): Denials {
  const { againMs = AGAIN_MS } = given;
  const lines = new Map<string, Line>();
  /** How many of its own each caller has among them. */
  const kinds = new Map<string, number>();

  const lineFor = (who: Who, address: string | null, { code, missing = null, field = null }: { code: string; missing?: string | null; field?: string | null }): Line => {
    const caller = who.kind === 'anonymous' ? originOf(address) : `${who.tenantId} ${who.id}`;
    const kind = `${caller} ${code} ${field} ${missing}`;
    const known = lines.get(kind);
    if (known) return known;
    if (lines.size >= LINES_MAX) return line('everybody else', { who: anonymous, code: 'FORBIDDEN', field: null, missing: null, address: null, caller: null });
    if ((kinds.get(caller) ?? 0) >= KINDS_PER_CALLER) return line(`${caller} and more`, { who, code, field: null, missing: null, address, caller: null });
    kinds.set(caller, (kinds.get(caller) ?? 0) + 1);
    return line(kind, { who, code, field, missing, address, caller });
  };
  const line = (name: string, about: Pick<Line, 'who' | 'code' | 'field' | 'missing' | 'address' | 'caller'>): Line => {
    const made = lines.get(name) ?? { ...about, requestId: requestInfo()?.requestId ?? null, traceparent: currentTraceparent(), count: 0, at: new Date(), dueAt: 0 };
    lines.set(name, made);
    return made;
  };

  const forget = (name: string, caller: string | null): void => {
    lines.delete(name);
    if (caller === null) return;
    const left = kinds.get(caller)! - 1;
    if (left > 0) kinds.set(caller, left);
    else kinds.delete(caller);
  };

  /** Lines that are due, a tenant's together; `all` does not wait for their minute. */
  const round = async (all = false): Promise<boolean> => {
    const now = Date.now();
    const due = [...lines.values()].filter(({ count, dueAt }) => count > 0 && (all || dueAt <= now)).slice(0, BATCH_MAX);
    for (const tenantId of new Set(due.map(({ who }) => who.tenantId))) {
      const some = due.filter(({ who }) => who.tenantId === tenantId);
      const counts = some.map(({ count }) => count);
      await given.database.transaction({ kind: 'system', id: 'system:gateway', userId: null, tenantId }, 'write', (em) => tell(em, 'gateway', some.map(envelopeOf)));
      some.forEach((each, n) => Object.assign(each, { count: each.count - counts[n]!, dueAt: now + againMs }));
    }
    if (due.length > 0) given.told();
    for (const [name, { count, dueAt, caller }] of lines) if (count === 0 && dueAt <= now) forget(name, caller);
    return due.length === BATCH_MAX;
  };
  const telling = loop({ name: 'gateway denials', everyMs: EVERY_MS, log: given.log, round: () => round() });

  return {
    note(who, address, refused) {
      if (!isDenial(refused.code)) return;
      const noted = lineFor(who, address, refused);
      noted.count += 1;
      if (noted.count === 1) Object.assign(noted, { at: new Date(), requestId: requestInfo()?.requestId ?? null, traceparent: currentTraceparent() });
      if (noted.dueAt === 0 && noted.count === 1) telling.nudge();
    },
    async stop() {
      await telling.stop();
      try {
        while (await round(true));
      } catch (error) {
        given.log.warn({ err: error }, 'Who was refused what could not be told at the end.');
      }
    },
  };
}

function envelopeOf({ who, code, field, missing, address, count, at, requestId, traceparent }: Line): Envelope {
  const body: Denial = { code, field, missing, address, count };
  const subject = who.kind === 'anonymous' ? originOf(address) : who.id;
  return {
    ...accessDenied(body, { audit: { entityType: field === null ? 'Request' : 'Field', entityId: field ?? code, after: body } }),
    id: newId('evt'), subject, subjectVersion: 1, tenant: who.tenantId, at: at.toISOString(), actor: actorOf(who), requestId, traceparent,
  };
}
