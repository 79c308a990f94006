/**
 * A service's way to the database where there is a replica: changes and looks go to the primary, glances to the replica
 * once it has what the caller has written. Whatever goes wrong there is asked of the primary instead, whose answer counts.
 */
import { AtlasError } from '../../errors.ts';
import { requestInfo } from '../../request.ts';
import { readsTotal } from '../../telemetry/metrics.ts';
import type { Preamble, Scope, Transactions } from '../scope.ts';
import { rowsWithin } from '../statement.ts';
import type { Transact, Words } from '../transactions.ts';
import { COMMIT_AND_POSITION, REPLAYED, UNKNOWN } from './positions.ts';
import type { Replica } from './replica.ts';

/** Why a read went where it went: the first to the replica, all others to the primary. */
type Why = 'may lag' | 'must be fresh' | 'own change' | 'behind' | 'away' | 'failed' | 'absent';
type Given = { replica: Replica; onPrimary: Transact; onReplica: Transact; preamble: Preamble; service: string; admit: () => Promise<void>; read: Transactions['read'] };

/** The replica has not come as far as this reader needs. */
class TooEarly extends Error {}

export function besideReplica(given: Given): Transactions {
  const { replica, onPrimary, preamble, service } = given;
  const mayServe = admission(given);
  const count = (why: Why) => readsTotal.inc({ service, place: why === 'may lag' ? 'replica' : 'primary', why });
  const fresh = <T>(scope: Scope, body: Parameters<Transact>[1], why: Why): Promise<T> => {
    count(why);
    return onPrimary({ begin: preamble(scope, 'read') }, body) as Promise<T>;
  };

  const transactions: Omit<Transactions, 'readLagging'> = {
    transaction: (scope, mode, body, concerned) =>
      (mode === 'read' ? fresh(scope, body, 'must be fresh') : noting(given, { scope, concerned }, (words) => onPrimary({ begin: preamble(scope, 'write'), ...words }, body))),

    read(scope, body) {
      count('must be fresh');
      return given.read(scope, body);
    },

    async glance(scope, body, isWhole = () => true) {
      if (isForFresh(scope)) return fresh(scope, body, 'must be fresh');
      const shut = replica.why() ?? (await mayServe() ? null : 'away');
      if (shut) return fresh(scope, body, shut);
      const own = await replica.written.by(scope.id);
      if (!replica.mayHave(own)) return fresh(scope, body, 'own change');
      const tried = await glanceThere(given, Math.max(own, replica.needed()), { scope, body, isWhole });
      if ('why' in tried) return fresh(scope, body, tried.why);
      count('may lag');
      return tried.found;
    },
  };
  return { ...transactions, readLagging: (scope, body, isWhole) => transactions.glance(scope, (em) => body(rowsWithin(em)), isWhole) };
}

/** A service's own reads decide something; strangers have no name to remember their changes by; what an event tells of may not have arrived. */
const isForFresh = ({ kind }: Scope): boolean => (kind !== 'user' && kind !== 'key') || requestInfo()?.isEvent === true;

interface Glance<T> { scope: Scope; body: Parameters<Transact>[1]; isWhole: (found: T) => boolean }

async function glanceThere<T>({ replica, onReplica, preamble }: Given, needed: number, { scope, body, isWhole }: Glance<T>): Promise<{ found: T } | { why: Why }> {
  let giveBack: (() => void) | undefined;
  let position: number | null = null;
  const words: Words = {
    begin: `${preamble(scope, 'read')}; SELECT ${REPLAYED}`,
    taken: (connection) => { giveBack = replica.reading(connection); },
    begun: (answered) => { position = answered as number | null; replica.saw(position); },
  };
  try {
    const found = await onReplica(words, (em) => {
      if (position === null || position < needed) throw new TooEarly();
      return body(em);
    }) as T;
    // What is not there yet is no answer: somebody may have been told its id a moment ago.
    return isWhole(found) ? { found } : { why: 'absent' };
  } catch (error) {
    if (error instanceof TooEarly) return { why: replica.why() ?? 'own change' };
    if (error instanceof AtlasError && error.code === 'DEADLINE_EXCEEDED') throw error; // it would take as long once more
    replica.failed(error);
    return { why: 'failed' };
  } finally {
    giveBack?.();
  }
}

/** Remembers how far the log went when this was committed: for who did it, and for whoever it is about. */
async function noting<T>({ replica }: Given, by: { scope: Scope; concerned: (() => readonly string[]) | undefined }, run: (words: Partial<Words>) => Promise<T>): Promise<T> {
  let position: number | null = null;
  try {
    return await run({
      commit: COMMIT_AND_POSITION,
      committed: (answered) => { position = typeof answered === 'number' ? answered : UNKNOWN; },
      unsure: () => { position = UNKNOWN; },
    });
  } finally {
    const { scope, concerned } = by;
    if (position !== null) await replica.written.note([...new Set([...isForFresh(scope) ? [] : [scope.id], ...concerned?.() ?? []])], position);
  }
}

/** Nobody reads where row-level security does nothing. Asked once, when the replica is there to be asked. */
function admission({ admit, replica }: Given): () => Promise<boolean> {
  let isAdmitted = false;
  let asking: Promise<boolean> | undefined;
  return async () => {
    if (isAdmitted) return true;
    asking ??= admit().then(() => { isAdmitted = true; return true; }, (error: unknown) => { replica.failed(error); return false; }).finally(() => { asking = undefined; });
    return asking;
  };
}
