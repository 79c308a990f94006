/**
 * `Idempotency-Key`: the same key and input give the same answer and one effect. A lease is committed first, so that a
 * twin knows; the result is committed with the change itself (work.ts calls `recordResult`), so that a crash leaves
 * either both or neither. A mutation is therefore one work, and what that work returns is the payload.
 * Stored are ids, not rows: a replay reads them again, under today's rights, for whatever it selects. The whole record
 * is sealed with a key made from the client's own, so secrets that are shown once stay shown once to everybody else.
 */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Aggregate } from './aggregate.ts';
import { along } from './along.ts';
import type { Database, Scope } from './database/database.ts';
import { AtlasError } from './errors.ts';
import type { Secret } from './secret.ts';
import { noteTold, type Told } from './write-token.ts';

const LEASE_SECONDS = 60;
const KEEP_HOURS = 24;
const TWIN_WAITS_MS = 10_000;
const KEY_LENGTH_MAX = 255;

interface Recording { scope: string; lease: string; seal(result: unknown, told: readonly Told[]): string; recorded: boolean }
const recording = along<Recording>();

/** Part of the work: the result commits with the change, or the whole work is undone because a twin took over. */
export async function recordResult(em: EntityManager, service: string, result: unknown, told: readonly Told[]): Promise<void> {
  const record = recording.get();
  if (!record) return;
  const rows = await em.execute<{ scope: string }[]>(
    `UPDATE ${service}.idempotency SET result = ? WHERE scope = ? AND lease = ? RETURNING scope`,
    [record.seal(result, told), record.scope, record.lease], 'all');
  if (rows.length === 0) throw new AtlasError('IDEMPOTENCY_IN_PROGRESS');
  record.recorded = true;
}

export interface Once {
  <T>(given: { key: string; principal: string; tenantId: string | null; field: string; input: unknown; run: () => Promise<T>; reload: (id: string) => Promise<unknown> }): Promise<T>;
}

interface Row { inputHash: string; leasedUntil: Date; result: string | null; lease: string }

