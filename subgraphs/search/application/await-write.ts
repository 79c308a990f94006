/** Waits until what a write told has been heard, for as long as anybody waits for an answer. */
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Ports } from '../domain/document-ports.ts';
import { HEARD } from './on-collections-told.ts';
import { tenantOf } from './tenant-of.ts';

/** What a write's token says; throws for one that is none. */
export interface Writes { open(token: string, tenantId: string | null): { at: Date; told: readonly { id: string; type: string }[] } }
/** Until when somebody waits, on this process's own clock. */
export interface Patience { untilMs: number; pause(): Promise<void> }
/** `seq`: documents up to there have to be in the answer; null when nothing has to. */
export interface Awaited { isHeard: boolean; seq: bigint | null }
export type AwaitWrite = ReturnType<typeof awaitWrite>;

const TYPES: ReadonlySet<string> = new Set(HEARD.map(({ type }) => type));
export const WAIT_MS = 2_000;
/** What was handled so long ago is forgotten at last. */
const REMEMBERED_MS = 30 * 86_400_000;
const FIRST_PAUSE_MS = 10;
const PAUSE_MAX_MS = 100;

export function patience(): Patience {
  let pauseMs = FIRST_PAUSE_MS;
  return {
    untilMs: performance.now() + WAIT_MS,
    pause() {
      const ms = pauseMs;
      pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 1.5);
      return new Promise((resolve) => { setTimeout(resolve, ms); });
    },
  };
}

export const awaitWrite = ({ look, writes }: { look: Look<Ports>; writes: Writes }) => async (viewer: Viewer, token: string | null, waiting: Patience): Promise<Awaited> => {
  if (token === null) return { isHeard: true, seq: null };
  const { at, told } = writes.open(token, tenantOf(viewer));
  const awaited = told.filter(({ type }) => TYPES.has(type)).map(({ id }) => id);
  if (awaited.length === 0 || Date.now() - at.getTime() > REMEMBERED_MS) return { isHeard: true, seq: null };
  for (;;) {
    const seq = await look(viewer, async ({ handled, documents }) => (await handled.all(awaited) ? documents.seq() : null));
    if (seq !== null) return { isHeard: true, seq };
    if (performance.now() > waiting.untilMs) return { isHeard: false, seq: null };
    await waiting.pause();
  }
};
