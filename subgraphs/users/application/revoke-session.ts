import { AtlasError } from '../../../platform/errors.ts';
import { isId, type SessionId } from '../../../platform/ids.ts';
import { personScope, type Caller, type Tools } from './ports.ts';

export type RevokeSession = (caller: Caller, input: { id: string }) => Promise<{ sessionId: SessionId }>;

/** One's own, on any device. Another's and one that never was look the same. */
export const revokeSession = (given: Pick<Tools, 'desk'>): RevokeSession => async (caller, { id }) => {
  const none = new AtlasError('NOT_FOUND', undefined, { path: ['input', 'id'] });
  if (!isId('ses', id)) throw none;
  return given.desk.work(personScope(caller), async ({ sessions }) => {
    const now = new Date();
    const session = await sessions.held(id);
    if (!session || session.userId !== caller.viewer.userId || !session.isAlive(now)) throw none;
    session.end('revoked', now);
    return { sessionId: session.id };
  });
};