export function onceOver(database: Database, secret: Secret): Once {
  const nobody: Scope = { kind: 'system', id: `system:${database.service}`, userId: null, tenantId: null };
  const table = `${database.service}.idempotency`;
  const write = <T>(body: (em: EntityManager) => Promise<T>) => database.transaction(nobody, 'write', body);

  /** Takes the lease, or says what stands in the way. */
  const lease = (scope: string, inputHash: string, mine: string) => write(async (em): Promise<'mine' | Row> => {
    const until = `now() + interval '${LEASE_SECONDS} seconds'`;
    const taken = await em.execute(
      `INSERT INTO ${table} AS i (scope, input_hash, lease, leased_until) VALUES (?, ?, ?, ${until})
       ON CONFLICT (scope) DO UPDATE SET input_hash = excluded.input_hash, lease = excluded.lease, leased_until = excluded.leased_until, result = NULL, at = now()
       WHERE (i.result IS NULL AND i.leased_until < now()) OR i.at < now() - interval '${KEEP_HOURS} hours'
       RETURNING scope`, [scope, inputHash, mine], 'all') as unknown[];
    if (taken.length > 0) return 'mine';
    const [row] = await em.execute<Row[]>(`SELECT input_hash AS "inputHash", leased_until AS "leasedUntil", result, lease FROM ${table} WHERE scope = ?`, [scope], 'all');
    return row ?? { inputHash, leasedUntil: new Date(), result: null, lease: '' };
  });

  // Twins look one after another: fifty at once would hold every connection, and the one that works would wait for them.
  const lastLooks = new Map<string, Promise<unknown>>();
  const inTurn = <T>(scope: string, look: () => Promise<T>): Promise<T> => {
    const mine = (lastLooks.get(scope) ?? Promise.resolve()).then(look);
    const over = mine.catch(() => undefined).then(() => { if (lastLooks.get(scope) === over) lastLooks.delete(scope); });
    lastLooks.set(scope, over);
    return mine;
  };

  return async ({ key, principal, tenantId, field, input, run, reload }) => {
    if (key.length > KEY_LENGTH_MAX) throw new AtlasError('BAD_REQUEST', `An Idempotency-Key has at most ${KEY_LENGTH_MAX} characters.`);
    const scope = hash([tenantId ?? '-', principal, hash([key]), field]);
    const purpose = `idempotency:${hash([key, 'seal'])}`;
    // Inputs hold passwords: without the installation's secret and the client's key, the mark is no help in guessing them.
    const inputHash = secret.mark(purpose, canonical(input));
    const mine = randomUUID();

    for (const until = Date.now() + TWIN_WAITS_MS; ; await sleep(50 + Math.random() * 100)) {
      const found = await inTurn(scope, async () => {
        if (Date.now() > until) throw new AtlasError('IDEMPOTENCY_IN_PROGRESS');
        return lease(scope, inputHash, mine);
      });
      if (found === 'mine') break;
      if (found.inputHash !== inputHash) throw new AtlasError('IDEMPOTENCY_MISMATCH');
      if (found.result !== null) {
        const opened = secret.open(purpose, found.result);
        if (opened === null) throw new AtlasError('INTERNAL', undefined, { cause: new Error('A stored result could not be opened.') });
        const [result, told] = opened.split('\n') as [string, string | undefined];
        noteTold(JSON.parse(told ?? '[]') as Told[]);
        return await decode(JSON.parse(result) as Stored, reload) as never;
      }
    }

    const record: Recording = { scope, lease: mine, seal: (result, told) => secret.seal(purpose, `${JSON.stringify(encode(result))}\n${JSON.stringify(told.map(({ id, type }) => ({ id, type })))}`), recorded: false };
    // What changed nothing is not remembered: the caller may mend the input and use the key again. Whether a result was
    // committed only its row can say; where that cannot be asked, the lease runs out by itself.
    const giveBack = () => write((em) => em.execute(`DELETE FROM ${table} WHERE scope = ? AND lease = ? AND result IS NULL`, [scope, mine], 'run')).catch(() => undefined);
    try {
      const result = await recording.run(record, run);
      if (!record.recorded) await giveBack(); // a refusal with something to show
      return result;
    } catch (error) {
      await giveBack();
      throw error;
    }
  };
}

/** One round of the loop that forgets old records. */
export const forgetOldResults = (database: Database): Promise<void> =>
  database.transaction({ kind: 'system', id: `system:${database.service}`, userId: null, tenantId: null }, 'write', async (em) => {
    await em.execute(`DELETE FROM ${database.service}.idempotency WHERE at < now() - interval '${KEEP_HOURS} hours'`, [], 'run');
  });

const hash = (parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** The same input in another order of fields is the same input. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part) && !(part instanceof Date)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part) ?? 'null';
}

type Stored = null | string | number | boolean | Stored[] | { [key: string]: Stored };

function encode(value: unknown): Stored {
  if (value === null || value === undefined) return null;
  if (value instanceof Aggregate) return { $id: value.id };
  if (value instanceof Date) return { $at: value.toISOString() };
  if (Array.isArray(value)) return value.map(encode);
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, encode(part)]));
  return value as string | number | boolean;
}

async function decode(stored: Stored, reload: (id: string) => Promise<unknown>): Promise<unknown> {
  if (stored === null || typeof stored !== 'object') return stored;
  if (Array.isArray(stored)) return Promise.all(stored.map((part) => decode(part, reload)));
  if (typeof stored.$id === 'string') return reload(stored.$id);
  if (typeof stored.$at === 'string') return new Date(stored.$at);
  return Object.fromEntries(await Promise.all(Object.entries(stored).map(async ([name, part]) => [name, await decode(part, reload)])));
}
