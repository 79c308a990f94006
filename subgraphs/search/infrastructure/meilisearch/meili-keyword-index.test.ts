import { afterEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { newId } from '../../../../platform/ids.ts';
import { meiliServer } from '../../../../test/kit/meili-server.ts';
import { recordingServer, replyJson, type Recorded, type Reply } from '../../../../test/kit/recording-server.ts';
import type { Asked, Doc } from '../../domain/ports.ts';
import { queryOf } from '../../domain/query.ts';
import { keywordIndexContract } from '../keyword-index.contract.ts';
import { openMeili, type MeiliSettings } from './meili-engine.ts';
import { ofTenant } from './meili-filter.ts';
import { SETTINGS, SETTINGS_VERSION } from './meili-settings.ts';
import { meiliVersions } from './meili-versions.ts';

const { MEILI_URL, MEILI_KEY } = process.env;
if (MEILI_URL) {
  keywordIndexContract('Meilisearch', async () => {
    const engine = openMeili({ url: MEILI_URL, key: MEILI_KEY, prefix: `test-${newId('evt').slice(-10)}` });
    const { live, ready } = meiliVersions(engine);
    await ready();
    const close = async () => { for (const name of ['items', 'heard', 'version']) await engine.done(engine.client.deleteIndex(`${engine.prefix}-${name}`)); };
    return { index: live, tell: (tenant, docs) => live.apply(tenant, docs), close };
  }, 'OWN');
} else process.stderr.write('No MEILI_URL: the contract of keyword indexes is not tried on Meilisearch.\n');

keywordIndexContract('Meilisearch, as it is documented', async () => {
  const server = await meiliServer();
  const { live, ready } = meiliVersions(openMeili({ url: server.url, prefix: 'test' }));
  await ready();
  return { index: live, tell: (tenant, docs) => live.apply(tenant, docs), close: async () => server.stop() };
}, 'OWN');

const tenantId = newId('tnt');
const docOf = (more: Partial<Doc> = {}): Doc => ({
  tenantId, itemId: newId('itm'), seq: 7n, version: 2, collectionId: newId('col'), title: 'A title', tags: ['Blue'], body: 'The body', attached: '', language: 'en', metadata: { x: 1 },
  createdBy: newId('usr'), createdAt: new Date('2026-03-31T23:59:59Z'), updatedAt: new Date(), deleted: false, ...more });
const askedOf = (text: string, more: Partial<Asked> = {}): Asked => ({ tenantId, reach: { everything: true }, query: queryOf(text), filter: {}, first: 2, facets: false, ...more });

let taskUid = 0;
const enqueued = (response: ServerResponse) => replyJson(response, 202, { taskUid: (taskUid += 1), indexUid: 'x', status: 'enqueued', type: 'documentAdditionOrUpdate', enqueuedAt: new Date().toISOString() });
const task = (response: ServerResponse, status: string, code?: string) => replyJson(response, 200, { uid: taskUid, indexUid: 'x', status, type: 'documentAdditionOrUpdate', error: code ? { message: 'secret detail', code, type: 'invalid_request', link: '' } : null, enqueuedAt: '', canceledBy: null, details: {}, duration: null, startedAt: null, finishedAt: null });
const listed = (response: ServerResponse, results: unknown[]) => replyJson(response, 200, { results, offset: 0, limit: 20, total: results.length });
const hits = [{ id: 'itm_a', version: 1, _rankingScore: 0.9 }, { id: 'itm_b', version: 1, _rankingScore: 0.5 }, { id: 'itm_c', version: 4, _rankingScore: 0.5 }];

/** What Meilisearch answers to these calls by its documentation, holding what is said. */
const meili = (given: { heard?: string; stand?: unknown[]; facetHits?: unknown[]; indexes?: string[]; version?: string } = {}): Reply => ({ method, path, body }, response) => {
  if (path.startsWith('/tasks/')) return task(response, 'succeeded');
  if (path.endsWith('/facet-search')) return replyJson(response, 200, { facetHits: given.facetHits ?? [], facetQuery: body.facetQuery, processingTimeMs: 1 });
  if (path.endsWith('/search')) return replyJson(response, 200, { hits, totalHits: 3, page: 1, totalPages: 1, hitsPerPage: body.hitsPerPage, processingTimeMs: 1, query: body.q, facetDistribution: { tags: { b: 1, a: 1, c: 5 }, month: { '2026-03': 2 } } });
  if (path.includes('/documents/fetch') || (method === 'GET' && path.includes('/documents'))) return listed(response, path.includes('version') ? (given.version ? [{ id: 'live', version: given.version }] : []) : path.includes('heard') ? (given.heard ? [{ id: tenantId, seq: given.heard }] : []) : given.stand ?? []);
  if (path.startsWith('/indexes') && method === 'GET') return listed(response, (given.indexes ?? []).map((uid) => ({ uid, primaryKey: 'id', createdAt: '', updatedAt: '' })));
  return enqueued(response);
};

describe('words in Meilisearch', () => {
  const open: (() => void)[] = [];
  afterEach(() => { for (const stop of open.splice(0)) stop(); });
  const opened = async (reply: Reply = meili(), more: Partial<MeiliSettings> = {}) => {
    const server = await recordingServer(reply);
    open.push(server.stop);
    const versions = meiliVersions(openMeili({ url: server.url, key: 'ms-test', prefix: 't', ...more }));
    return { ...server, versions, index: versions.live };
  };
  const calls = (sent: readonly Recorded[]) => sent.filter(({ path }) => !path.startsWith('/tasks/')).map(({ method, path }) => `${method} ${path.split('?')[0]}`);

  it('are asked for inside of tenant and reach, with the question in its own language and the order of equals said', async () => {
    const collectionId = newId('col');
    const { index, sent } = await opened(meili({ heard: '41' }));
    const found = await index.find(askedOf('tall "brown rice" -pepper -"white bread" tre', { reach: { everything: false, collectionIds: [collectionId] } }));
    const [, asked] = sent;
    expect(asked).toMatchObject({ path: '/indexes/t-items/search', headers: { authorization: 'Bearer ms-test' }, body: {
      q: '-pepper -"white bread" "brown rice" tall tre', filter: [ofTenant(tenantId), `collection IN ["${collectionId}"]`], sort: ['id:asc'], showRankingScore: true, page: 1, hitsPerPage: 3, matchingStrategy: 'frequency', facets: [] } });
    expect(found).toMatchObject({ total: 3, hasMore: true, upTo: 41n, facets: [], hits: [{ itemId: 'itm_a', score: 0.9 }, { itemId: 'itm_b', place: { score: 0.5, itemId: 'itm_b' } }] });
  });

  it('a whole last word is no beginning', async () => {
    const { index, sent } = await opened();
    await index.find(askedOf('tall tree '));
    expect(sent.at(-1)!.body.q).toBe('tall tree ');
  });

  it('go on after a place, of equals after the smaller id', async () => {
    const { index } = await opened();
    const found = await index.find(askedOf('x', { after: { score: 0.5, itemId: 'itm_b' as never } }));
    expect(found).toMatchObject({ hits: [{ itemId: 'itm_c' }], hasMore: false });
  });

  it('facets come the most frequent first, of equals by name', async () => {
    const { index } = await opened();
    const { facets } = await index.find(askedOf('x', { facets: true }));
    expect(facets).toEqual([{ field: 'collection', values: [] }, { field: 'tag', values: [{ value: 'c', count: 5 }, { value: 'a', count: 1 }, { value: 'b', count: 1 }] }, { field: 'creator', values: [] }, { field: 'month', values: [{ value: '2026-03', count: 2 }] }]);
  });

  it('nobody who reaches nothing, or asks for nothing, is answered from them', async () => {
    const { index, sent } = await opened(meili({ heard: '9', facetHits: [{ value: 'tree', count: 1 }] }));
    const none: Asked['reach'] = { everything: false, collectionIds: [] };
    expect(await index.find(askedOf('x', { reach: none }))).toMatchObject({ hits: [], total: 0, upTo: 9n });
    expect(await index.find(askedOf('-x'))).toMatchObject({ hits: [], total: 0 });
    expect(await index.suggest({ tenantId, reach: none, prefix: 'tr', first: 5 })).toEqual([]);
    expect(sent.filter(({ path }) => path.includes('search'))).toEqual([]);
  });

  it('are suggested by what they begin with, the most frequent first, never by what is only alike', async () => {
    const { index, sent } = await opened(meili({ facetHits: [{ value: 'tree', count: 1 }, { value: 'try', count: 1 }, { value: 'three', count: 9 }, { value: 'trout', count: 4 }] }));
    expect(await index.suggest({ tenantId, reach: { everything: true }, prefix: 'tall TR', first: 2 })).toEqual(['tall trout', 'tall tree']);
    expect(await index.suggest({ tenantId, reach: { everything: true }, prefix: 'tr ', first: 2 })).toEqual([]);
    expect(sent[0]!.body).toEqual({ facetName: 'words', facetQuery: 'tr', filter: [ofTenant(tenantId)] });
  });

  it('are written in batches, each awaited, what is heard said last', async () => {
    const { index, sent } = await opened();
    await index.apply(tenantId, [...Array.from({ length: 600 }, () => docOf()), docOf({ seq: 12n, deleted: true })]);
    const one = ['POST /indexes/t-items/documents/fetch', 'POST /indexes/t-items/documents', 'GET /indexes/t-heard/documents', 'POST /indexes/t-heard/documents'];
    expect(calls(sent)).toEqual([...one, one[0], 'POST /indexes/t-items/documents/delete-batch', ...one.slice(1)]);
    expect(sent.filter(({ path, method }) => method === 'POST' && path === '/indexes/t-items/documents').map(({ body }) => body.length)).toEqual([500, 100]);
    expect(sent.filter(({ method, path }) => method === 'POST' && path === '/indexes/t-heard/documents').map(({ body }) => body)).toEqual([[{ id: tenantId, seq: '7' }], [{ id: tenantId, seq: '12' }]]);
  });

  it('an older word does not stand above a newer one', async () => {
    const doc = docOf();
    const { index, sent } = await opened(meili({ heard: '20', stand: [{ id: doc.itemId, seq: 8 }] }));
    await index.apply(tenantId, [doc]);
    expect(calls(sent)).not.toContain('POST /indexes/t-items/documents');
    expect(sent.find(({ method, path }) => method === 'POST' && path === '/indexes/t-heard/documents')!.body).toEqual([{ id: tenantId, seq: '20' }]);
  });

  it('a task that failed fails the call, and nothing is said to be heard', async () => {
    const normal = meili();
    const { index, sent } = await opened((request, response) => (request.path.startsWith('/tasks/') ? task(response, 'failed', 'invalid_document_id') : normal(request, response)));
    const refused = await index.apply(tenantId, [docOf()]).then(() => null, (error: Error) => error);
    expect(refused).toMatchObject({ code: 'SEARCH_UNAVAILABLE', retryable: true });
    expect(String(refused!.cause)).toContain('invalid_document_id');
    expect(calls(sent)).not.toContain('POST /indexes/t-heard/documents');
  });

  it('a task that never ends is not waited for', async () => {
    const normal = meili();
    const { index } = await opened((request, response) => (request.path.startsWith('/tasks/') ? task(response, 'processing') : normal(request, response)), { taskMs: 150 });
    await expect(index.apply(tenantId, [docOf()])).rejects.toMatchObject({ code: 'SEARCH_UNAVAILABLE' });
  });

  it('what cannot be reached, fails or says nothing is one sentence with a code', async () => {
    for (const reply of [(_: Recorded, response: ServerResponse) => replyJson(response, 500, { message: 'secret detail', code: 'internal', type: 'internal', link: '' }), (_: Recorded, response: ServerResponse) => void response.destroy(), () => undefined]) {
      const { index, versions, url } = await opened(reply, { timeoutMs: 200 });
      for (const call of [() => index.find(askedOf('x')), () => index.apply(tenantId, [docOf()]), () => index.suggest({ tenantId, reach: { everything: true }, prefix: 'x', first: 1 }), () => index.forget(tenantId), () => versions.ready(), () => versions.next()]) {
        const refused = await call().then(() => null, (error: Error) => error);
        expect(refused).toMatchObject({ code: 'SEARCH_UNAVAILABLE', retryable: true });
        for (const hidden of ['secret', url, 'ms-test']) expect(refused!.message).not.toContain(hidden);
      }
    }
  });

  it('an index is made once, with the settings of the code, and told to be outdated when it has others', async () => {
    const { versions, sent } = await opened(meili({ version: SETTINGS_VERSION }));
    expect(await versions.ready()).toEqual({ isOutdated: false });
    expect(sent.find(({ path }) => path === '/indexes/t-items/settings')).toMatchObject({ method: 'PATCH', body: JSON.parse(JSON.stringify(SETTINGS)) });
    const old = await opened(meili({ indexes: ['t-items', 't-heard', 't-version'], version: 'before' }));
    expect(await old.versions.ready()).toEqual({ isOutdated: true });
    expect(calls(old.sent)).toEqual(['GET /indexes', 'GET /indexes/t-version/documents']);
  });

  it('the next version is filled beside the live one and takes its place in one step', async () => {
    const { versions, sent } = await opened();
    const { index, takeOver } = await versions.next();
    await index.apply(tenantId, [docOf()]);
    const beside = `t-items-${SETTINGS_VERSION}`;
    expect(calls(sent)).toContain(`POST /indexes/${beside}/documents`);
    expect(calls(sent)).not.toContain('POST /indexes/t-items/documents');
    sent.length = 0;
    await takeOver();
    expect(calls(sent)).toEqual(['POST /swap-indexes', 'POST /indexes/t-version/documents', `DELETE /indexes/${beside}`, `DELETE /indexes/t-heard-${SETTINGS_VERSION}`]);
    expect(sent[0]!.body).toMatchObject([{ indexes: ['t-items', beside] }, { indexes: ['t-heard', `t-heard-${SETTINGS_VERSION}`] }]);
  });
});
