/**
 * An index elsewhere whose form has changed: the next one is filled from all documents beside the one that answers, then
 * takes its place. What the old one heard while they changed places, the new one is told again.
 */
import type { TenantId } from '../../../platform/ids.ts';
import type { Look, Work } from '../../../platform/work.ts';
import type { Due, Ports } from '../domain/document-ports.ts';
import type { KeywordIndex } from '../domain/ports.ts';
import { selfIn } from './hear-items.ts';

export interface Versions {
  ready(): Promise<{ isOutdated: boolean }>;
  next(): Promise<{ index: KeywordIndex; takeOver(): Promise<void>; drop(): Promise<void> }>;
}
interface Given { versions: Versions; follower: string; due: Due; look: Look<Ports>; work: Work<Ports>; signal: AbortSignal }

/** One process at a time: whoever has this turn, in the first tenant, does it for all. */
const RENEWER = 'renewal of words';
const TURN_SECONDS = 3_600;

/** A round of a loop. */
export const renewWords = (given: Given) => async (): Promise<void> => {
  if (!(await given.versions.ready()).isOutdated) return;
  const [first] = await given.due.all();
  if (!first) return void (await (await given.versions.next()).takeOver());
  const stand = await given.work(selfIn(first), ({ followers }) => followers.take(RENEWER, TURN_SECONDS));
  if (!stand) return;
  try {
    await renewed(given);
  } finally {
    await given.work(selfIn(first), ({ followers }) => followers.leave(RENEWER, stand, stand));
  }
};

async function renewed({ versions, follower, due, look, work, signal }: Given): Promise<void> {
  const next = await versions.next();
  const filled = new Map<TenantId, bigint>();
  // Twice: what has changed during the first time is little by the second.
  for (let round = 0; round < 2; round += 1) {
    for (const tenantId of await due.all()) {
      // Up to a fixed change: a tenant that never rests would never be done.
      const last = await look(selfIn(tenantId), ({ documents }) => documents.seq());
      for (let after = filled.get(tenantId) ?? 0n; after < last; filled.set(tenantId, after)) {
        signal.throwIfAborted();
        const { docs, upTo } = await look(selfIn(tenantId), ({ documents }) => documents.since(after));
        if (docs.length > 0) await next.index.apply(tenantId, docs);
        after = upTo;
      }
    }
  }
  await next.takeOver();
  for (const tenantId of await due.all()) await work(selfIn(tenantId), ({ followers }) => followers.goBack(follower, filled.get(tenantId) ?? 0n));
}
