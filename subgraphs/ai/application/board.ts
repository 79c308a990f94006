/**
 * Where those who follow answers in this process hear that there is more: from the run itself when it is here, with what
 * it has just added, and otherwise by the word that the database passes on. Whoever missed something reads the log.
 */
import type { AnswerEvent } from '../domain/answer-event.ts';
import type { AnswerId } from '../../../platform/ids.ts';

const KEPT_MAX = 500;

export class Seat {
  private kept: AnswerEvent[] = [];
  private isStale = true;
  private wake: () => void = () => undefined;

  constructor(readonly answerId: AnswerId) {}

  /** Added in this process; committed. */
  tell(events: readonly AnswerEvent[]): void {
    if (this.kept.length + events.length > KEPT_MAX) this.kept = [];
    this.kept.push(...events);
    this.wake();
  }
  /** There may be more up to this number, or nobody knows how much. */
  hint(seq: number | null): void {
    if (seq !== null && seq <= (this.kept.at(-1)?.seq ?? 0)) return;
    this.isStale = true;
    this.wake();
  }
  /** What follows a number without a gap, as far as it is at hand; null: the log has to be read. */
  take(after: number): AnswerEvent[] | null {
    const next = this.kept.filter(({ seq }) => seq > after);
    this.kept = [];
    if (next.length > 0 && next[0]!.seq === after + 1) return next;
    if (next.length === 0 && !this.isStale) return [];
    this.isStale = false;
    return null;
  }
  /** Until there may be more, and for so long at most. */
  async wait(ms: number): Promise<void> {
    if (this.kept.length > 0 || this.isStale) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => { clearTimeout(timer); resolve(); };
    });
    this.wake = () => undefined;
  }
}

export interface Board {
  enter(answerId: AnswerId): Seat;
  leave(seat: Seat): void;
  tell(answerId: AnswerId, events: readonly AnswerEvent[]): void;
  hint(answerId: AnswerId, seq: number | null): void;
  hintAll(): void;
}

export function openBoard(): Board {
  const seats = new Map<AnswerId, Set<Seat>>();
  const at = (answerId: AnswerId) => seats.get(answerId) ?? [];
  return {
    enter(answerId) {
      const seat = new Seat(answerId);
      seats.set(answerId, (seats.get(answerId) ?? new Set()).add(seat));
      return seat;
    },
    leave(seat) {
      const all = seats.get(seat.answerId);
      all?.delete(seat);
      if (all?.size === 0) seats.delete(seat.answerId);
      seat.hint(null);
    },
    tell(answerId, events) { for (const seat of at(answerId)) seat.tell(events); },
    hint(answerId, seq) { for (const seat of at(answerId)) seat.hint(seq); },
    hintAll() { for (const all of seats.values()) for (const seat of all) seat.hint(null); },
  };
}
