/**
 * Whatever keeps something of its own of the documents is told of their changes, in their order, stretch by stretch. One
 * that does not answer is told later from where it stood, and nobody else waits for it.
 */
import type { TenantId } from '../../../platform/ids.ts';
import type { Look, Work } from '../../../platform/work.ts';
import type { Due, Ports, Stand } from '../domain/document-ports.ts';
import type { Doc } from '../domain/ports.ts';
import { selfIn } from './hear-items.ts';
import type { MakeAnew } from './rank.ts';

export interface Follower {
  /** Its place in the changes goes by it: another name begins at the first. */
  readonly name: string;
  /** What the names of all begin with that keep theirs in the same place: whoever comes there has what others kept replaced, who begin at the first when they come back. */
  readonly place?: string;
  /** In the order of their seq; the same twice is once. */
  apply(tenantId: TenantId, docs: readonly Doc[]): Promise<void>;
}
interface Given { work: Work<Ports>; look: Look<Ports>; due: Due }

/** Whoever dies over a stretch keeps others from it for so long. */
const TURN_SECONDS = 30;
const PAUSE_MS = 200;
/** One that fails so often in a round does not answer anybody; a single tenant that cannot be told keeps nobody waiting. */
const FAILURES_MAX = 3;
/** Whoever stops waits for a round to end. */
const ROUND_MS = 5_000;

/** A round of a loop: true when there is more to do at once. The first that goes wrong is thrown when all have had their turn. */
export const followDocuments = (followers: readonly Follower[], given: Given) => async (): Promise<boolean> => {
  let more = false;
  const failures: unknown[] = [];
  const until = performance.now() + ROUND_MS;
  for (const follower of followers) {
    let failed = 0;
    for (const tenantId of anyFirst(await given.due.of(follower.name))) {
      await oneStretch(follower, tenantId, given).then((done) => { more = done === 'more' || more; }, (error: unknown) => { failed += 1; failures.push(error); });
      if (failed === FAILURES_MAX || performance.now() > until) break;
    }
  }
  if (failures.length > 0) throw failures[0];
  return more;
};

const anyFirst = <T>(list: readonly T[]): T[] => {
  const from = Math.floor(Math.random() * list.length);
  return [...list.slice(from), ...list.slice(0, from)];
};

/** One follower told everything of a tenant again. */
export const tellAnew = (follower: Follower, given: Given): MakeAnew => async (tenantId, noted) => {
  const self = selfIn(tenantId);
  await given.work(self, ({ followers }) => followers.beginAnew(follower.name));
  for (;;) {
    const done = await oneStretch(follower, tenantId, given);
    const { seq, anew } = await given.look(self, ({ followers }) => followers.stand(follower.name));
    if (anew === null) return;
    await noted(seq === 0n ? 0 : Number(anew) / Number(seq));
    if (done === 'held') await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
  }
};

/** What is new, and a stretch of what is told again: neither waits for the other. */
async function oneStretch(follower: Follower, tenantId: TenantId, { work, look }: Given): Promise<'done' | 'more' | 'held'> {
  const self = selfIn(tenantId);
  const stand = await work(self, async ({ followers }) => {
    if (follower.place) await followers.replace(follower.place, follower.name);
    return followers.take(follower.name, TURN_SECONDS);
  });
  if (!stand) return 'held';
  let to: Pick<Stand, 'seq' | 'anew'> = stand;
  const told = async (after: bigint): Promise<bigint> => {
    const { docs, upTo } = await look(self, ({ documents }) => documents.since(after));
    if (docs.length > 0) await follower.apply(tenantId, docs);
    return upTo;
  };
  try {
    to = { ...to, seq: await told(stand.seq) };
    if (stand.anew !== null) {
      const upTo = await told(stand.anew);
      to = { ...to, anew: upTo >= to.seq ? null : upTo };
    }
  } finally {
    await work(self, ({ followers }) => followers.leave(follower.name, stand, to));
  }
  const newest = await look(self, ({ documents }) => documents.seq());
  return to.anew !== null || to.seq < newest ? 'more' : 'done';
}

/** Documents that say nothing any more are forgotten once everybody has heard that they do. */
export const forgetGone = (followers: readonly Follower[], { work, due }: Pick<Given, 'work' | 'due'>) => async (): Promise<void> => {
  const names = followers.map(({ name }) => name);
  for (const tenantId of await due.all()) await work(selfIn(tenantId), async (ports) => ports.documents.forgetGone(await ports.followers.passed(names)));
};
