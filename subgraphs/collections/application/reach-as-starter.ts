/** What whoever asked for a job may do now: it is asked again before each step, because a job outlives the request and may outlive the right. */
import { AtlasError } from '../../../platform/errors.ts';
import type { CollectionId } from '../../../platform/ids.ts';
import type { Attempt } from '../../../platform/jobs/jobs.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Collection } from '../domain/collection.ts';
import type { Ports } from '../domain/ports.ts';
import { scopeFor, type CollectionRole } from '../domain/role.ts';
import type { Starters } from './job-ports.ts';
import { refuseBelow, rolesIn } from './reach-collection.ts';

/** Before a work, never in it: another service is asked. */
export async function starterOf(attempt: Attempt, { starters }: { starters: Starters }): Promise<Viewer> {
  const viewer = await starters.today(attempt.startedBy, attempt.scope.tenantId);
  if (viewer) return viewer;
  if (attempt.startedBy.kind === 'key') throw new AtlasError('FORBIDDEN', 'The key that started this opens nothing any more.', { missing: 'a key that is valid' });
  throw new AtlasError('FORBIDDEN', 'Whoever started this has no part in the tenant any more.', { missing: 'membership' });
}

/** Part of a work or a look in their scope. */
export async function collectionFor(viewer: Viewer, id: CollectionId, least: CollectionRole, ports: Ports): Promise<Collection> {
  const [collection] = await ports.collections.byIds([id]);
  const role = collection && (await rolesIn(viewer, [collection.id], ports))(collection.id);
  if (!collection || !role) throw new AtlasError('NOT_FOUND', 'The collection is not there any more, or not for whoever started this.');
  refuseBelow(viewer, role, least);
  // Its request was held to this scope by the policy, which nobody asks here: a wider one does not stand for it.
  if (viewer.kind === 'key' && !viewer.scopes.includes(scopeFor(least))) throw new AtlasError('FORBIDDEN', `This needs scope ${scopeFor(least)}.`, { missing: `scope ${scopeFor(least)}` });
  return collection;
}
