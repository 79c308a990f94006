/**
 * Moves a service's outbox to the bus, in order, and deletes what the bus has taken over. One relay per outbox works at
 * a time (a transaction's advisory lock); rows are found by being there, not by a cursor, so a transaction that commits
 * late is never skipped. A handler that fails holds the rest back and is tried again: at least once, in order.
 */
import type { Bus } from '../bus/bus.ts';
import type { Database } from '../database/database.ts';
import type { Envelope } from '../event.ts';
import type { Log } from '../log.ts';
import { loop, type Loop } from '../loop.ts';
import { eventsTotal, outboxRows } from '../telemetry/metrics.ts';
import { inSpan } from '../telemetry/trace.ts';

const EVERY_MS = 1_000;
const BATCH_MAX = 100;

export function startRelay(given: { database: Database; bus: Bus; log: Log }): Loop {
  const { database, bus, log } = given;
  const { service } = database;
  const take = () => database.asRelay(async (em) => {
    const [lock] = await em.execute<{ mine: boolean }[]>(`SELECT pg_try_advisory_xact_lock(hashtext('atlas relay'), hashtext(?)) AS mine`, [service]);
    if (!lock?.mine) return false;
    const rows = await em.execute<{ seq: string; envelope: Envelope }[]>(`SELECT seq, envelope FROM ${service}.outbox ORDER BY seq LIMIT ${BATCH_MAX}`);
    const done: string[] = [];
    try {
      for (const { seq, envelope } of rows) {
        await inSpan(`deliver ${envelope.type}`, { kind: 'producer', parent: envelope.traceparent, attributes: { 'messaging.message.id': envelope.id } }, () => bus.publish([envelope]));
        done.push(seq);
      }
    } catch (error) {
      eventsTotal.inc({ service, what: 'failed' });
      log.warn({ err: error, service }, 'An event could not be delivered; it and what follows it will be tried again.');
    }
    if (done.length > 0) await em.execute(`DELETE FROM ${service}.outbox WHERE seq IN (${done.map(() => '?').join(', ')})`, done, 'run');
    eventsTotal.inc({ service, what: 'delivered' }, done.length);
    outboxRows.set({ service }, rows.length - done.length);
    return done.length === BATCH_MAX;
  });
  return loop({ name: `relay ${service}`, everyMs: EVERY_MS, log, round: take });
}
