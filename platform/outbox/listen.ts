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
import { handleOnce, type Consumer } from './inbox.ts';
import { tryAgain } from './tries.ts';

/** How many events a service handles at once: each holds a connection of its pool. */
const AT_ONCE_MAX = 3;
const DEAD_EVERY_MS = 1_000;

export interface Heard { service: ServiceName; consumers: readonly Consumer[]; bus: Bus; deadLetters: DeadLetters; log: Log }

export function listen({ service, consumers, bus, deadLetters, log }: Heard): Listening {
  const room = pLimit(AT_ONCE_MAX);
  const stopping = new AbortController();
  const nameOf = (consumer: Consumer) => `${service}:${consumer.name}`;
  const once = (consumer: Consumer, event: Envelope) => inItsName(service, event, () => handleOnce(consumer, event));

  const listening = consumers.map((consumer) => bus.group(nameOf(consumer), consumer.types, async (event) => {
    const failure = await tryAgain(() => room(() => once(consumer, event)), { signal: stopping.signal, onFailure: () => eventsTotal.inc({ service, what: 'failed' }) });
    if (!failure) return eventsTotal.inc({ service, what: 'handled' });
    if (stopping.signal.aborted) throw failure.error; // another process, or the next start, is handed it
    await deadLetters.park({ consumer: nameOf(consumer), event, ...failure });
    eventsTotal.inc({ service, what: 'parked' });
    log.error({ err: failure.error, consumer: nameOf(consumer), event: event.id, type: event.type }, 'An event could not be handled and is set aside; it will be tried again later.');
  }));

  const byName = new Map(consumers.map((consumer) => [nameOf(consumer), consumer]));
  const again = loop({ name: `${service} dead letters`, everyMs: DEAD_EVERY_MS, log, round: () => deadLetters.retryDue([...byName.keys()], async ({ consumer, event }) => {
    await room(() => once(byName.get(consumer)!, event));
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
