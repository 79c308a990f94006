/**
 * One statement with its values beside it, never in it: the ORM writes them into the text, and the server plans a text
 * anew each time. One that has a name is planned once a connection; under row-level security that is most of its cost.
 */
import type { EntityManager, Knex } from '@mikro-orm/postgresql';

export type Value = string | number | boolean | null | readonly (string | number | null)[];
export interface Statement { text: string; values: readonly Value[]; name?: string }

/** Values stand in the text as `?`. */
export async function rowsOf<Row>(em: EntityManager, { text, values, name }: Statement): Promise<Row[]> {
  const transaction = em.getTransactionContext<Knex.Transaction>();
  if (!transaction) throw new Error('Statements run in a work or a look.');
  const raw = transaction.raw(text, values as Knex.RawBinding[]);
  const { rows } = await (name ? raw.options({ name }) : raw) as unknown as { rows: Row[] };
  return rows;
}
