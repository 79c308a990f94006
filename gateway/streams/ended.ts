/** Why an operation of a stream's transport was refused or ended early, with what it had cost by then: every answer says that, and so does a refusal. */
import { toPublic, type PublicError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import type { RequestInfo } from '../../platform/request.ts';
import { errorsTotal } from '../../platform/telemetry/metrics.ts';
import { spoken } from '../edge/mask.ts';
import type { Bill } from '../policy/charge.ts';

export class Ended extends Error {
  /** `bill` is null where nobody pays. */
  constructor(cause: unknown, readonly bill: Bill | null) { super('An operation was refused, or ended.', { cause }); }
}

export interface Told { error: PublicError; bill: Bill | null }

/** As the client is told; what nobody foresaw is logged. */
export function told(ended: unknown, info: RequestInfo, log: Log): Told {
  const [cause, bill] = ended instanceof Ended ? [ended.cause, ended.bill] : [ended, null];
  const said = toPublic(cause, info.requestId);
  if (said.extensions.status === 500) log.error({ err: cause }, 'A stream failed.');
  errorsTotal.inc({ service: 'gateway', code: said.extensions.code });
  return { error: { ...said, message: spoken(said.extensions.code, said.message, info.suggests ?? false) }, bill };
}
