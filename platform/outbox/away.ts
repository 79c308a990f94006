/**
 * Whether a failure says anything against the event. Without the database it does not, nor while a neighbour that has to be
 * asked answers nobody: the event is handed over again. A neighbour that has just answered about others is not away, and one
 * event does not hold up its lane for longer than a minute for the sake of a neighbour.
 */
import { DatabaseAway } from '../database/faults.ts';
import { AtlasError } from '../errors.ts';
import { NeighbourAway } from '../reach/line.ts';

const WAIT_MAX_MS = 60_000;
/** What was answered longer ago was answered before the neighbour went. */
const JUST_NOW_MS = 2_000;

export interface Away {
  handled(eventId: string): void;
  /** `since`: when its tries began. */
  isToBlame(eventId: string, error: unknown, since: number): boolean;
}

export function openAway(waitMaxMs = WAIT_MAX_MS): Away {
  const waiting = new Map<string, number>();
  let handledAt = -Infinity;
  return {
    handled(eventId) {
      handledAt = performance.now();
      waiting.delete(eventId);
    },
    isToBlame(eventId, error, since) {
      if (error instanceof DatabaseAway) return false;
      const begun = waiting.get(eventId) ?? since;
      const now = performance.now();
      // Not every event that is handled needed the neighbour: its line knows best, where it is the line that failed.
      const thereAt = error instanceof NeighbourAway ? error.answeredAt : handledAt;
      const isAway = thereAt < Math.max(since, now - JUST_NOW_MS);
      const waits = error instanceof AtlasError && error.code === 'SUBGRAPH_UNAVAILABLE' && isAway && now - begun < waitMaxMs;
      if (waits) waiting.set(eventId, begun);
      else waiting.delete(eventId);
      return !waits;
    },
  };
}
