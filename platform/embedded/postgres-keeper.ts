/**
 * Starts PostgreSQL under a small shell that outlives us by a moment. The shell holds the other end of a pipe; when
 * this process ends, even by `kill -9`, the kernel closes the pipe and the shell stops the server. It has a session of
 * its own, so Ctrl-C at a terminal reaches Atlas alone, which drains before it lets the database go.
 */
import { spawn } from 'node:child_process';
import { spawnAs, type RunAs } from './postgres-user.ts';

/**
 * A smart stop and then a fast one: the first also ends a server that is too young to have its own handlers, since a
 * shell starts its children with SIGINT ignored. TERM is switched off in the watcher once it stops the server, so that it
 * is not left behind half-way; before that the shell ends it when the server died by itself.
 */
const keeper = `
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
{
  while read -r _ <&3; do :; done
  trap '' TERM
  kill -TERM "$server"; kill -INT "$server"
  tenths=0
  while kill -0 "$server"; do
    tenths=$((tenths + 1))
    [ "$tenths" -eq 600 ] && kill -QUIT "$server"
    sleep 0.1
  done
} 2>/dev/null &
watcher=$!
exec 3<&-
trap : TERM INT HUP
wait "$server"; code=$?
while [ "$code" -ne 127 ] && kill -0 "$server" 2>/dev/null; do wait "$server"; code=$?; done
kill -TERM "$watcher" 2>/dev/null; wait "$watcher"
exit "$code"
`;

export interface Kept {
  /** Settles when the server has ended, whoever ended it. */
  ended: Promise<void>;
  hasEnded(): boolean;
  stop(): Promise<void>;
}

export function keep(given: { command: string[]; user: RunAs; log: number; env: NodeJS.ProcessEnv }): Kept {
  const child = spawn('/bin/sh', ['-c', keeper, 'postgres-keeper', ...given.command], {
    ...spawnAs(given.user),
    detached: true,
    stdio: ['pipe', given.log, given.log],
    env: given.env,
  });
  let over = false;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      over = true;
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  const pipe = child.stdin!;
  pipe.on('error', () => {}); // the shell may be gone before the pipe
  // The database must never be what keeps a finished process alive.
  child.unref();
  (pipe as unknown as { unref(): void }).unref();
  return {
    ended,
    hasEnded: () => over,
    stop: () => {
      child.ref();
      pipe.end();
      return ended;
    },
  };
}
