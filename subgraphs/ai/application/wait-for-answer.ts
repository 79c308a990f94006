import type { AnswerId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import type { Board } from './board.ts';

const LOOK_MS = 1_000;

/** Resolves when it is over, or waits for somebody, or nobody waits for it any more; whoever reads it then sees how far it is. */
export async function waitForAnswer(viewer: Viewer, answerId: AnswerId, { look, board, forMs, signal }: { look: Look<Ports>; board: Board; forMs: number; signal: AbortSignal | null }): Promise<void> {
  const seat = board.enter(answerId);
  const until = performance.now() + forMs;
  try {
    while (!signal?.aborted) {
      const leftMs = until - performance.now();
      const [answer] = await look(viewer, ({ answers }) => answers.byIds([answerId], viewer.id));
      if (answer?.state !== 'STREAMING' || leftMs <= 0) return;
      seat.take(0);
      await seat.wait(Math.min(leftMs, LOOK_MS));
    }
  } finally {
    board.leave(seat);
  }
}
