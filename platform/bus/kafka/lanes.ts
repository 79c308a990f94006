/**
 * What was received and is not yet handled: a queue a partition, handled in order, partitions side by side. One that is
 * full is paused at the source. When partitions are given out anew, what waits is forgotten and comes again to whoever
 * has them now; what runs is finished first, so that nothing overtakes it here.
 */
import { untilDone } from '../until-done.ts';
import { nameOf, type Place, type Received, type Spot } from './records.ts';

const WAITING_MAX = 500;

interface Lane { spot: Spot; waiting: Received[]; before: Promise<void> | undefined; running: Promise<void> | null; lost: AbortController; paused: boolean }

export interface Lanes {
  /** These from now on, and no others. */
  assign(spots: readonly Spot[]): void;
  take(records: readonly Received[]): void;
  /** What runs is finished, nothing else is begun. */
  close(): Promise<void>;
}

export interface LaneWork {
  /** One that rejects is handed the same record again. */
  handle(record: Received): Promise<void>;
  failed(error: unknown, record: Received): void;
  /** Everything before this place is handled. */
  handled(place: Place): void;
  pause(spot: Spot): void;
  resume(spot: Spot): void;
}

export function openLanes(work: LaneWork): Lanes {
  let lanes = new Map<string, Lane>();
  let ending: Promise<unknown> = Promise.resolve();

  const handleAll = async (lane: Lane): Promise<void> => {
    await lane.before;
    const { signal } = lane.lost;
    for (let record = lane.waiting[0]; record; record = lane.waiting[0]) {
      const handing = record;
      await untilDone(() => work.handle(handing), { signal, failed: (error) => work.failed(error, handing) });
      if (signal.aborted) return; // what was handled after all comes again to whoever has the partition now
      lane.waiting.shift();
      work.handled({ ...lane.spot, offset: record.offset + 1 });
      if (!lane.paused || lane.waiting.length > WAITING_MAX / 2) continue;
      lane.paused = false;
      work.resume(lane.spot);
    }
  };
  const run = (lane: Lane): void => { lane.running ??= handleAll(lane).finally(() => { lane.running = null; if (lane.waiting.length > 0 && !lane.lost.signal.aborted) run(lane); }); };
  const lose = (lane: Lane): void => {
    lane.lost.abort();
    lane.waiting = [];
  };

  return {
    assign(spots) {
      const former = lanes;
      for (const lane of former.values()) lose(lane);
      ending = Promise.all([ending, ...[...former.values()].map(({ before, running }) => running ?? before)]);
      lanes = new Map(spots.map((spot): [string, Lane] => {
        const last = former.get(nameOf(spot));
        return [nameOf(spot), { spot, waiting: [], before: last?.running ?? last?.before, running: null, lost: new AbortController(), paused: false }];
      }));
    },
    take(records) {
      const lane = records[0] && lanes.get(nameOf(records[0]));
      if (!lane) return;
      lane.waiting.push(...records);
      run(lane);
      if (lane.paused || lane.waiting.length < WAITING_MAX) return;
      lane.paused = true;
      work.pause(lane.spot);
    },
    async close() {
      const open = [...lanes.values()];
      lanes = new Map(); // the reader still brings some until it has left
      for (const lane of open) lose(lane);
      await Promise.all([ending, ...open.map(({ before, running }) => running ?? before)]);
    },
  };
}
