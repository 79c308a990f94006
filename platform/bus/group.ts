/**
 * One group in this process: it reads the feed for the lanes it holds, and handles each lane in order, lanes side by
 * side. It reads no further ahead than a bounded number of events; one that fails is handed over again, and holds up its
 * own lane only.
 */
import type { Log } from '../log.ts';
import type { Handler, Types } from './bus.ts';
import { eventOf, type Entry, type Feed } from './feed.ts';
import type { LaneHolder } from './leases.ts';
import { untilDone } from './until-done.ts';

const AHEAD_MAX = 1_000;

interface Lane {
  /** Everything up to here is handled, or does not concern the group. */
  handled: number;
  /** Everything up to here is in the queue, or was. */
  read: number;
  queue: Entry[];
  running: Promise<void> | null;
  /** Concerned by an event since its place was last written. */
  busy: boolean;
  /** Aborted: no further event is begun, and none is handed over again. */
  lost: AbortController;
}

export interface Group extends LaneHolder {
  /** Reads nothing more; what it has begun ends as its lanes are given back. */
  stop(): void;
}

export function openGroup(given: { name: string; types: Types; handler: Handler; feed: Feed; log: Log }): Group {
  const { name, handler, feed, log } = given;
  const all = given.types.includes('*');
  const types = new Set(given.types);
  const lanes = new Map<number, Lane>();
  let readTo = Infinity;
  let ahead = 0;
  let reading = false;
  let stopped = false;

  const handleLane = async (lane: Lane): Promise<void> => {
    for (let entry = lane.queue[0]; entry && !lane.lost.signal.aborted; entry = lane.queue[0]) {
      if (!await handled(entry, lane)) return;
      if (lane.queue[0] === entry) { // otherwise the lane was lost in the meantime
        lane.queue.shift();
        ahead -= 1;
      }
      lane.handled = Math.max(lane.handled, entry.position);
      if (ahead < AHEAD_MAX / 2) void read();
    }
    if (lane.queue.length === 0) lane.handled = Math.max(lane.handled, lane.read);
  };
  const handled = (entry: Entry, { lost }: Lane): Promise<boolean> => untilDone(() => handler(eventOf(entry), String(entry.position)), {
    signal: lost.signal,
    failed: (error) => log.warn({ err: error, group: name, type: entry.type, position: entry.position }, 'An event could not be taken over; it is handed over again.'),
  });
  const run = (lane: Lane) => { lane.running ??= handleLane(lane).finally(() => { lane.running = null; if (!lane.lost.signal.aborted && lane.queue.length > 0) run(lane); }); };

  const sort = (entries: readonly Entry[]): void => {
    const last = entries.at(-1)!.position;
    for (const entry of entries) {
      const lane = lanes.get(entry.lane);
      if (!lane || lane.lost.signal.aborted || entry.position <= lane.read || !(all || types.has(entry.type))) continue;
      lane.queue.push(entry);
      lane.busy = true;
      ahead += 1;
    }
    for (const lane of lanes.values()) {
      if (lane.lost.signal.aborted || last <= lane.read) continue;
      lane.read = last;
      if (lane.queue.length > 0) run(lane);
      else if (!lane.running) lane.handled = last;
    }
    readTo = last;
  };
  const read = async (): Promise<void> => {
    if (reading || stopped || lanes.size === 0) return;
    reading = true;
    try {
      while (!stopped && lanes.size > 0 && ahead < AHEAD_MAX) {
        const from = readTo;
        const entries = await feed.read(from);
        if (from !== readTo) continue; // a lane came in the meantime that is further back
        if (entries.length === 0) return;
        sort(entries);
      }
    } catch (error) {
      log.debug({ err: error, group: name }, 'The event log could not be read; it will be tried again.');
    } finally {
      reading = false;
    }
  };
  const unsubscribe = feed.onGrown(() => void read());

  const lose = (number: number): void => {
    const lane = lanes.get(number);
    if (!lane) return;
    lane.lost.abort();
    ahead -= lane.queue.length;
    lane.queue = [];
    lanes.delete(number);
  };
  return {
    name,
    held: () => [...lanes.keys()],
    take(number, position) {
      lanes.set(number, { handled: position, read: position, queue: [], running: null, busy: false, lost: new AbortController() });
      readTo = lanes.size === 1 ? position : Math.min(readTo, position);
      void read();
    },
    lose,
    async finish(number) {
      const lane = lanes.get(number);
      if (!lane) return;
      lane.lost.abort();
      await lane.running;
    },
    progress: (idle) => [...lanes].filter(([, lane]) => idle || lane.busy).map(([number, lane]) => {
      if (lane.queue.length === 0) lane.busy = false;
      return { lane: number, position: lane.handled };
    }),
    stop() {
      stopped = true;
      unsubscribe();
    },
  };
}
