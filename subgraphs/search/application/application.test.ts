/** What is decided between the ports, whatever stands behind them. */
import { describe, expect, it } from '@jest/globals';
import { newId, type ItemId } from '../../../platform/ids.ts';
import { userViewer } from '../../../platform/viewer.ts';
import { docOf } from '../../../test/kit/search-documents.ts';
import type { Ports } from '../domain/document-ports.ts';
import { FUSED_MAX } from '../domain/fusion.ts';
import type { Found, KeywordIndex } from '../domain/ports.ts';
import { beside } from './beside.ts';
import type { Indexes } from './rank.ts';
import { renewWords } from './renew-words.ts';
import { searchItems, type SearchAsked, type SearchGiven } from './search-items.ts';

const tenantId = newId('tnt');
const viewer = userViewer({ userId: newId('usr'), sessionId: null, tenantId, role: 'OWNER' });
const asked: SearchAsked = { query: 'heron', filter: {}, mode: 'HYBRID', first: 10, after: null, atLeast: null, facets: false };
const idsOf = (count: number): ItemId[] => Array.from({ length: count }, () => newId('itm')).toSorted();
const none = async () => undefined;

interface World { words: readonly ItemId[]; near?: readonly ItemId[]; weight?: number; upTo?: () => bigint; placed?: () => bigint; seq?: bigint | null; lost?: ReadonlySet<ItemId> }
/** An index that finds these in this order, and meanings that find those. */
function searching({ words, near = [], weight = 0.3, upTo = () => 9n, placed = () => 9n, seq = null, lost = new Set() }: World) {
  const find: KeywordIndex['find'] = async ({ first, after }): Promise<Found> => {
    const from = after ? words.indexOf(after.itemId) + 1 : 0;
    const hits = words.slice(from, from + first).map((itemId, at) => ({ itemId, version: 1, score: 1_000 - from - at, place: { score: 1_000 - from - at, itemId } }));
    return { hits, total: words.length, facets: [], hasMore: words.length > from + first, alike: [], upTo: upTo() };
  };
  const indexes: Indexes = {
    anew: [], keyword: { name: 'words', apply: none, forget: none, suggest: async () => [], find },
    meaning: {
      placed: async () => placed(),
      embeddings: { name: 'model', isLearned: false, weight: async () => weight, embed: async (texts) => texts.map(() => Float32Array.of(1)) },
      vectors: { name: 'vectors', apply: none, forget: none, nearest: async ({ first }) => near.slice(0, first).map((itemId, at) => ({ itemId, version: 1, similarity: 1 - at / 1_000 })) },
      lexicon: { known: async () => [], passing: async () => new Set() },
    },
  };
  const given: SearchGiven = {
    indexes, behindMs: async () => 0, awaitWrite: async () => ({ isHeard: true, seq }), look: async (_, body) => body({ documents: { byIds: async () => [] } } as unknown as Ports),
    rights: { reach: async () => ({ everything: true }), collection: async () => true, seen: async (_, ids) => new Set(ids.filter((id) => !lost.has(id))) },
  };
  return (more: Partial<SearchAsked> = {}) => searchItems(given)(viewer, { ...asked, ...more });
}

