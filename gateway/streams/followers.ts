/** All subscriptions that are followed at this moment: how many a caller may have, who still may, and what ends them. */
import { AtlasError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import type { Together } from '../../platform/stream/queue.ts';
import { streamsOpen } from '../../platform/telemetry/metrics.ts';
import type { Asked, Prepared } from '../executor.ts';
import type { Credentials } from '../policy/authenticate.ts';
import type { Meter } from '../policy/meter.ts';
import { Delivery, type Sink } from './delivery.ts';
import type { EndCode, StreamEdge } from './edge.ts';
import { Ended } from './ended.ts';
import { slots } from './slots.ts';

interface Followed { prepared: Prepared; asked: Asked; credentials: Credentials; meter: Meter | null }

export interface Followers {
  /** To its end; rejects with what ended it early, and what it has cost. */
  follow(followed: Followed, sink: Sink): Promise<void>;
  /** Ends all that are not a socket's; each says why. */
  end(code: EndCode): void;
}

export function followers(edge: StreamEdge): Followers {
  const { settings, executor, log } = edge;
  const running = new Set<Delivery>();
  /** What ends at once when all streams do: a socket is left as a whole. */
  const alone = new Set<Delivery>();
  const together: Together = { bytes: 0 };
  /** One reader is held to its own limit; this holds all of them, whoever has most waiting first. */
  const relieve = () => {
    while (together.bytes > settings.STREAM_QUEUES_BYTES) [...running].reduce((most, one) => (one.waiting > most.waiting ? one : most)).cut(new AtlasError('SLOW_CONSUMER'));
  };
  const take = slots({ perCaller: settings.STREAMS_PER_CALLER, inAll: settings.STREAMS_MAX });
  let stopping = false;

  const deliver = async ({ prepared, asked, credentials, meter }: Followed, sink: Sink): Promise<void> => {
    const { viewer } = asked.caller;
    if (stopping) throw new AtlasError('SHUTTING_DOWN');
    // Another graph took over while this one was on its way in: it would follow the old one for ever.
    if (prepared.schema !== executor.schema()) throw new AtlasError('SUPERGRAPH_CHANGED');
    const leave = take(viewer, credentials.address);
    const delivery = new Delivery({ sink, meter, limits: { countMax: settings.STREAM_QUEUE_EVENTS, bytesMax: settings.STREAM_QUEUE_BYTES }, together, grown: relieve });
    running.add(delivery);
    const unwatch = edge.watch.over(credentials, viewer, (error) => delivery.cut(error));
    if (sink.transport !== 'websocket') alone.add(delivery);
    streamsOpen.inc({ transport: sink.transport });
    try {
      await delivery.run((signal) => executor.follow(prepared, asked, signal));
    } catch (error) {
      if (delivery.isStuck) letGo(sink, { log, error: error as AtlasError, principal: viewer.id });
      throw error;
    } finally {
      running.delete(delivery);
      alone.delete(delivery);
      unwatch();
      leave();
      streamsOpen.dec({ transport: sink.transport });
    }
  };

  return {
    async follow(followed, sink) {
      const settled = async (isTold: boolean) => (followed.meter ? followed.meter.close(isTold) : null);
      await deliver(followed, sink).catch(async (error: unknown) => { throw new Ended(error, await settled(true)); });
      await settled(false);
    },
    end(code) {
      stopping ||= code === 'SHUTTING_DOWN';
      log.info({ streams: alone.size, code }, 'Streams are ended; their clients come again.');
      for (const delivery of alone) delivery.end(new AtlasError(code));
    },
  };
}

function letGo(sink: Sink, { log, error, principal }: { log: Log; error: AtlasError; principal: string }): void {
  log.info({ transport: sink.transport, principal }, 'A subscriber takes nothing more: its connection is let go.');
  sink.abandon(error);
}
