/**
 * How old what is known of the log is. The writer says: at this time of the database's clock the log went as far as this.
 * Clocks of two machines differ, so the shortest way that any of its words has taken stands for the difference; a word
 * that took longer waited somewhere, and is that much older.
 */
const KEPT_MAX = 400;

interface Mark { position: number; at: number; away: number }

export interface Watermarks {
  /** `at` is null when there may be more that is not in the log yet. */
  heard(position: number, at: number | null): void;
  /** Nothing is heard at the moment. */
  lost(): void;
  behindMs(position: number): number;
  silentMs(): number;
}

export function openWatermarks(now: () => number = () => performance.now()): Watermarks {
  let marks: Mark[] = [];
  let heardAt = now();
  const shortestWay = () => marks.reduce((least, { away }) => Math.min(least, away), Infinity);
  return {
    heard(position, at) {
      heardAt = now();
      if (at === null) return;
      marks.push({ position, at, away: heardAt - at });
      if (marks.length > KEPT_MAX) marks = marks.slice(KEPT_MAX / 2);
    },
    lost() {
      marks = [];
    },
    behindMs(position) {
      const reached = marks.findLast((mark) => mark.position <= position);
      return reached ? now() - (reached.at + shortestWay()) : Infinity;
    },
    silentMs: () => now() - heardAt,
  };
}
