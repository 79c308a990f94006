/**
 * What LangGraph's saver takes for a pool: every statement runs in a transaction of ours, under the role of this service
 * and in one tenant. The saver says BEGIN, statements whose answers it does not look at, COMMIT: they are sent as one.
 */
import type { Knex } from '@mikro-orm/postgresql';
import type pg from 'pg';
import type { Database, Scope } from '../../../../platform/database/database.ts';
import type { TenantId } from '../../../../platform/ids.ts';

interface Asked { text: string; values: readonly unknown[] }

export function tenantPool(database: Pick<Database, 'transaction'>, tenantId: TenantId): pg.Pool {
  const scope: Scope = { kind: 'system', id: 'system:ai', userId: null, tenantId };
  const run = (mode: 'read' | 'write', asked: readonly Asked[]) => database.transaction(scope, mode, async (em) => {
    const transaction = em.getTransactionContext<Knex.Transaction>()!;
    let rows: unknown[] = [];
    for (const { text, values } of asked) ({ rows } = await transaction.raw(withMarks(text), values.map(bound) as Knex.RawBinding[]) as unknown as { rows: unknown[] });
    return { rows };
  });
  const client = () => {
    let waiting: Asked[] = [];
    return {
      async query(text: string, values: readonly unknown[] = []) {
        if (text === 'BEGIN' || text === 'ROLLBACK') waiting = [];
        else if (text === 'COMMIT') await run('write', waiting);
        else waiting.push({ text, values });
        return { rows: [] };
      },
      release: () => undefined,
    };
  };
  return { query: (text: string, values: readonly unknown[] = []) => run('read', [{ text, values }]), connect: async () => client() } as unknown as pg.Pool;
}

/** Its statements name each value once and in order. */
const withMarks = (text: string): string => text.replace(/\$\d+/g, '?');
const bound = (value: unknown): unknown => {
  if (value === undefined) return null;
  if (value instanceof Uint8Array) return Buffer.from(value);
  return Array.isArray(value) || value === null || typeof value !== 'object' ? value : JSON.stringify(value);
};
