/**
 * Writes down what happens while an answer is made, as long as its run is held by this process. What comes while something
 * is being written is written together, and no more often than every so many milliseconds: the first token goes out at once.
 */
import type { AnswerEvent, AnswerEventBody } from '../domain/answer-event.ts';

const EVERY_MS = 30;
const TOGETHER_MAX = 64;

export class Transcript {
  private waiting: AnswerEventBody[] = [];
  private writing: Promise<void> | null = null;
  private failed: unknown = null;

  constructor(private readonly append: (events: readonly AnswerEventBody[]) => Promise<AnswerEvent[]>) {}

  /** Those that are added in one moment are written together or not at all. */
  add(...events: readonly AnswerEventBody[]): void {
    for (const event of events) this.waiting = joined(this.waiting, event);
    this.writing ??= this.write().catch((error: unknown) => { this.failed = error; }).finally(() => { this.writing = null; });
  }
  /** Resolves when there is room for more, throws what kept something from being written. */
  async room(): Promise<void> {
    if (this.failed) throw this.failed as Error;
    if (this.waiting.length >= TOGETHER_MAX) await this.flush();
  }
  async flush(): Promise<void> {
    while (this.writing) await this.writing;
    if (this.failed) throw this.failed as Error;
  }

  private async write(): Promise<void> {
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      const since = performance.now();
      await this.append(batch);
      const restMs = EVERY_MS - (performance.now() - since);
      if (restMs > 0 && this.waiting.length < TOGETHER_MAX) await new Promise((resolve) => { setTimeout(resolve, restMs); });
    }
  }
}

/** Pieces of text that follow one another are one. */
function joined(events: AnswerEventBody[], next: AnswerEventBody): AnswerEventBody[] {
  const last = events.at(-1);
  if (last && (next.kind === 'token' || next.kind === 'held') && last.kind === next.kind && last.raw.length < 2_000) {
    events[events.length - 1] = { kind: next.kind, text: last.text + next.text, raw: last.raw + next.raw, pieces: last.pieces + next.pieces };
  } else events.push(next);
  return events;
}
