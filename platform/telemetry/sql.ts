/** Every SQL statement as a span and a duration. The ORM writes values into its statements; a span shows where they stood, never what they were. */
import type { Knex } from '@mikro-orm/postgresql';
import { sqlSeconds } from './metrics.ts';
import { openSpan } from './trace.ts';

interface Statement { __knexQueryUid: string; sql: string }
const TEXT_MAX = 500;

/** A statement that has been sent; call what it returns when it is answered. */
export const sqlTrace = (service: string) => (sql: string): (failed: boolean) => void => {
  const span = openSpan(`sql ${verb(sql)}`, { 'db.system.name': 'postgresql', 'db.namespace': service, 'db.query.text': withoutValues(sql) });
  const since = performance.now();
  return (failed) => {
    if (failed) span.setStatus({ code: 2 });
    span.end();
    sqlSeconds.observe({ service, outcome: failed ? 'failed' : 'ok' }, (performance.now() - since) / 1e3);
  };
};

/** The same for all that goes through knex, which the ORM does. */
export function traceSql(knex: Knex, service: string): void {
  const trace = sqlTrace(service);
  const running = new Map<string, (failed: boolean) => void>();
  const done = (statement: Statement, failed: boolean) => {
    running.get(statement.__knexQueryUid)?.(failed);
    running.delete(statement.__knexQueryUid);
  };
  knex.on('query', (statement: Statement) => void running.set(statement.__knexQueryUid, trace(statement.sql)));
  knex.on('query-response', (_: unknown, statement: Statement) => done(statement, false));
  knex.on('query-error', (_: unknown, statement: Statement) => done(statement, true));
}

const verb = (sql: string): string => /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? 'SQL';

/** Quoted values (with doubled and escaped quotes) and numbers become `?`, before the text is cut: half a value is one too. */
export const withoutValues = (sql: string): string =>
  sql.replace(/E?'(?:[^'\\]|''|\\.)*(?:'|$)|\$\w*\$[\s\S]*?\$\w*\$/g, '?').replace(/(?<![\w"])\d+(?:\.\d+)?(?![\w"])/g, '?').slice(0, TEXT_MAX);
