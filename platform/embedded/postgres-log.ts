/** Keeps the server's log at a bounded size: the last part and the one before it. */
import { copyFileSync, statSync, truncateSync } from 'node:fs';
import type { Kept } from './postgres-keeper.ts';

const logMaxBytes = 4 * 1024 * 1024;
const boundLogEveryMs = 30_000;

/** Copies and truncates instead of renaming, because the server keeps the file open; it appends, so truncating is safe. */
function cut(log: string, maxBytes: number): void {
  try {
    if (statSync(log).size <= maxBytes) return;
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
  } catch {
    // The folder may have been deleted under a running server; it has no log to bound then.
  }
}

export function boundLog(log: string, server: Kept, limits = { maxBytes: logMaxBytes, everyMs: boundLogEveryMs }): void {
  const { maxBytes, everyMs } = limits;
  cut(log, maxBytes);
  // eslint-disable-next-line atlas/no-homemade-loop -- it begins before a process has a log, and ends with the server
  const loop = setInterval(() => cut(log, maxBytes), everyMs).unref();
  void server.ended.then(() => clearInterval(loop));
}
