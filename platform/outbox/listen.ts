/**
 * Puts a service's consumers on the bus. What fails is tried again, soon and then later; what keeps failing is set aside
 * with its cause, so that what stands behind it goes on. Each runs in the trace and under the request id of its event.
 */
import pLimit from 'p-limit';
import type { Bus, Listening } from '../bus/bus.ts';
import type { DeadLetters } from '../bus/dead-letters.ts';
import type { Envelope } from '../event.ts';
import type { Log } from '../log.ts';
import { loop } from '../loop.ts';
import type { ServiceName } from '../names.ts';
import { withRequest } from '../request.ts';
import { eventsTotal } from '../telemetry/metrics.ts';
import { inSpan } from '../telemetry/trace.ts';
import { openAway } from './away.ts';
import { handleOnce, type Consumer } from './inbox.ts';
import { IMPATIENT, ONE_TRY, PATIENT, tryAgain } from './tries.ts';

/** How many events a service handles at once: each holds a connection of its pool. */
const AT_ONCE_MAX = 3;
const DEAD_EVERY_MS = 1_000;
/** A consumer that has set an event aside is patient again after so long without another. */
const CALM_MS = 10_000;

export interface Heard { service: ServiceName; consumers: readonly Consumer[]; bus: Bus; deadLetters: DeadLetters; log: Log }

/** Its group on the bus, and what its dead letters go by. */
export const groupOf = (service: ServiceName, consumer: Pick<Consumer, 'name'>): string => `${service}:${consumer.name}`;

export function listen({ service, consumers, bus, deadLetters, log }: Heard): Listening {
  const room = pLimit(AT_ONCE_MAX);
  const stopping = new AbortController();
  const once = (consumer: Consumer, event: Envelope) => inItsName(service, event, () => handleOnce(consumer, event));
  const told = (what: 'handled' | 'failed' | 'parked') => eventsTotal.inc({ service, what });
  const given = { signal: stopping.signal, onFailure: () => told('failed') };

  const listening = consumers.map((consumer) => {
    const group = groupOf(service, consumer);
    const ownRoom = consumer.atOnce === undefined ? room : pLimit(consumer.atOnce);
    const away = openAway();
    let parkedAt = -Infinity;
    return bus.group(group, consumer.types, async (event) => {
      const since = performance.now();
      const patience = since - parkedAt < CALM_MS ? IMPATIENT : PATIENT;
      const failure = await tryAgain(() => once(consumer, event), { ...given, room: ownRoom, patience });
      if (!failure) {
        away.handled(event.id);
        return told('handled');
      }
      // Another process, or the next start, is handed it; or this one again, once whoever is away is back.
      if (stopping.signal.aborted || !away.isToBlame(event.id, failure.error, since)) throw failure.error;
      await deadLetters.park({ consumer: group, event, ...failure });
      parkedAt = performance.now();
      told('parked');
      log.error({ err: failure.error, consumer: group, event: event.id, type: event.type }, 'An event could not be handled and is set aside; it will be tried again later.');
    });
  });

  const byGroup = new Map(consumers.map((consumer) => [groupOf(service, consumer), consumer]));
  const again = loop({ name: `${service} dead letters`, everyMs: DEAD_EVERY_MS, log, round: () => deadLetters.retryDue([...byGroup.keys()], async ({ consumer, event }) => {
    const failure = await tryAgain(() => once(byGroup.get(consumer)!, event), { ...given, room, patience: ONE_TRY });
    if (failure) throw failure.error;
    told('handled');
    log.info({ consumer, event: event.id }, 'An event that was set aside has been handled.');
  }) });

  return { stop: async () => {
    stopping.abort();
    await Promise.all([again.stop(), ...listening.map((each) => each.stop())]);
  } };
}

const inItsName = <T>(service: ServiceName, event: Envelope, body: () => Promise<T>): Promise<T> =>
  withRequest({ requestId: event.requestId ?? event.id, address: null, userAgent: null, idempotencyKey: null, tenantId: event.tenant, principal: `system:${service}` }, () =>
    inSpan(`handle ${event.type}`, { kind: 'consumer', parent: event.traceparent, attributes: { 'atlas.service': service, 'messaging.message.id': event.id } }, body));
