/** What a database says, in the words of the house. What it does not know stays as it is, and becomes INTERNAL at the edge. */
import { types } from 'node:util';
import { AtlasError } from '../errors.ts';
import { withoutStatement } from '../redact.ts';

interface DriverError extends Error { code?: string; syscall?: string; constraint?: string; routine?: string; cause?: unknown }

const AWAY = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT', '57P01', '57P02', '57P03', '08006', '08003', '08001']);
/** What the driver and knex say without a code when a connection broke, or had broken and was not yet known to have. */
const BROKEN = /Connection terminated|is not queryable|Transaction query already complete/;
const TRY_AGAIN = new Set(['40001', '40P01', '55P03', '53300']);

/** The database does not answer: whatever was being done had no part in it. */
export class DatabaseAway extends AtlasError {
  constructor(cause: Error) { super('SUBGRAPH_UNAVAILABLE', undefined, { cause }); }
}

export function databaseFault(error: unknown): unknown {
  if (error instanceof AtlasError || !types.isNativeError(error)) return error;
  const { name, code = '', syscall, message } = error as DriverError;
  if (name === 'OptimisticLockError') return new AtlasError('VERSION_CONFLICT', undefined, { cause: error });
  // A socket whose queue is full refuses at once, where a port would let wait.
  const isFull = code === 'EAGAIN' && syscall === 'connect';
  if (name === 'KnexTimeoutError' || TRY_AGAIN.has(code) || isFull) return new AtlasError('OVERLOADED', undefined, { cause: error });
  if (code === '57014') return new AtlasError('DEADLINE_EXCEEDED', undefined, { cause: error });
  // A socket that is not there is a server that is not.
  const isAway = AWAY.has(code) || (code === 'ENOENT' && syscall === 'connect');
  if (isAway || (!code && BROKEN.test(withoutStatement(message)))) return new DatabaseAway(error);
  if (code === '22021' || code === '22P05') return new AtlasError('TEXT_NOT_ALLOWED', undefined, { cause: error });
  return error;
}

/** A row that row-level security does not let its writer write. What it is called by the server changes with the language; where it is found does not. */
export const RIGHTS = 'row-level security';
const FOUND_IN = 'ExecWithCheckOptions';

/** The name of the unique constraint that a change ran into, RIGHTS, or null. */
export function brokenConstraint(error: unknown): string | null {
  for (let at = error as DriverError | undefined; types.isNativeError(at); at = at.cause as DriverError | undefined) {
    if (at.code === '23505' && at.constraint) return at.constraint;
    if (at.code === '42501' && at.routine === FOUND_IN) return RIGHTS;
  }
  return null;
}
