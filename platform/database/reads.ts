/**
 * Reads that hold no connection. What is asked in one moment goes to the server in one message: BEGIN with for whom it is,
 * the statements, COMMIT; nothing waits for an answer before it is sent. Under READ COMMITTED each statement sees what is
 * committed when it begins, so several of these show the same as one transaction around all of them would.
 */
import type { Knex } from '@mikro-orm/postgresql';
import type { Client, CustomTypesConfig } from 'pg';
import { sqlTrace } from '../telemetry/sql.ts';
import { databaseFault } from './faults.ts';
import type { Rows, Statement } from './statement.ts';

interface Asked { statement: Statement; resolve(rows: unknown[]): void; reject(error: unknown): void }
interface Pool { acquireConnection(): Promise<Client>; releaseConnection(client: Client): Promise<void> }

/** `begin` says for whom; all that it says ends with COMMIT, which the server reads with it. */
export type Reads = (begin: string) => Rows;

export function readsOver(given: { knex: Knex; service: string }): Reads {
  const pool = given.knex.client as Pool;
  const trace = sqlTrace(given.service);

  /** A statement that fails takes with it what was sent behind it: the first that did is what went wrong. */
  const send = async (begin: string, asked: readonly Asked[]): Promise<void> => {
    const client = await pool.acquireConnection();
    try {
      const answers = together(client, () => [client.query(begin), ...asked.map(({ statement }) => client.query(numbered(statement))), client.query('COMMIT')]);
      const done = asked.map(({ statement: { text } }) => trace(text));
      let failed: { error: unknown } | undefined;
      for (const [at, answer] of answers.entries()) {
        const { rows } = await answer.catch((error: unknown) => { failed ??= { error }; return { rows: [] }; });
        const one = asked[at - 1];
        if (!one) continue;
        done[at - 1]!(failed !== undefined);
        if (failed) one.reject(databaseFault(failed.error));
        else one.resolve(rows);
      }
    } finally {
      await pool.releaseConnection(client);
    }
  };

  return (begin) => {
    let waiting: Asked[] = [];
    const flush = () => {
      const asked = waiting;
      waiting = [];
      send(begin, asked).catch((error: unknown) => { for (const one of asked) one.reject(databaseFault(error)); });
    };
    return <Row>(statement: Statement) => new Promise<Row[]>((resolve, reject) => {
      if (waiting.length === 0) queueMicrotask(flush);
      waiting.push({ statement, resolve: resolve as Asked['resolve'], reject });
    });
  };
}

/** One write to the socket instead of one for each. */
function together<T>(client: Client, send: () => T): T {
  const { stream } = (client as unknown as { connection: { stream: { cork(): void; uncork(): void } } }).connection;
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}

function numbered({ text, values, name, types }: Statement): { text: string; values: unknown[]; name?: string; types?: CustomTypesConfig } {
  let n = 0;
  return { text: text.replace(/\?/g, () => `$${n += 1}`), values: values as unknown[], ...(name && { name }), ...(types && { types }) };
}
