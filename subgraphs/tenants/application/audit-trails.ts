/** Every trail there is, or one, verified from its first event to its last: for whoever runs Atlas, who sees that it is whole and nothing of what is in it. */
import { AtlasError } from '../../../platform/errors.ts';
import { isId } from '../../../platform/ids.ts';
import { SYSTEM, type ChainName } from '../domain/audit-chain.ts';
import type { Noted, VerifyTrail } from './verify-trail.ts';

interface Finding { trail: string; name: string; count: number; noted: string | null; why: string | null; firstBroken: string | null }
interface Given { verify: VerifyTrail; trails(): Promise<{ chain: ChainName; name: string }[]> }

export const auditTrails = (given: Given) => async function* (wanted: string | null, noted?: Noted): AsyncGenerator<Finding, void, undefined> {
  const all = await given.trails();
  const chosen = wanted === null ? all : all.filter(({ chain, name }) => chain === wanted || name === wanted);
  if (chosen.length === 0) throw new AtlasError('NOT_FOUND', `There is no audit trail of ${wanted}: name a tenant by its slug or id, or system.`);
  for (const { chain, name } of chosen) {
    // Planted, and no reason not to look at the others.
    if (chain !== SYSTEM && !isId('tnt', chain)) {
      yield { trail: chain, name, count: 0, noted: null, why: 'no tenant can have this id', firstBroken: null };
      continue;
    }
    const { count, head, fault } = await given.verify.whole(chain, noted);
    yield { trail: chain, name, count, noted: head ? `${head.seq}:${head.hash}` : null, why: fault?.why ?? null, firstBroken: fault?.id ?? null };
  }
};
