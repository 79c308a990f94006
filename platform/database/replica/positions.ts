/** Where a server's write-ahead log stands, as a number of bytes: it only grows, and is the same on a primary and its replicas. */
const bytes = (position: string): string => `pg_wal_lsn_diff(${position}, '0/0')::float8`;

/** After a commit, and in the same round trip: whoever has replayed this much has the commit too. */
export const COMMIT_AND_POSITION = `COMMIT; SELECT ${bytes('pg_current_wal_insert_lsn()')}`;
/** Everything that anybody was told is committed. */
export const ACKNOWLEDGED = bytes('pg_current_wal_flush_lsn()');
/** What the next statement will see at least. Null where nothing is replayed: that is no replica, or no longer one. */
export const REPLAYED = `CASE WHEN pg_is_in_recovery() THEN ${bytes('pg_last_wal_replay_lsn()')} END`;

/** Further than any log goes: nobody knows how far one would have to have come. */
export const UNKNOWN = Number.MAX_SAFE_INTEGER;
