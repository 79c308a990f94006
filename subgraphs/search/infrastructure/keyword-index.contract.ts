/** What every keyword index promises, tried on each adapter. How it ranks is its own affair where it is not plain what fits better. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, type CollectionId, type TenantId } from '../../../platform/ids.ts';
import { docOf } from '../../../test/kit/search-documents.ts';
import type { Asked, Doc, Filter, Found, KeywordIndex, Reach } from '../domain/ports.ts';
import { queryOf } from '../domain/query.ts';

/** `tell` is what the service does with changes: whoever asks when it has resolved is answered with them. */
export interface OpenedIndex { index: KeywordIndex; tell(tenantId: TenantId, docs: readonly Doc[]): Promise<void>; close(): Promise<void> }

/** `OWN`: an engine reads words and questions by rules of its own, which know no stems and may demand rare words of a question. */
export function keywordIndexContract(name: string, open: () => Promise<OpenedIndex>, rules: 'OURS' | 'OWN' = 'OURS'): void {
  describe(`the keyword index: ${name}`, () => {
    let opened: OpenedIndex;
    let tenantId: TenantId;
    let [notes, plans]: [CollectionId, CollectionId] = [newId('col'), newId('col')];
    let seq = 0n;
    beforeAll(async () => { opened = await open(); });
    afterAll(() => opened?.close());
    beforeEach(() => {
      tenantId = newId('tnt');
      [notes, plans] = [newId('col'), newId('col')];
    });

    const tell = async (...docs: Partial<Doc>[]): Promise<Doc[]> => {
      const told = docs.map((doc) => docOf({ tenantId, collectionId: notes, ...doc, seq: (seq += 1n) }));
      await opened.tell(tenantId, told);
      return told;
    };
    const ask = (text: string, more: Partial<Omit<Asked, 'query'>> = {}): Promise<Found> =>
      opened.index.find({ tenantId, reach: { everything: true }, query: queryOf(text), filter: {}, first: 10, facets: false, ...more });
    const titles = async (docs: readonly Doc[], asked: Promise<Found>) => (await asked).hits.map(({ itemId }) => docs.find((doc) => doc.itemId === itemId)?.title);
    const only = (...collectionIds: CollectionId[]): Reach => ({ everything: false, collectionIds });

    it('finds a word wherever it stands, and in another form of it', async () => {
      const docs = await tell({ title: 'Walking boots' }, { title: 'b', body: 'They walked home.' }, { title: 'c', tags: ['walks'] }, { title: 'd', attached: 'A walk.' }, { title: 'e', body: 'Nothing of it.' });
      expect((await titles(docs, ask('walk'))).sort()).toEqual(['Walking boots', 'b', 'c', 'd']);
      expect((await ask('walk')).total).toBe(4);
    });

    it('finds what has some of the words, and first what has all of them', async () => {
      const docs = await tell({ title: 'one', body: 'Glaciers move.' }, { title: 'both', body: 'Glaciers carve valleys.' }, { title: 'none', body: 'The sea.' });
      expect((await titles(docs, ask('how do glaciers carve valleys?')))[0]).toBe('both');
      if (rules === 'OURS') expect((await ask('how do glaciers carve valleys?')).total).toBe(2);
    });

    it('puts a word in the title before one in the body', async () => {
      const docs = await tell({ title: 'other', body: 'A word about lighthouses and ships.' }, { title: 'lighthouses', body: 'A word about towers and ships.' });
      expect(await titles(docs, ask('lighthouses '))).toEqual(['lighthouses', 'other']);
    });

    it('finds phrases word by word, and leaves out what is excluded', async () => {
      const docs = await tell({ title: 'a', body: 'brown rice with salt' }, { title: 'b', body: 'rice, brown bread' }, { title: 'c', body: 'brown rice with pepper' });
      expect((await titles(docs, ask('"brown rice"'))).sort()).toEqual(['a', 'c']);
      expect(await titles(docs, ask('"brown rice" -pepper'))).toEqual(['a']);
      expect((await titles(docs, ask('brown -"brown rice"')))).toEqual(['b']);
      expect(await titles(docs, ask('-pepper'))).toEqual([]);
    });

    it('takes the last word for the beginning of one, and a wrong letter for the right one', async () => {
      const docs = await tell({ title: 'a', body: 'a telescope' }, { title: 'b', body: 'a microscope' });
      expect(await titles(docs, ask('telesc'))).toEqual(['a']);
      expect(await titles(docs, ask('micorscope '))).toEqual(['b']);
      expect(await titles(docs, ask('mikroscope'))).toEqual(['b']);
    });

    it('answers of what was told last, and of what is deleted nothing', async () => {
      const [doc] = await tell({ title: 'The first', body: 'apples' }) as [Doc];
      await tell({ ...doc, version: 2, body: 'pears' });
      expect([(await ask('apples ')).total, (await ask('pears ')).hits.map(({ version }) => version)]).toEqual([0, [2]]);
      await tell({ ...doc, version: 3, deleted: true, title: '', body: '' });
      expect([(await ask('pears ')).total, (await ask('first ')).total]).toEqual([0, 0]);
      await tell({ ...doc, version: 4, body: 'plums', collectionId: plans });
      expect([(await ask('plums ', { reach: only(notes) })).total, (await ask('plums ', { reach: only(plans) })).total]).toEqual([0, 1]);
    });

    it('is none the wiser for hearing the same twice', async () => {
      const [doc] = await tell({ title: 'Twice', body: 'twofold' }) as [Doc];
      await opened.index.apply(tenantId, [doc]);
      await opened.index.apply(tenantId, [doc]);
      expect((await ask('twofold')).total).toBe(1);
    });

    it('filters by each thing, and by all together', async () => {
      const at = (day: string) => new Date(`${day}T00:00:00Z`);
      const docs = await tell(
        { title: 'a', body: 'fern', tags: ['Wood', 'moss'], createdBy: 'usr_ann', createdAt: at('2026-01-10'), metadata: { year: 1901, kind: 'x' } },
        { title: 'b', body: 'fern', tags: ['wood'], createdBy: 'usr_ben', createdAt: at('2026-02-10'), metadata: { year: '1901', done: true }, collectionId: plans },
        { title: 'c', body: 'fern', tags: [`a" OR 'b`], createdBy: 'usr_ann', createdAt: at('2026-03-10'), metadata: { note: null } });
      const filtered = async (filter: Filter) => (await titles(docs, ask('fern', { filter }))).sort().join('');
      expect(await filtered({ collectionIds: [plans] })).toBe('b');
      expect(await filtered({ tags: ['Wood'] })).toBe('a');
      expect(await filtered({ tags: ['moss', 'wood'] })).toBe('ab');
      expect(await filtered({ tags: [`a" OR 'b`] })).toBe('c');
      expect(await filtered({ tags: [`x' OR 1 = 1 --`, '" OR tags EXISTS OR "'] })).toBe('');
      expect(await filtered({ createdBy: 'usr_ann' })).toBe('ac');
      expect(await filtered({ createdAfter: at('2026-02-10') })).toBe('bc');
      expect(await filtered({ createdBefore: at('2026-02-10') })).toBe('a');
      expect(await filtered({ metadata: { year: 1901 } })).toBe('a');
      expect(await filtered({ metadata: { year: '1901', done: true } })).toBe('b');
      expect(await filtered({ metadata: { note: null } })).toBe('c');
      expect(await filtered({ createdBy: 'usr_ann', tags: ['moss'], metadata: { kind: 'x' } })).toBe('a');
      expect(await filtered({ createdBy: 'usr_ben', tags: ['moss'] })).toBe('');
      expect(await filtered({ tags: [], collectionIds: [] })).toBe('abc');
    });

    it('counts every hit by what it is filtered by', async () => {
      await tell(...Array.from({ length: 12 }, (_, at): Partial<Doc> => ({
        title: `t${at}`, body: 'heron', tags: at % 2 ? ['odd'] : ['even', 'all'], createdBy: at < 4 ? 'usr_ann' : 'usr_ben', createdAt: new Date(Date.UTC(2026, at % 3, 31 - 3)), collectionId: at === 0 ? plans : notes,
      })));
      const { facets, total, hits } = await ask('heron', { facets: true, first: 3 });
      expect([total, hits.length]).toEqual([12, 3]);
      expect(facets).toEqual([
        { field: 'collection', values: [{ value: notes, count: 11 }, { value: plans, count: 1 }] },
        { field: 'tag', values: [{ value: 'all', count: 6 }, { value: 'even', count: 6 }, { value: 'odd', count: 6 }] },
        { field: 'creator', values: [{ value: 'usr_ben', count: 8 }, { value: 'usr_ann', count: 4 }] },
        { field: 'month', values: [{ value: '2026-01', count: 4 }, { value: '2026-02', count: 4 }, { value: '2026-03', count: 4 }] },
      ]);
    });

    it('pages through everything once, whatever the page', async () => {
      const docs = await tell(...Array.from({ length: 23 }, (_, at): Partial<Doc> => ({ title: `t${at}`, body: `otter ${'otter '.repeat(at % 3)} river` })));
      const seen: string[] = [];
      let found = await ask('otter', { first: 5 });
      for (; ; found = await ask('otter', { first: 5, after: found.hits.at(-1)!.place })) {
        seen.push(...found.hits.map(({ itemId }) => itemId));
        if (!found.hasMore) break;
      }
      expect([seen.length, found.total, new Set(seen)]).toEqual([23, 23, new Set(docs.map(({ itemId }) => itemId))]);
    });

    it('answers out of what is within reach alone, in hits, counts, facets and suggestions', async () => {
      const docs = await tell({ title: 'mine', body: 'quartz', tags: ['open'] }, { title: 'theirs', body: 'quartz quarantine', tags: ['secret'], collectionId: plans });
      const found = await ask('quartz', { reach: only(notes), facets: true });
      expect([found.total, found.hits.map(({ itemId }) => itemId)]).toEqual([1, [docs[0]!.itemId]]);
      expect(JSON.stringify(found.facets)).not.toMatch(/secret/);
      expect(await opened.index.suggest({ tenantId, reach: only(notes), prefix: 'qua', first: 5 })).toEqual(['quartz']);
      expect((await ask('quarantine ', { reach: only(notes) })).hits).toEqual([]);
      expect((await ask('quartz', { reach: only(), facets: true }))).toMatchObject({ total: 0, hits: [], hasMore: false });
      expect((await ask('quartz', { reach: only(notes), filter: { collectionIds: [plans] } })).total).toBe(0);
    });

    it('knows nothing of another tenant', async () => {
      await tell({ title: 'Ours', body: 'obsidian', tags: ['ours'] });
      const other = { tenantId: newId('tnt') };
      expect(await ask('obsidian', { ...other, facets: true })).toMatchObject({ total: 0, hits: [] });
      expect(await ask('obsidian', { ...other, reach: only(notes) })).toMatchObject({ total: 0, hits: [] });
      expect(await opened.index.suggest({ ...other, reach: { everything: true }, prefix: 'obs', first: 5 })).toEqual([]);
    });

    it('suggests what is there, the most frequent first, and keeps what was typed before it', async () => {
      await tell({ body: 'marble marmalade' }, { body: 'marble' }, { body: 'mark' });
      const suggest = (prefix: string, first = 5) => opened.index.suggest({ tenantId, reach: { everything: true }, prefix, first });
      expect((await suggest('mar'))[0]).toBe('marble');
      expect((await suggest('mar')).sort()).toEqual(['marble', 'mark', 'marmalade']);
      expect(await suggest('Orange marm')).toEqual(['Orange marmalade']);
      expect([await suggest(''), await suggest('zzz'), await suggest('mar ')]).toEqual([[], [], []]);
      expect(await suggest('mar', 1)).toHaveLength(1);
    });

    it('reads each language by its own rules', async () => {
      const docs = await tell({ title: 'de', body: 'Die Häuser am See', language: 'de' }, { title: 'fr', body: 'les étés chauds', language: 'fr' }, { title: 'ja', body: '東京へ行く', language: 'ja' });
      expect(await titles(docs, ask(rules === 'OURS' ? 'haus ' : 'häuser '))).toEqual(['de']);
      expect(await titles(docs, ask(rules === 'OURS' ? 'été ' : 'étés '))).toEqual(['fr']);
      expect(await titles(docs, ask('東京 '))).toEqual(['ja']);
    });

    it.each([
      ['nothing', ''], ['a blank', ' '], ['a quote', '"'], ['operators alone', '- - - "" """'], ['control characters', '\u0000\u0007'], ['patterns', '%_\\ * [a-z]'], ['SQL', "'; DROP TABLE search.document; --"],
      ['brackets', '(((((' ], ['half a character', '\ud800'], ['one long word', 'a'.repeat(10_000)], ['many words', 'a b '.repeat(2_500)], ['many quotes', '" '.repeat(500)], ['an emoji', '🦊'],
    ])('answers whatever is typed: %s', async (_, text) => {
      await tell({ title: 'Something', body: 'here' });
      expect(typeof (await ask(text, { facets: true })).total).toBe('number');
      expect(Array.isArray(await opened.index.suggest({ tenantId, reach: { everything: true }, prefix: text, first: 5 }))).toBe(true);
    });

    it('says how far it has come', async () => {
      await tell({ body: 'first' }, { body: 'second' });
      const before = (await ask('first')).upTo;
      await tell({ body: 'third' });
      expect((await ask('third')).upTo).toBeGreaterThan(before);
    });
  });
}
