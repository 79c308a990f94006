/**
 * One statement with its values beside it, never in it: the ORM writes them into the text, and the server plans a text
 * anew each time. One that has a name is planned once a connection; under row-level security that is most of its cost.
 */
import type { EntityManager, Knex } from '@mikro-orm/postgresql';

export type Value = string | number | boolean | null | readonly (string | number | null)[];
/** Values stand in the text as `?`. `types` reads the values of the answer where they are not to be as they are elsewhere. */
export interface Statement { text: string; values: readonly Value[]; name?: string; types?: { getTypeParser(type: number): (text: string) => unknown } }

/** Puts a statement, and has its rows. Those that are put in one moment are sent together where they need not wait for one another. */
export type Rows = <Row>(statement: Statement) => Promise<Row[]>;

/** What an adapter stands on. The ORM is there in a work alone: what is only looked at is read by statements. */
export interface Ground { readonly em: EntityManager; readonly rows: Rows }

/** Statements of a transaction, beside what the ORM does in it. */
export const rowsWithin = (em: EntityManager): Rows => async <Row>({ text, values, name }: Statement) => {
  const transaction = em.getTransactionContext<Knex.Transaction>();
  if (!transaction) throw new Error('Statements run in a work or a look.');
  const raw = transaction.raw(text, values as Knex.RawBinding[]);
  const { rows } = await (name ? raw.options({ name }) : raw) as unknown as { rows: Row[] };
  return rows;
};

export const groundWithin = (em: EntityManager): Ground => ({ em, rows: rowsWithin(em) });

/** Looking needs no ORM: whoever asks for it there would read outside of what says for whom. */
export const groundOf = (rows: Rows): Ground => ({ rows, get em(): never { throw new Error('What is only looked at is read by statements.'); } });
