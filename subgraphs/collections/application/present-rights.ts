/**
 * Who may see which collections at this moment, for those who follow items. All who ask within one tenant at once, whoever
 * they are, are answered by one statement; while it runs, the next ones gather. It begins after they have asked, so it
 * knows of everything that was committed before what they ask about.
 */
import type { CollectionId, TenantId, UserId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look, Scope } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import { administers } from '../domain/role.ts';
import { EVERYONE, type Who } from '../domain/share.ts';
import { tenantOf } from './reach-collection.ts';

export interface Sight {
  sees(id: CollectionId): boolean;
  /** Whether it still says how things are: for a moment only. */
  isFresh(): boolean;
}
export interface PresentRights { of(viewer: Viewer, ids: Iterable<CollectionId>): Promise<Sight> }

const FRESH_MS = 250;

interface Found { at: number; parts: ReadonlyMap<CollectionId, ReadonlySet<Who>> }
interface Round { ids: Set<CollectionId>; people: Set<UserId>; found: Promise<Found> }

export function presentRights({ look }: { look: Look<Ports> }): PresentRights {
  const gathering = new Map<TenantId, Round>();
  const running = new Map<TenantId, Promise<unknown>>();

  const lookUp = async (tenantId: TenantId, round: Pick<Round, 'ids' | 'people'>, before: Promise<unknown> | undefined): Promise<Found> => {
    await before?.catch(() => undefined);
    await new Promise((resolve) => { setImmediate(resolve); }); // whoever heard of the same event asks now
    const own = gathering.get(tenantId)!;
    gathering.delete(tenantId);
    running.set(tenantId, own.found);
    const at = performance.now();
    // Past the shares: it is decided here, for many at once, what each of them may see.
    const scope: Scope = { kind: 'system', id: 'system:collections', userId: null, tenantId };
    try {
      return { at, parts: await look(scope, ({ shares }) => shares.parts([...round.ids], [...round.people])) };
    } finally {
      if (running.get(tenantId) === own.found) running.delete(tenantId);
    }
  };
  const begin = (tenantId: TenantId): Round => {
    const wanted = { ids: new Set<CollectionId>(), people: new Set<UserId>() };
    const round = { ...wanted, found: lookUp(tenantId, wanted, running.get(tenantId)) };
    gathering.set(tenantId, round);
    return round;
  };

  return {
    async of(viewer, ids) {
      const tenantId = tenantOf(viewer);
      const round = gathering.get(tenantId) ?? begin(tenantId);
      for (const id of ids) round.ids.add(id);
      if (viewer.standsFor) round.people.add(viewer.standsFor);
      const { at, parts } = await round.found;
      return { sees: (id) => sees(viewer, id, parts.get(id)), isFresh: () => performance.now() - at < FRESH_MS };
    },
  };
}

/** The same as row-level security shows them. */
function sees(viewer: Viewer, id: CollectionId, parts: ReadonlySet<Who> | undefined): boolean {
  if (!parts || (viewer.collectionIds !== null && !viewer.collectionIds.includes(id))) return false;
  return administers(viewer) || (viewer.standsFor !== null && parts.has(viewer.standsFor)) || (viewer.role === 'MEMBER' && parts.has(EVERYONE));
}
