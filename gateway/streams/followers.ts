/** All subscriptions that are followed at this moment: how many a caller may have, who still may, and what ends them. */
import { AtlasError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
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
  const take = slots({ perCaller: settings.STREAMS_PER_CALLER, inAll: settings.STREAMS_MAX });
  let stopping = false;

  const deliver = async ({ prepared, asked, credentials, meter }: Followed, sink: Sink): Promise<void> => {
    const { viewer } = asked.caller;
    if (stopping) throw new AtlasError('SHUTTING_DOWN');
    const leave = take(viewer, credentials.address);
    const delivery = new Delivery({ sink, meter, limits: { countMax: settings.STREAM_QUEUE_EVENTS, bytesMax: settings.STREAM_QUEUE_BYTES } });
    const unwatch = edge.watch.over(credentials, viewer, (error) => delivery.cut(error));
    if (sink.transport !== 'websocket') running.add(delivery); // a socket is left as a whole
    streamsOpen.inc({ transport: sink.transport });
    try {
      await delivery.run((signal) => executor.follow(prepared, asked, signal));
    } catch (error) {
      if (delivery.isStuck) letGo(sink, { log, error: error as AtlasError, principal: viewer.id });
      throw error;
    } finally {
      running.delete(delivery);
      unwatch();
      leave();
      streamsOpen.dec({ transport: sink.transport });
    }
  };

  return {
    async follow(followed, sink) {
      const settled = async () => (followed.meter ? followed.meter.close() : null);
      await deliver(followed, sink).catch(async (error: unknown) => { throw new Ended(error, await settled()); });
      await settled();
    },
    end(code) {
      stopping ||= code === 'SHUTTING_DOWN';
      log.info({ streams: running.size, code }, 'Streams are ended; their clients come again.');
      for (const delivery of running) delivery.end(new AtlasError(code));
    },
  };
}

function letGo(sink: Sink, { log, error, principal }: { log: Log; error: AtlasError; principal: string }): void {
  log.info({ transport: sink.transport, principal }, 'A subscriber takes nothing more: its connection is let go.');
  sink.abandon(error);
}
