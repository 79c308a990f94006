/**
 * One unit of work: a transaction that holds the change, the events it tells and, when the caller sent an idempotency
 * key, the record of its result. Everything commits together or nothing does. `look` is the same for reading, READ ONLY.
 * A `glance` reads what is only shown: it may come from a replica and lag behind what others have written, so nothing may
 * be decided by it, no right above all. Whoever does not say that it may lag gets the truth.
 * Inside either, never await another service or the network: a connection is held.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { takeFacts, withTellers, type Aggregate } from './aggregate.ts';
import { along } from './along.ts';
import { brokenConstraint } from './database/faults.ts';
import type { Database, Scope } from './database/database.ts';
import type { Rows } from './database/statement.ts';
import { AtlasError } from './errors.ts';
import { misfitOf, type Envelope, type Fact } from './event.ts';
import { recordResult } from './idempotency.ts';
import { isId, newId } from './ids.ts';
import { holdFence } from './jobs/fence.ts';
import { markingHandled } from './outbox/inbox.ts';
import { requestInfo } from './request.ts';
import { currentTraceparent } from './telemetry/trace.ts';
import { actorOf } from './viewer.ts';
import { noteTold } from './write-token.ts';

export type { Scope } from './database/database.ts';
export type Work<Ports> = <T>(scope: Scope, body: (ports: Ports) => Promise<T>) => Promise<T>;
export type Look<Ports> = Work<Ports>;
/** `body` may be run twice: once over the replica and, where that is no answer, once over the primary. */
export type Glance<Ports> = <T>(scope: Scope, body: (ports: Ports) => Promise<T>, isWhole?: (found: T) => boolean) => Promise<T>;
/** Whether what was found is all that was asked for by name. */
export const all = (asked: readonly unknown[]) => (found: readonly unknown[]): boolean => found.length >= asked.length;

export interface Desk<Ports> { work: Work<Ports>; look: Look<Ports>; glance: Glance<Ports> }

const inside = along<true>();
async function alone<T>(body: () => Promise<T>): Promise<T> {
  if (inside.get()) throw new Error('work and look do not nest: finish the one before you begin the next.');
  return inside.run(true, body);
}

export function deskOver<Ports>(database: Database, given: {
  /** `witness` hands over what keeps no row of its own and still has something to tell (a failed sign-in). */
  ports: (em: EntityManager, witness: (subject: Aggregate) => void) => Ports;
  /** Ports that read by statements alone, without the ORM: what a look and a glance give, that need hold no connection then. */
  views?: (rows: Rows) => Ports;
  /** Unique constraints by name (or RIGHTS, where they may be lost in between), and the error that a person gets when a change runs into one. */
  conflicts?: Record<string, (cause: unknown) => AtlasError>;
  /** Called after a commit that told something, so that the event need not wait for the next look at the outbox. */
  told?: () => void;
}): Desk<Ports> {
  const work: Work<Ports> = async (scope, body) => {
    let told: readonly Envelope[] = [];
    let concerned: string[] = [];
    try {
      const result = await alone(() => database.transaction(scope, 'write', (em) => withTellers(async (untold) => {
        const witnessed: Aggregate[] = [];
        await holdFence(em, database.service);
        const result = await markingHandled(em, database.service, () => body(given.ports(em, (subject) => void witnessed.push(subject))));
        const changed = [...touched(em), ...witnessed];
        await em.flush();
        const facts = takeFacts(changed);
        refuseUntold(untold());
        concerned = facts.flatMap(({ subject, fact }) => principalsIn(subject, fact.body));
        const envelopes = facts.map(({ subject, fact }) => envelope(scope, subject, fitting(fact)));
        await tell(em, database.service, envelopes);
        await recordResult(em, database.service, result, envelopes);
        told = envelopes;
        return result;
      }), () => concerned));
      noteTold(told);
      return result;
    } catch (error) {
      const conflict = given.conflicts?.[brokenConstraint(error) ?? ''];
      throw conflict ? conflict(error) : error;
    } finally {
      if (told.length > 0) given.told?.();
    }
  };
  const { views } = given;
  const seen = (em: EntityManager) => given.ports(em, () => undefined);
  const look: Look<Ports> = (scope, body) => alone(() => (views ? database.read(scope, (rows) => body(views(rows))) : database.transaction(scope, 'read', (em) => body(seen(em)))));
  const glance: Glance<Ports> = (scope, body, isWhole) =>
    alone(() => (views ? database.readLagging(scope, (rows) => body(views(rows)), isWhole) : database.glance(scope, (em) => body(seen(em)), isWhole)));
  return { work, look, glance };
}

/**
 * Who is concerned by a change of this, whoever makes it: somebody who has just signed in asks as themselves from then on,
 * and whoever is given a part in something or loses it is told of in the body.
 */
function principalsIn(subject: Aggregate, body: unknown): string[] {
  const { id, userId } = subject as Partial<Record<'id' | 'userId', unknown>>;
  return [id, userId, (body as { userId?: unknown }).userId].filter((one): one is string => typeof one === 'string' && (isId('usr', one) || isId('key', one)));
}

/** Everything that this work read, made or removes: removed aggregates leave the identity map at flush, so look before. */
function touched(em: EntityManager): object[] {
  const unit = em.getUnitOfWork();
  return [...new Set([...unit.getIdentityMap().values(), ...unit.getPersistStack(), ...unit.getRemoveStack()])];
}

/** Somebody was changed whom nobody saves: read to be looked at, or made and never added. */
function refuseUntold(untold: readonly Aggregate[]): void {
  if (untold.length === 0) return;
  throw new AtlasError('INTERNAL', undefined, { cause: new Error(`Of ${untold.map(({ id }) => id).join(', ')} something is to be told, and this work neither saves nor witnesses it.`) });
}

/** What does not fit its own contract does not happen: it would be told in a form that no reader was promised. Takes some microseconds. */
function fitting(fact: Fact): Fact {
  const misfit = misfitOf(fact);
  if (misfit) throw new AtlasError('INTERNAL', undefined, { cause: new Error(`${fact.type} cannot be told: ${misfit}`) });
  return fact;
}

function envelope(scope: Scope, subject: Aggregate, fact: Fact): Envelope {
  return {
    ...fact,
    id: newId('evt'),
    subject: subject.id,
    subjectVersion: subject.version,
    tenant: scope.tenantId,
    at: new Date().toISOString(),
    actor: actorOf(scope),
    requestId: requestInfo()?.requestId ?? null,
    traceparent: currentTraceparent(),
  };
}

/** Plain inserts after the flush, because the ORM would reorder its own. */
export async function tell(em: EntityManager, service: string, envelopes: readonly Envelope[]): Promise<void> {
  if (envelopes.length === 0) return;
  const rows = envelopes.map(() => '(?, ?, ?)').join(', ');
  await em.execute(`INSERT INTO ${service}.outbox (tenant_id, subject, envelope) VALUES ${rows}`,
    envelopes.flatMap((told) => [told.tenant, told.subject, JSON.stringify(told)]), 'run');
}
