import { describe, expect, it } from '@jest/globals';
import { AtlasError } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import type { Asked, Found, KeywordIndex } from '../domain/ports.ts';
import { queryOf } from '../domain/query.ts';
import { boundedQuestions } from './bounded.ts';
import { wordsElsewhere } from './words-elsewhere.ts';

const tenantId = newId('tnt');
const asked: Asked = { tenantId, reach: { everything: true }, query: queryOf('heron'), filter: {}, first: 10, facets: false };
const foundBy = (name: string, upTo: bigint): Found => ({ hits: [{ itemId: newId('itm'), version: 1, score: 1, place: { score: 1, itemId: newId('itm') } }], total: name.length, facets: [], hasMore: false, alike: [], upTo });

interface Tried { find: () => Promise<Found>; suggest?: () => Promise<string[]>; newest?: bigint; waitMs?: number }
function over({ find, suggest = async () => ['first'], newest = 1_000n, waitMs = 50 }: Tried): { index: KeywordIndex; questions: () => number } {
  let questions = 0;
  const nothing = { apply: async () => undefined, forget: async () => undefined };
  const first: KeywordIndex = { ...nothing, name: 'first', find: () => { questions += 1; return find(); }, suggest };
  const behind: KeywordIndex = { ...nothing, name: 'behind', find: async () => foundBy('behind', newest), suggest: async () => ['behind'] };
  return { index: wordsElsewhere(first, behind, async () => newest, boundedQuestions(waitMs)), questions: () => questions };
}
const by = async (index: KeywordIndex) => { const { total, degraded = false } = await index.find(asked); return [total === 'first'.length ? 'first' : 'behind', degraded]; };
const away = async (): Promise<never> => { throw new AtlasError('SEARCH_UNAVAILABLE'); };
const hangs = (): Promise<never> => new Promise(() => undefined);

describe('words elsewhere', () => {
  it('are found where they are, as long as it has nearly everything', async () => {
    expect(await by(over({ find: async () => foundBy('first', 1_000n) }).index)).toEqual(['first', false]);
    expect(await by(over({ find: async () => foundBy('first', 800n) }).index)).toEqual(['first', false]);
    expect(await by(over({ find: async () => foundBy('first', 0n), newest: 0n }).index)).toEqual(['first', false]);
  });

  it.each<[string, () => Promise<Found>, bigint]>([
    ['is away', away, 10n], ['says nothing', hangs, 10n], ['breaks', async () => { throw new TypeError('no JSON'); }, 10n],
    ['is far behind', async () => foundBy('first', 799n), 1_000n], ['is yet to be filled', async () => foundBy('first', 0n), 5n],
  ])('are found by the index behind when it %s, and it is said', async (_, find, newest) => {
    expect(await by(over({ find, newest }).index)).toEqual(['behind', true]);
  });

  it('are suggested by the index behind when it is away', async () => {
    expect(await over({ find: away }).index.suggest({ tenantId, reach: { everything: true }, prefix: 'h', first: 1 })).toEqual(['first']);
    expect(await over({ find: away, suggest: away }).index.suggest({ tenantId, reach: { everything: true }, prefix: 'h', first: 1 })).toEqual(['behind']);
  });

  it('are not asked for at all while it has just failed several times', async () => {
    const { index, questions } = over({ find: hangs, waitMs: 10 });
    for (let n = 0; n < 10; n += 1) expect(await by(index)).toEqual(['behind', true]);
    expect(questions()).toBeLessThan(10);
  });
});
