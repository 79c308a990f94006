/** Goes through a chain from a place that is known to be sound to its head, a batch at a time, and names the first row that is not what was appended. */
import type { Look, Scope, Work } from '../../../platform/work.ts';
import { BEGINNING, faultAtEnd, faultOf, isSealed, sealed, SYSTEM, type ChainName, type End, type Fault, type Head, type Place, type Seals } from '../domain/audit-chain.ts';
import type { Ports } from '../domain/ports.ts';

const BATCH = 250;
/** Rows that one question looks at: a trail no longer than that is always looked at as a whole, a longer one from its last mark on. */
const AT_ONCE_MAX = 20_000;

/** A place that somebody wrote down when the chain was that long. */
export type Noted = Pick<Place, 'seq' | 'hash'>;

export interface Verdict {
  /** The head was reached, and everything that was looked at is as it was appended. */
  verified: boolean;
  count: number;
  head: Head | null;
  fault: Fault | null;
  /** How many rows were looked at now. */
  checked: number;
}

export interface VerifyTrail {
  /** As much as one question may take. */
  some(chain: ChainName): Promise<Verdict>;
  /** All of it, and that it still holds what was noted. */
  whole(chain: ChainName, noted?: Noted): Promise<Verdict>;
}

interface Given { work: Work<Ports>; look: Look<Ports>; seals: Seals; atOnceMax?: number }

export function verifyTrail(given: Given): VerifyTrail {
  const { seals, atOnceMax = AT_ONCE_MAX } = given;
  const running = new Map<ChainName, Promise<Verdict>>();

  const some = async (chain: ChainName): Promise<Verdict> => {
    const { mark, ...end } = await given.look(scopeOf(chain), async ({ audit }) => ({ ...await audit.end(chain), mark: await audit.mark(chain) }));
    const count = end.head?.seq ?? 0;
    const isLong = count > atOnceMax;
    const from = isLong && mark && mark.seq <= count && isSealed('mark', chain, mark, seals) ? mark : BEGINNING;
    const walked = await walk(given, { chain, from, to: Math.min(count, from.seq + atOnceMax) });
    const { at } = walked;
    if (isLong && !walked.fault && at.seq > from.seq) await given.work(scopeOf(chain), ({ audit }) => audit.keepMark(chain, sealed('mark', chain, at, seals)));
    const isThrough = walked.fault !== null || at.seq < from.seq + atOnceMax || at.seq >= count;
    return verdict(end, from, walked, isThrough ? faultAtEnd(chain, end, at, seals) : null);
  };

  return {
    some(chain) {
      // Many who ask at one moment are told the same.
      const asked = running.get(chain) ?? some(chain).finally(() => running.delete(chain));
      running.set(chain, asked);
      return asked;
    },
    async whole(chain, noted) {
      const end = await given.look(scopeOf(chain), ({ audit }) => audit.end(chain));
      const walked = await walk(given, { chain, from: BEGINNING, to: end.head?.seq ?? 0, ...(noted && { noted }) });
      const cut = noted && noted.seq > walked.at.seq ? { id: walked.at.eventId || null, why: `place ${noted.seq} was noted, and the trail ends at ${walked.at.seq}` } : null;
      return verdict(end, BEGINNING, walked, faultAtEnd(chain, end, walked.at, seals) ?? cut);
    },
  };
}

const verdict = ({ head }: End, from: Place, { at, fault }: Walked, atEnd: Fault | null): Verdict =>
  ({ verified: !fault && !atEnd && at.seq === (head?.seq ?? 0), count: head?.seq ?? 0, head, fault: fault ?? atEnd, checked: at.seq - from.seq });

interface Walked { at: Place; fault: Fault | null }

/** To this place, or to the first row that does not fit. */
async function walk({ look, seals }: Given, { chain, from, to, noted }: { chain: ChainName; from: Place; to: number; noted?: Noted }): Promise<Walked> {
  let at = from;
  while (at.seq < to) {
    const begins = at;
    for (const row of await look(scopeOf(chain), ({ audit }) => audit.from(chain, begins.seq, BATCH))) {
      if (row.seq > to) return { at, fault: null };
      if (row.seq === begins.seq && row.id === begins.eventId) continue; // where the last batch ended
      const why = faultOf(at, row, seals) ?? (row.seq === noted?.seq && row.hash !== noted.hash ? `what stands in place ${row.seq} is not what was noted` : null);
      if (why) return { at, fault: { id: row.id, why } };
      at = { seq: row.seq, hash: row.hash, eventId: row.id };
    }
    if (at === begins) break; // there is nothing more
  }
  return { at, fault: null };
}

const scopeOf = (chain: ChainName): Scope => ({ kind: 'system', id: 'system:tenants', userId: null, tenantId: chain === SYSTEM ? null : chain });
