/** Structured logs: JSON for machines, one readable line on a terminal. Who asked and for which request stands in every line; secrets and what is of people in none. */
import { types } from 'node:util';
import { trace } from '@opentelemetry/api';
import { pino, type LogFn, type Logger } from 'pino';
import { redacted, redactedValue, withoutStatement } from './redact.ts';
import { requestInfo } from './request.ts';

export type Log = Logger;

/** Whatever is called like this is never written, at any depth that we log. */
const SECRETS = ['password', 'newPassword', 'currentPassword', 'token', 'accessToken', 'refreshToken', 'secret', 'authorization', 'cookie', 'apiKey'];
const redact = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*["${name}"]`]);

export function openLog(given: { level: string; pretty: boolean; destination?: { write(line: string): void } }): Log {
  const options = {
    level: given.level,
    base: null,
    redact: { paths: [...new Set(redact)], censor: '[secret]' },
    serializers: { err: withoutValues },
    formatters: { log: (said: Record<string, unknown>) => redactedValue(said) as Record<string, unknown> },
    hooks: { logMethod(this: Logger, said: Parameters<LogFn>, write: LogFn) { write.apply(this, said.map((one) => (typeof one === 'string' ? redacted(one) : one)) as Parameters<LogFn>); } },
    mixin: () => {
      const info = requestInfo();
      const traceId = trace.getActiveSpan()?.spanContext().traceId;
      return {
        ...(info && { requestId: info.requestId, tenant: info.tenantId ?? undefined, principal: info.principal }),
        ...(traceId && { traceId }),
      };
    },
  };
  if (given.destination) return pino(options, given.destination);
  if (!given.pretty) return pino(options);
  return pino({ ...options, transport: { target: 'pino-pretty', options: { ignore: 'time', singleLine: true, colorize: true } } });
}

interface Logged { type: string; message: string; stack: string; code?: string; constraint?: string; table?: string; cause?: Logged }

/** A database's error text quotes the statement with its values, and values can be secrets: keep its code and where it arose. */
function withoutValues(error: unknown): unknown {
  if (!types.isNativeError(error)) return { type: typeof error };
  const { code, constraint, table, routine, cause } = error as Error & { code?: string; constraint?: string; table?: string; routine?: string };
  const fromDatabase = routine !== undefined;
  const lines = (error.stack ?? '').split('\n');
  // What stands above the frames is the message, as it was once.
  const frames = lines.slice(lines.findLastIndex((line) => !/^\s+at /.test(line)) + 1).slice(0, 12).join('\n');
  const shown: Logged = { type: error.name, message: fromDatabase ? `database error ${code} in ${routine}` : redacted(withoutStatement(error.message)), stack: frames };
  return {
    ...shown,
    ...(code && { code }), ...(constraint && { constraint }), ...(table && { table }),
    ...(cause !== undefined && !fromDatabase && { cause: withoutValues(cause) }),
  };
}

/** What a person at a terminal is told of an error that ended the process: one sentence, no value of a statement. */
export function sentenceOf(error: unknown): string {
  const { routine, code, message = String(error) } = error as { routine?: string; code?: string; message?: string };
  return routine === undefined ? withoutStatement(message) : `The database refused something that Atlas needs (${code} in ${routine}).`;
}
