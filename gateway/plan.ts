/** Checks and plans documents in a thread of its own, one document after the other; the event loop only waits. */
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { QueryPlan } from '@apollo/query-planner';
import { AtlasError } from '../platform/errors.ts';
import type { Described, Planned, ToPlan } from './plan/thread.ts';

export interface Planner {
  readonly described: Described;
  /** Rejects with GRAPHQL_VALIDATION_FAILED, or OVERLOADED when too many documents wait already. */
  plan(wanted: ToPlan): Promise<{ plan: QueryPlan; pretty: string }>;
  close(): Promise<void>;
}

/** Documents that may wait for their plan; more come back later. */
const WAITING_MAX = 1_000;

/** From source the thread brings its own loader along; built, it is JavaScript like the rest. */
const THREAD = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './plan/thread.mjs' : './plan/thread.js', import.meta.url));

/** Rejects with what is wrong with the supergraph. */
export async function openPlanner(sdl: string): Promise<Planner> {
  const thread = new Piscina({ filename: THREAD, minThreads: 1, maxThreads: 1, maxQueue: WAITING_MAX, workerData: { sdl }, recordTiming: false });
  thread.on('error', () => undefined); // whoever waits for the thread is told
  try {
    const described = (await thread.run(null, { name: 'describe' })) as Described;
    return {
      described,
      async plan(wanted) {
        if (thread.queueSize >= WAITING_MAX) throw new AtlasError('OVERLOADED', 'Too many new documents wait to be planned; try again shortly.');
        const planned = (await thread.run(wanted, { name: 'plan' })) as Planned;
        if ('plan' in planned) return planned;
        const [first] = planned.faults;
        throw new AtlasError('GRAPHQL_VALIDATION_FAILED', first?.message, { faults: planned.faults });
      },
      // What was asked of it is still planned.
      close: () => thread.close(),
    };
  } catch (cause) {
    await thread.destroy();
    throw cause;
  }
}
