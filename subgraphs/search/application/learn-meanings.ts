import type { TenantId } from '../../../platform/ids.ts';
import type { Work } from '../../../platform/work.ts';
import type { Due, Ports } from '../domain/document-ports.ts';
import { selfIn } from './hear-items.ts';

/** Looks after tenants whose documents have changed since it last did; its place in the changes goes by this. */
const LEARNER = 'meanings in each language';
/** To learn may take minutes; whoever dies over it keeps others from it for so long. */
const TURN_SECONDS = 900;

interface Given { work: Work<Ports>; due: Due; learn: (tenantId: TenantId) => Promise<boolean> }

/** A round of a loop. `learn` decides whether there is enough that is new, and has the documents placed again when it has learned. */
export const learnMeanings = (given: Given) => async (): Promise<void> => {
  const failures: unknown[] = [];
  // One tenant's trouble keeps no other waiting.
  for (const tenantId of await given.due.of(LEARNER)) await learnOf(tenantId, given).catch((error: unknown) => { failures.push(error); });
  if (failures.length > 0) throw failures[0];
};

async function learnOf(tenantId: TenantId, given: Given): Promise<void> {
  const taken = await given.work(selfIn(tenantId), async ({ followers, documents }) => {
    const seq = await documents.seq();
    const stand = await followers.take(LEARNER, TURN_SECONDS);
    return stand && { stand, seq };
  });
  if (!taken) return;
  let to = taken.stand.seq;
  try {
    await given.learn(tenantId);
    to = taken.seq;
  } finally {
    await given.work(selfIn(tenantId), ({ followers }) => followers.leave(LEARNER, taken.stand, { seq: to, anew: null }));
  }
}
