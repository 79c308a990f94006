/**
 * How one supergraph takes over from another without anybody noticing: the new one has planned what is asked most
 * before it serves, and the old one's planner stays until whoever came just before has got what they need of it.
 */
import type { Planner } from '../plan.ts';

/** The documents asked for last; the rest are planned when they come. */
const WARM_MAX = 200;
/** Between preparing a document and running it a request asks the edge's policy and nothing slower. */
const LINGER_MS = 2_000;

/** `documents` by when they were last asked for, newest first. What the new one does not know any more is refused when it comes. */
export async function warm(documents: Iterable<string>, prepare: (document: string) => Promise<unknown>): Promise<void> {
  let left = WARM_MAX;
  for (const document of [...documents]) {
    if ((left -= 1) < 0) return;
    await prepare(document).catch(() => undefined);
  }
}

export interface Retired {
  add(planner: Planner): void;
  close(): Promise<void>;
}

export function retired(): Retired {
  const lingering = new Map<NodeJS.Timeout, Planner>();
  return {
    add(planner) {
      const timer = setTimeout(() => {
        lingering.delete(timer);
        void planner.close();
      }, LINGER_MS).unref();
      lingering.set(timer, planner);
    },
    async close() {
      const planners = [...lingering.values()];
      for (const timer of lingering.keys()) clearTimeout(timer);
      lingering.clear();
      await Promise.all(planners.map((planner) => planner.close()));
    },
  };
}
