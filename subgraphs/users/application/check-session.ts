import type { SessionId, UserId } from '../../../platform/ids.ts';
import { ownScope, type Tools } from './ports.ts';

export interface SessionState { alive: boolean; userId: UserId; endsAt: Date }
export type CheckSession = (id: SessionId) => Promise<SessionState | null>;

/** Asked by the gateway about the session of a token: a token outlives the end of its session by nothing. */
export const checkSession = (given: Pick<Tools, 'desk'> & { lastSeen: { note(id: SessionId): void } }): CheckSession => async (id) => {
  const [session] = await given.desk.look(ownScope, ({ sessions }) => sessions.byIds([id]));
  if (!session) return null;
  const alive = session.isAlive(new Date());
  if (alive) given.lastSeen.note(id);
  return { alive, userId: session.userId, endsAt: session.expiresAt };
};