describe('an answer', () => {
  it.each(['KEYWORD', 'HYBRID', 'SEMANTIC'] as const)('by %s has what it was to wait for, as soon as an index has it', async (mode) => {
    let seq = 5n;
    const ask = searching({ words: idsOf(3), near: idsOf(3), seq: 7n, upTo: () => (seq += 1n) });
    expect(await ask({ mode, atLeast: 'token' })).toMatchObject({ degraded: false });
    expect(seq).toBe(7n);
  });

  it('by meaning alone waits for what is placed, which may be behind the words', async () => {
    let seq = 5n;
    const ask = searching({ words: [], near: idsOf(3), seq: 7n, placed: () => (seq += 1n) });
    expect(await ask({ mode: 'SEMANTIC', atLeast: 'token' })).toMatchObject({ degraded: false });
    expect(seq).toBe(7n);
  });

  it('by both counts what can be paged through, and each page says whether more follows', async () => {
    const [words, near] = [idsOf(500), idsOf(300)];
    const ask = searching({ words, near });
    const seen: ItemId[] = [];
    for (let after: SearchAsked['after'] = null, more = true; more;) {
      const page = await ask({ first: 90, after });
      expect(page.total).toBe(2 * FUSED_MAX);
      seen.push(...page.hits.map(({ itemId }) => itemId));
      const last = page.hits.at(-1)!;
      [after, more] = [{ itemId: last.itemId, score: last.score }, page.hasMore];
    }
    expect(new Set(seen)).toEqual(new Set([...words.slice(0, FUSED_MAX), ...near.slice(0, FUSED_MAX)]));
    expect(seen).toHaveLength(2 * FUSED_MAX);
  });

  it('by both says nothing by its scores of how much meaning counts, which goes by items that are hidden', async () => {
    const [words, near] = [idsOf(5), idsOf(5)];
    const [little, much] = await Promise.all([0.001, 0.5].map((weight) => searching({ words, near, weight })()));
    expect(little!.hits.map(({ score }) => score)).toEqual(much!.hits.map(({ score }) => score));
  });

  it('has a full page, whatever was lost since it was indexed, and counts none of that', async () => {
    const words = idsOf(40);
    const lost = new Set(words.slice(0, 15));
    const found = await searching({ words, lost })({ mode: 'KEYWORD' });
    expect(found.hits.map(({ itemId }) => itemId)).toEqual(words.slice(15, 25));
    expect(found.total).toBe(25);
  });
});

describe('words in a new form', () => {
  it('are filled up to what there was, though a tenant never rests, and what came meanwhile is told again', async () => {
    let seq = 10n;
    const heard: bigint[] = [];
    const went: [string, bigint][] = [];
    let tookOver = 0;
    const documents = { seq: async () => seq, since: async (after: bigint) => { seq += 3n; return { docs: after < seq ? [docOf({ tenantId, collectionId: newId('col'), seq: after + 1n })] : [], upTo: after + 1n }; } };
    const followers = { take: async () => ({ seq: 0n, anew: null, generation: 1 }), leave: none, goBack: async (name: string, to: bigint) => void went.push([name, to]) };
    const ports = { documents, followers } as unknown as Ports;
    const index: KeywordIndex = { name: 'next', forget: none, suggest: async () => [], find: () => Promise.reject(new Error('Nobody asks it yet.')), apply: async (_, docs) => void heard.push(...docs.map((doc) => doc.seq)) };
    const versions = { ready: async () => ({ isOutdated: tookOver === 0 }), next: async () => ({ index, takeOver: async () => void (tookOver += 1), drop: none }) };
    const run = renewWords({ versions, follower: 'words', due: { of: async () => [tenantId], all: async () => [tenantId] }, look: async (_, body) => body(ports), work: async (_, body) => body(ports), signal: new AbortController().signal });
    await run();
    expect(tookOver).toBe(1);
    expect(heard).toEqual(heard.toSorted((a, b) => Number(a - b)));
    expect(went).toEqual([['words', heard.at(-1)]]);
    await run();
    expect(tookOver).toBe(1);
  });

  it('take nobody’s place when whoever fills them has to stop', async () => {
    const stopping = new AbortController();
    let took = false;
    const ports = { documents: { seq: async () => 5n, since: async (after: bigint) => { stopping.abort(); return { docs: [], upTo: after + 1n }; } }, followers: { take: async () => ({ seq: 0n, anew: null, generation: 1 }), leave: none, goBack: none } } as unknown as Ports;
    const versions = { ready: async () => ({ isOutdated: true }), next: async () => ({ index: {} as KeywordIndex, takeOver: async () => { took = true; }, drop: none }) };
    await expect(renewWords({ versions, follower: 'words', due: { of: async () => [tenantId], all: async () => [tenantId] }, look: async (_, body) => body(ports), work: async (_, body) => body(ports), signal: stopping.signal })()).rejects.toThrow('abort');
    expect(took).toBe(false);
  });
});

describe('work beside a loop', () => {
  it('keeps no round waiting, is done once at a time, and its failure is the next round’s', async () => {
    let begun = 0;
    let end!: () => void;
    const one = beside(() => { begun += 1; return new Promise((resolve, reject) => { end = begun === 1 ? () => reject(new Error('lost')) : resolve; }); });
    await one.round();
    await one.round();
    expect(begun).toBe(1);
    end();
    await one.over();
    await expect(one.round()).rejects.toThrow('lost');
    await one.round();
    expect(begun).toBe(2);
    end();
    await one.over();
  });
});
