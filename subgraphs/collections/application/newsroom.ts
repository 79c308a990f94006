/**
 * Where all who follow items in this process hear of them: one tail of the log, handed on to those of the tenant that it
 * happened in. Who comes back with a position reads from there at their own pace, with a tail of their own, and changes
 * over as soon as nothing lies between the two.
 */
import { AtlasError } from '../../../platform/errors.ts';
import type { Envelope } from '../../../platform/event.ts';
import type { CollectionId, TenantId } from '../../../platform/ids.ts';
import type { EventLog, Reading } from '../domain/ports.ts';
import { Follower } from './follower.ts';
import { NEWS_TYPES, newsIn, type News } from './item-news.ts';

export interface Newsroom {
  /** Follows from now on, or after a position, until they leave. */
  enter(given: { tenantId: TenantId; collectionId: CollectionId | null; after: number | null }): Follower;
  leave(follower: Follower): void;
  /** Those who follow at this moment: from the common tail, and still with one of their own. */
  count(): { live: number; behind: number };
  stop(): void;
}

export function openNewsroom({ events, waitingMax }: { events: EventLog<Envelope>; waitingMax: number }): Newsroom {
  const live = new Map<TenantId, Set<Follower>>();
  const behind = new Map<Follower, Reading>();
  let common: Reading | undefined;
  /** What the common tail handed on last: whoever has everything up to here misses nothing by joining. */
  let last = 0;

  const join = (follower: Follower) => {
    const others = live.get(follower.tenantId) ?? new Set();
    live.set(follower.tenantId, others.add(follower));
  };
  const leave = (follower: Follower) => {
    follower.end();
    const others = live.get(follower.tenantId);
    others?.delete(follower);
    if (others?.size === 0) live.delete(follower.tenantId);
    void behind.get(follower)?.stop();
    behind.delete(follower);
  };
  const catchUp = (follower: Follower) => {
    void behind.get(follower)?.stop();
    if (behind.delete(follower) && !follower.isOver) join(follower);
  };

  const handOn = (news: News) => {
    // Nothing between here and there: what a tail of their own has passed over was not for followers.
    for (const [follower, tail] of behind) if (Number(tail.place()) >= last) catchUp(follower);
    last = news.position;
    for (const follower of live.get(news.tenantId) ?? []) {
      follower.tell(news);
      if (follower.isOver) leave(follower);
    }
  };
  const listen = () => {
    common = events.tail(NEWS_TYPES, async (event, position) => {
      const news = newsIn(event, position);
      if (news) handOn(news);
    });
    last = Number(common.place());
  };
  const readFor = (follower: Follower, after: number) => {
    const tail = events.tail(NEWS_TYPES, async (event, position) => {
      if (!behind.has(follower)) return;
      const news = newsIn(event, position);
      if (news) await follower.retell(news);
      if (Number(position) >= last) catchUp(follower);
    }, String(after), () => follower.end(new AtlasError('CURSOR_EXPIRED')));
    behind.set(follower, tail);
  };

  return {
    enter({ tenantId, collectionId, after }) {
      if (!common) listen();
      const follower = new Follower(tenantId, collectionId, after ?? 0, waitingMax);
      if (after === null) join(follower);
      else readFor(follower, after);
      return follower;
    },
    leave,
    count: () => ({ live: [...live.values()].reduce((sum, { size }) => sum + size, 0), behind: behind.size }),
    stop() {
      for (const follower of [...[...live.values()].flatMap((each) => [...each]), ...behind.keys()]) {
        follower.end(new AtlasError('SHUTTING_DOWN'));
        leave(follower);
      }
      void common?.stop();
    },
  };
}
