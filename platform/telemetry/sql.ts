/** Every SQL statement as a span and a duration. The ORM writes values into its statements; a span shows where they stood, never what they were. */
import type { Knex } from '@mikro-orm/postgresql';
import type { Span } from '@opentelemetry/api';
import { sqlSeconds } from './metrics.ts';
import { openSpan } from './trace.ts';

interface Statement { __knexQueryUid: string; sql: string }
const TEXT_MAX = 500;

export function traceSql(knex: Knex, service: string): void {
  const running = new Map<string, { span: Span; since: bigint }>();
  const done = (statement: Statement, failed: boolean) => {
    const known = running.get(statement.__knexQueryUid);
    if (!known) return;
    running.delete(statement.__knexQueryUid);
    if (failed) known.span.setStatus({ code: 2 });
    known.span.end();
    sqlSeconds.observe({ service, outcome: failed ? 'failed' : 'ok' }, Number(process.hrtime.bigint() - known.since) / 1e9);
  };
  knex.on('query', (statement: Statement) => {
    const span = openSpan(`sql ${verb(statement.sql)}`, { 'db.system.name': 'postgresql', 'db.namespace': service, 'db.query.text': withoutValues(statement.sql) });
    running.set(statement.__knexQueryUid, { span, since: process.hrtime.bigint() });
  });
  knex.on('query-response', (_: unknown, statement: Statement) => done(statement, false));
  knex.on('query-error', (_: unknown, statement: Statement) => done(statement, true));
}

const verb = (sql: string): string => /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? 'SQL';

/** Quoted values (with doubled and escaped quotes) and numbers become `?`, before the text is cut: half a value is one too. */
export const withoutValues = (sql: string): string =>
  sql.replace(/E?'(?:[^'\\]|''|\\.)*(?:'|$)|\$\w*\$[\s\S]*?\$\w*\$/g, '?').replace(/(?<![\w"])\d+(?:\.\d+)?(?![\w"])/g, '?').slice(0, TEXT_MAX);
