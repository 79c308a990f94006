/**
 * How far a replica must have come before a caller may read there: to where the caller's own last change was committed.
 * Known to this process at once, and to all of them through Redis. It is kept for as long as a replica that is in use can
 * be behind; after that it says nothing any more. Not in the cache (platform/cache.ts): that one may lose anything and
 * says nothing when it is away, and here "nothing was written" and "nobody knows" are two answers.
 */
import { UNKNOWN } from './positions.ts';
import type { SharedPositions } from './shared-positions.ts';

export interface Written {
  /** 0: anywhere. UNKNOWN: nowhere but on the primary. */
  by(principal: string): Promise<number>;
  /** Resolves when all processes know, or when they will find out that they do not. */
  note(principals: readonly string[], position: number): Promise<void>;
  close(): Promise<void>;
}

interface Mark { position: number; untilMs: number }

export function written(given: { keepMs: number; shared: SharedPositions | null; principalsMax?: number }): Written {
  const { keepMs, shared, principalsMax = 50_000 } = given;
  const marks = new Map<string, Mark>();
  /** What was forgotten for want of room holds for everybody. */
  let forgotten: Mark = { position: 0, untilMs: 0 };

  const standing = (mark: Mark | undefined): number => (mark && mark.untilMs > performance.now() ? mark.position : 0);
  const higher = (mark: Mark | undefined, position: number): Mark => ({ position: Math.max(standing(mark), position), untilMs: performance.now() + keepMs });
  const keep = (principal: string, position: number): void => {
    const mark = higher(marks.get(principal), position);
    marks.delete(principal); // and comes last, so that the first is the one that was noted longest ago
    marks.set(principal, mark);
    for (const [first, { position: theirs, untilMs }] of marks) {
      const isOver = untilMs <= performance.now();
      if (!isOver && marks.size <= principalsMax) break;
      marks.delete(first);
      if (!isOver) forgotten = higher(forgotten, theirs);
    }
  };

  return {
    async by(principal) {
      const here = Math.max(standing(marks.get(principal)), standing(forgotten));
      return shared && here < UNKNOWN ? Math.max(here, await shared.read(principal)) : here;
    },
    async note(principals, position) {
      for (const principal of principals) keep(principal, position);
      await shared?.raise(principals, position);
    },
    close: async () => shared?.close(),
  };
}
