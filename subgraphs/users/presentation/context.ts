/** What one request knows: who asks, whom it has proven to be, and what it has read already. */
import type DataLoader from 'dataloader';
import type { SessionId, UserId } from '../../../platform/ids.ts';
import { batched, byId } from '../../../platform/loader.ts';
import { requestInfo } from '../../../platform/request.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { CheckSession } from '../application/check-session.ts';
import type { FindUsers } from '../application/find-users.ts';
import type { Caller } from '../application/ports.ts';
import type { Relation, Relations } from '../domain/relation.ts';
import type { User } from '../domain/user.ts';

export interface UsersContext {
  viewer: Viewer;
  users: DataLoader<UserId, User | null>;
  relations: DataLoader<UserId, Relation | null>;
  /** A stranger who has just registered or signed in is somebody from then on, for the rest of the answer. */
  proven: Map<UserId, SessionId | null>;
  sessionLives(id: SessionId): Promise<boolean>;
}

export const contextWith = (given: { findUsers: FindUsers; relations: Relations<Viewer>; checkSession: CheckSession }) => (viewer: Viewer): UsersContext => ({
  viewer,
  users: batched<UserId, User>(async (ids) => byId(await given.findUsers(viewer, ids)) as ReadonlyMap<UserId, User>),
  relations: batched<UserId, Relation>((ids) => given.relations.between(viewer, ids)),
  proven: new Map(),
  sessionLives: async (id) => (await given.checkSession(id))?.alive ?? false,
});

export const callerOf = ({ viewer }: UsersContext): Caller => {
  const info = requestInfo();
  return { viewer, client: { address: info?.address ?? null, userAgent: info?.userAgent ?? null } };
};

export const isSelf = ({ viewer, proven }: UsersContext, id: UserId): boolean => (viewer.kind === 'user' && viewer.userId === id) || proven.has(id);

/** What the caller has to do with this person. Throws when the tenants service, which knows, does not answer. */
export const relationTo = async (context: UsersContext, id: UserId): Promise<Relation | 'SELF' | null> =>
  isSelf(context, id) ? 'SELF' : context.relations.load(id);
