/** When sessions were last used: remembered here, and written once a minute for all, so that reading stays reading. */
import type { Database, Scope } from '../../../platform/database/database.ts';
import type { SessionId } from '../../../platform/ids.ts';

const SELF: Scope = { kind: 'system', id: 'system:users', userId: null, tenantId: null };
const REMEMBERED_MAX = 50_000;

export interface LastSeen {
  note(id: SessionId): void;
  write(): Promise<void>;
}

export function bufferedLastSeen(database: Database): LastSeen {
  let seen = new Map<SessionId, Date>();
  return {
    note(id) {
      if (seen.size < REMEMBERED_MAX || seen.has(id)) seen.set(id, new Date());
    },
    async write() {
      if (seen.size === 0) return;
      const rows = JSON.stringify([...seen].map(([id, at]) => ({ id, at })));
      seen = new Map();
      // Not a change of the session: its version stays, so that a refresh at the same moment does not fail.
      await database.transaction(SELF, 'write', async (em) => void (await em.execute(
        `UPDATE users.session SET last_seen_at = seen.at FROM jsonb_to_recordset(?::jsonb) AS seen(id text, at timestamptz)
         WHERE session.id = seen.id AND session.last_seen_at < seen.at`, [rows], 'run')));
    },
  };
}
