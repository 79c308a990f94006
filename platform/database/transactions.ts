/**
 * Transactions that say what they have to say in the round trips that they need anyway: who it is for with BEGIN, and,
 * where somebody wants to know it, how far the log of the server goes with COMMIT.
 */
import type { EntityManager, Knex, MikroORM } from '@mikro-orm/postgresql';
import type { Log } from '../log.ts';
import { databaseFault } from './faults.ts';

/** What is said at either end, and who hears what was answered: the first value of the last statement. */
export interface Words {
  begin: string;
  /** The connection is ours from here on; nothing has been said over it. */
  taken?(connection: unknown): void;
  begun?(answered: unknown): void;
  commit?: string;
  committed?(answered: unknown): void;
  /** COMMIT was sent and failed: it may have happened all the same. */
  unsure?(): void;
}

/** One transaction. It commits when `body` resolves; the entity manager is flushed by the caller. */
export type Transact = <T>(words: Words, body: (em: EntityManager) => Promise<T>) => Promise<T>;

export function transactionsOver(given: { orm: MikroORM; knex: Knex; log: Log }): Transact {
  const { orm, knex, log } = given;
  sayWords(knex);
  return async (words, body) => {
    const em = orm.em.fork({ clear: true, useContext: false }) as EntityManager;
    let trx: Knex.Transaction | undefined;
    let isEnding = false;
    let failedFirst: unknown;
    try {
      trx = await knex.transaction(null as never, { words } as never) as unknown as Knex.Transaction;
      trx.on('query-error', (error: unknown) => { failedFirst ??= error; });
      em.setTransactionContext(trx);
      const result = await body(em);
      isEnding = true;
      await trx.commit();
      await trx.executionPromise;
      return result;
    } catch (error) {
      if (isEnding) words.unsure?.();
      if (trx && !trx.isCompleted()) await trx.rollback().catch((cause: unknown) => log.warn({ err: cause }, 'A rollback failed; the server rolls back when the connection closes.'));
      throw databaseFault(isAftermath(error) ? failedFirst ?? error : error);
    }
  };
}

/** Statements that were sent together: those after the one that failed are refused because it did, and may be heard of before it. */
const isAftermath = (error: unknown): boolean => (error as { code?: unknown }).code === '25P02';

interface Answered { response?: { rows: Record<string, unknown>[] } | { rows: Record<string, unknown>[] }[] }
interface Begun {
  begin(connection: unknown): Promise<unknown>;
  commit(connection: unknown, value: unknown): Promise<unknown>;
  query(connection: unknown, sql: string, status?: number, value?: unknown): Promise<Answered | undefined>;
}

/** knex sends BEGIN and COMMIT alone; this sends what goes with them in the same string. */
function sayWords(knex: Knex): void {
  const client = knex.client as { transaction(container: unknown, config: { words?: Words }, outer: unknown): Begun };
  const plain = client.transaction.bind(client);
  client.transaction = (container, config, outer) => {
    const transaction = plain(container, config, outer);
    const { words } = config;
    if (!words) return transaction;
    transaction.begin = async (connection) => {
      words.taken?.(connection);
      const answered = await transaction.query(connection, `${words.begin};`);
      if (answered) words.begun?.(lastValue(answered));
    };
    const { commit } = words;
    if (commit) {
      transaction.commit = async (connection, value) => {
        const answered = await transaction.query(connection, `${commit};`, 1, value);
        if (answered) words.committed?.(lastValue(answered));
      };
    }
    return transaction;
  };
}

function lastValue({ response }: Answered): unknown {
  const last = Array.isArray(response) ? response.at(-1) : response;
  return Object.values(last?.rows[0] ?? {})[0];
}
