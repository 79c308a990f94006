/** An index of words elsewhere, with the one in the database behind it: whatever the first cannot answer, the second does, and it is said. */
import { AtlasError } from '../../../platform/errors.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { KeywordIndex } from '../domain/ports.ts';
import { boundedQuestions } from './bounded.ts';

/** An index that so many changes have not reached is filled, or comes back: it would lack too much. */
const BEHIND_MAX = 200n;

export function wordsElsewhere(first: KeywordIndex, behind: KeywordIndex, newest: (tenantId: TenantId) => Promise<bigint>, bounded = boundedQuestions()): KeywordIndex {
  const orNothing = <T>(ask: () => Promise<T>): Promise<T | null> => bounded(ask).catch((error: unknown) => {
    if (error instanceof AtlasError && error.code === 'SEARCH_UNAVAILABLE') return null;
    throw error;
  });
  const isFar = (upTo: bigint, seq: bigint): boolean => seq - upTo > BEHIND_MAX || (upTo === 0n && seq > 0n);
  return {
    name: first.name, apply: first.apply, forget: first.forget,
    async find(asked) {
      const [found, seq] = await Promise.all([orNothing(() => first.find(asked)), newest(asked.tenantId)]);
      return found && !isFar(found.upTo, seq) ? found : { ...await behind.find(asked), degraded: true };
    },
    async suggest(asked) {
      return await orNothing(() => first.suggest(asked)) ?? behind.suggest(asked);
    },
  };
}
