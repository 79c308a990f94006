/**
 * Who a token or a key is, remembered until something happens to it. The tail of the event log says what did; as long
 * as it is known to be fresh, nothing that is remembered can have been taken back unheard. When it is not (the database
 * is away, the writer hangs), what was asked less than a moment ago is believed and everything else is asked again: a
 * revocation is felt within a second either way.
 *
 * What is remembered carries the place in the log up to which its asker had heard; a revocation behind that place undoes
 * it, whichever process asked. So no clock of another machine is believed.
 */
import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Resources } from '../../platform/service.ts';
import { REVOKED_BY } from './revoked.ts';

/** What was found, what it is about (`revoked.ts` names what undoes it), and when it ends by itself. */
export interface Finding<T> { value: T; about: readonly string[]; endsAt: string | null }
export type Remember = <T>(key: string, find: () => Promise<Finding<T> | null>) => Promise<T | null>;

/** `at`: by the clock of the process that asked, which `by` names. */
interface Kept { finding: Finding<unknown>; place: number; at: number; by: string }
interface Asking { at: number; found: Promise<unknown> }

/** The tail is fresh when everything that was committed longer ago than this has been heard. */
const FRESH_MS = 600;
/** How long something is believed without it. */
const UNHEARD_MS = 700;
const UNDONE_MAX = 100_000;

export function openMemory(given: Pick<Resources, 'cache' | 'events' | 'settings'>): Remember {
  const { cache, events, settings } = given;
  const me = randomUUID();
  const running = new Map<string, Asking>();
  const undone = new LRUCache<string, number>({ max: UNDONE_MAX, dispose: (place, _, why) => { if (why === 'evict') forgotten = Math.max(forgotten, place); } });
  const tail = events.tail(Object.keys(REVOKED_BY), async (event, position) => {
    for (const about of REVOKED_BY[event.type]!(event.body as never)) undone.set(about, Number(position));
  });
  /** What happened up to here was not heard, or no longer stands above: what was remembered before is asked again. */
  let forgotten = Number(tail.place());

  const isOfThisMoment = ({ at, by }: Pick<Kept, 'at' | 'by'>): boolean => by === me && performance.now() - at < UNHEARD_MS;
  const holds = ({ finding: { about, endsAt }, place, at, by }: Kept): boolean => {
    if (endsAt !== null && Date.now() >= Date.parse(endsAt)) return false;
    if (!isOfThisMoment({ at, by }) && tail.behindMs() > FRESH_MS) return false;
    return place >= forgotten && about.every((one) => (undone.get(one) ?? -1) <= place);
  };

  return async <T>(key: string, find: () => Promise<Finding<T> | null>): Promise<T | null> => {
    // Whoever comes when a question has been on its way for long may come after what its answer has not seen.
    const same = running.get(key);
    if (same && isOfThisMoment({ at: same.at, by: me })) return same.found as Promise<T | null>;
    // Its time began when it was asked: an answer that was long on its way is old when it comes.
    const before = { place: Number(tail.place()), at: performance.now(), by: me };
    const found = (async () => {
      const text = await cache.get(key);
      const kept = text === null ? null : JSON.parse(text) as Kept;
      if (kept && holds(kept)) return kept.finding.value as T;
      const finding = await find();
      // What was refused is asked again: whoever just joined or signed in is not kept waiting.
      const leftMs = settings.VIEWER_CACHE_MS - (performance.now() - before.at);
      if (finding && leftMs > 0) await cache.set(key, JSON.stringify({ finding, ...before } satisfies Kept), leftMs);
      return finding?.value ?? null;
    })();
    const asking: Asking = { at: before.at, found };
    running.set(key, asking);
    return found.finally(() => { if (running.get(key) === asking) running.delete(key); });
  };
}
