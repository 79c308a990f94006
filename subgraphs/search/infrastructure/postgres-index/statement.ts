/** One statement with its values beside it, and its answer in the types that the index goes by, whatever the ORM has made of them elsewhere. */
import type { EntityManager, Knex } from '@mikro-orm/postgresql';
import pg from 'pg';
import type { Rows, Value as Readable } from '../../../../platform/database/statement.ts';

export type Value = string | number | bigint | Uint8Array | null | readonly (string | number | Uint8Array)[];
export interface Statement { text: string; values: readonly Value[]; name?: string }

const OWN: Partial<Record<number, (text: string) => unknown>> = {
  17: (text) => Buffer.from(text.slice(2), 'hex'), // bytea
  20: BigInt, // int8
  114: (text) => JSON.parse(text) as unknown, // json
};
const types = { getTypeParser: (type: number) => OWN[type] ?? pg.types.getTypeParser(type as never) as (text: string) => unknown };

/** Where a statement is put: in a transaction, or among those of a read that holds no connection. */
export type On = EntityManager | Rows;

/** Values stand in the text as `?`. */
export async function rowsOf<Row>(on: On, { text, values, name }: Statement): Promise<Row[]> {
  if (typeof on === 'function') return on<Row>({ text, values: values.map(readable), types, ...(name && { name }) });
  const transaction = on.getTransactionContext<Knex.Transaction>();
  if (!transaction) throw new Error('Statements run in a transaction.');
  const bindings = values.map((value) => (typeof value === 'bigint' ? String(value) : value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value));
  const { rows } = await transaction.raw(text, bindings as Knex.RawBinding[]).options({ types, ...(name && { name }) }) as unknown as { rows: Row[] };
  return rows;
}

/** Bytes are written, and no read asks by them. */
function readable(value: Value): Readable {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) throw new Error('A read asks by no bytes.');
  return value as Readable;
}
