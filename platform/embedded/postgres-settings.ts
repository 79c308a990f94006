/** How the embedded server is set. Given on the command line, so that an upgrade of Atlas reaches old data folders too. */
import { totalmem } from 'node:os';

const megabyte = 1024 * 1024;

export function settings({ socketFolder }: { socketFolder: string }): string[] {
  const named: Record<string, string> = {
    // Only this machine.
    listen_addresses: '127.0.0.1',
    unix_socket_directories: socketFolder,
    max_connections: '200',
    // An acknowledged write survives a power cut.
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    wal_level: 'replica',
    max_wal_size: '1GB',
    password_encryption: 'scram-sha-256',
    shared_buffers: `${sharedMegabytes()}MB`,
    timezone: 'UTC',
    log_timezone: 'UTC',
    // The log tells what went wrong but repeats no statement and no value, which may be somebody's data.
    logging_collector: 'off',
    log_destination: 'stderr',
    log_min_messages: 'warning',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
  };
  return Object.entries(named).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** An eighth of the memory within bounds: the server shares the machine with every service. */
function sharedMegabytes(): number {
  const limit = process.constrainedMemory?.() || Number.POSITIVE_INFINITY;
  const eighth = Math.min(totalmem(), limit) / 8 / megabyte;
  return Math.round(Math.min(512, Math.max(64, eighth)));
}
