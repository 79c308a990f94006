import type { UserId } from '../../../platform/ids.ts';
import type { Session } from '../domain/session.ts';
import type { User } from '../domain/user.ts';
import { ownScope, type Tools } from './ports.ts';

export type FindUsers = (ids: readonly UserId[]) => Promise<User[]>;
export type ListSessions = (userId: UserId, request: { first: number; after: readonly string[] | null }) => Promise<Session[]>;

/** Who may see what of them is decided where it is shown. */
export const findUsers = (given: Pick<Tools, 'desk'>): FindUsers => (ids) => given.desk.look(ownScope, ({ users }) => users.byIds(ids));

/** Those that are alive, newest first: up to `first + 1`, the one more to say that there is one. */
export const listSessions = (given: Pick<Tools, 'desk'>): ListSessions => (userId, request) =>
  given.desk.look(ownScope, ({ sessions }) => sessions.page(userId, new Date(), request));
