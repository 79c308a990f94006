import type { UserId } from '../../../platform/ids.ts';
import { all, type Scope } from '../../../platform/work.ts';
import type { Session } from '../domain/session.ts';
import type { User } from '../domain/user.ts';
import type { Tools } from './ports.ts';

export type FindUsers = (viewer: Scope, ids: readonly UserId[]) => Promise<User[]>;
export type ListSessions = (viewer: Scope, userId: UserId, request: { first: number; after: readonly string[] | null }) => Promise<Session[]>;

/** Who may see what of them is decided where it is shown. */
export const findUsers = (given: Pick<Tools, 'desk'>): FindUsers => (viewer, ids) =>
  given.desk.glance({ ...viewer, tenantId: null }, ({ users }) => users.byIds(ids), all(ids));

/** Those that are alive, newest first: up to `first + 1`, the one more to say that there is one. */
export const listSessions = (given: Pick<Tools, 'desk'>): ListSessions => (viewer, userId, request) =>
  given.desk.glance({ ...viewer, tenantId: null }, ({ sessions }) => sessions.page(userId, new Date(), request));
