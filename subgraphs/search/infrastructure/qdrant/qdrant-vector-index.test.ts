import { afterEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { newId } from '../../../../platform/ids.ts';
import { qdrantServer } from '../../../../test/kit/qdrant-server.ts';
import { recordingServer, replyJson, type Recorded, type Reply } from '../../../../test/kit/recording-server.ts';
import { vectorIndexContract } from '../vector-index.contract.ts';
import { metadataWord } from './qdrant-filter.ts';
import { pointId, qdrantVectorIndex } from './qdrant-vector-index.ts';

const { QDRANT_URL, QDRANT_API_KEY } = process.env;
if (QDRANT_URL) {
  vectorIndexContract('Qdrant', async () => {
    const index = qdrantVectorIndex({ url: QDRANT_URL, key: QDRANT_API_KEY, prefix: `test-${newId('evt').slice(-10)}`, model: 'contract' });
    return { index, stop: async () => undefined };
  });
} else process.stderr.write('No QDRANT_URL: the contract of vectors is not tried on Qdrant.\n');

vectorIndexContract('Qdrant, as it is documented', async () => {
  const server = await qdrantServer();
  return { index: qdrantVectorIndex({ url: server.url, model: 'contract' }), stop: async () => server.stop() };
});

const ok = (response: ServerResponse, result: unknown) => replyJson(response, 200, { result, status: 'ok', time: 0 });
const failed = (response: ServerResponse, status: number) => replyJson(response, status, { status: { error: 'secret detail' }, time: 0 });

/** What Qdrant answers to these calls by its documentation, about points of which it knows none. */
const qdrant = (request: Recorded, response: ServerResponse): void => {
  const path = request.path.split('?')[0]!;
  if (path.endsWith('/exists')) return ok(response, { exists: false });
  if (path === '/collections') return ok(response, { collections: [{ name: 'atlas-m-1-aaaaaaaa-4' }, { name: 'another' }] });
  if (path.endsWith('/points/query')) return ok(response, { points: [{ id: 1, version: 1, score: 0.5, payload: { item: 'itm_2', version: 3 } }, { id: 2, version: 1, score: 0.5, payload: { item: 'itm_1', version: 1 } }] });
  if (path.endsWith('/points') && request.method === 'POST') return ok(response, []);
  if (path.includes('/points')) return ok(response, { operation_id: 1, status: 'completed' });
  return ok(response, true);
};

describe('vectors in Qdrant', () => {
  const open: (() => void)[] = [];
  afterEach(() => { for (const stop of open.splice(0)) stop(); });
  const opened = async (reply: Reply = qdrant, timeoutMs?: number) => {
    const server = await recordingServer(reply);
    open.push(server.stop);
    return { ...server, index: qdrantVectorIndex({ url: server.url, key: 'qd-test', model: 'm 1', ...(timeoutMs && { timeoutMs }) }) };
  };
  const tenantId = newId('tnt');
  const docOf = (more = {}) => ({ itemId: newId('itm'), seq: 7n, version: 2, collectionId: newId('col'), tags: ['a'], metadata: { x: 1, deep: { y: 1 } }, createdBy: newId('usr'), createdAt: new Date(5), deleted: false, vector: Float32Array.of(1, 0), ...more });
  /** Of the model `m 1`, whose vectors have two directions. */
  const name = `atlas-m-1-${createHash('sha256').update('m 1').digest('hex').slice(0, 8)}-2`;
  const asked = { tenantId, reach: { everything: true }, filter: {}, vector: Float32Array.of(1, 0), first: 5 } as const;

  it('stand in one collection for all tenants, whose index is built by tenant', async () => {
    const { index, sent } = await opened();
    await index.apply(tenantId, [docOf()]);
    const created = sent.find(({ method, path }) => method === 'PUT' && /^\/collections\/[^/]+$/.test(path.split('?')[0]!));
    expect(created!.body).toMatchObject({ vectors: { size: 2, distance: 'Cosine' }, hnsw_config: { m: 0, payload_m: 16 } });
    expect(sent.filter(({ path }) => path.includes('/index')).map(({ body }) => body)).toContainEqual({ field_name: 'tenant', field_schema: { type: 'keyword', is_tenant: true } });
    await index.apply(newId('tnt'), [docOf()]);
    expect(sent.filter(({ method, path }) => method === 'PUT' && /^\/collections\/[^/]+$/.test(path.split('?')[0]!))).toHaveLength(1);
  });

  it('are written in batches, each of which is waited for, with nothing of a document but what it is asked by', async () => {
    const { index, sent } = await opened();
    const doc = docOf();
    await index.apply(tenantId, [doc, ...Array.from({ length: 399 }, () => docOf())]);
    const written = sent.filter(({ method, path }) => method === 'PUT' && path.includes('/points'));
    expect(written.map(({ body, path }) => [body.points.length, path.includes('wait=true')])).toEqual([[200, true], [200, true]]);
    expect(written[0]!.body.points[0]).toEqual({ id: pointId(doc.itemId), vector: [1, 0], payload: {
      tenant: tenantId, item: doc.itemId, version: 2, seq: 7, collection: doc.collectionId, tags: ['a'], creator: doc.createdBy, createdMs: 5, metadata: [metadataWord('x', 1)] } });
    expect(sent.every(({ headers }) => headers['api-key'] === 'qd-test')).toBe(true);
  });

  it('are asked for within the tenant and the reach, whatever else is filtered', async () => {
    const { index, sent } = await opened();
    const collectionId = newId('col');
    const odd = `x" OR tenant = "`;
    const near = await index.nearest({ ...asked, reach: { everything: false, collectionIds: [collectionId] }, filter: { tags: [odd], createdBefore: new Date(9), metadata: { [odd]: odd } } });
    expect(near.map(({ itemId }) => itemId)).toEqual(['itm_1', 'itm_2']);
    expect(sent[0]!.body.filter).toEqual({ must: [
      { key: 'tenant', match: { value: tenantId } }, { key: 'collection', match: { any: [collectionId] } }, { key: 'tags', match: { any: [odd] } },
      { key: 'createdMs', range: { lt: 9 } }, { key: 'metadata', match: { value: metadataWord(odd, odd) } }] });
    await index.nearest(asked);
    expect(sent[1]!.body.filter).toEqual({ must: [{ key: 'tenant', match: { value: tenantId } }] });
  });

  it('are not asked for by those who reach nothing: an empty list might mean everything elsewhere', async () => {
    const { index, sent } = await opened();
    expect(await index.nearest({ ...asked, reach: { everything: false, collectionIds: [] } })).toEqual([]);
    expect(sent).toEqual([]);
  });

  it('an older word does not stand above a newer one, and a deleted document goes', async () => {
    const [old, gone] = [docOf({ seq: 3n }), docOf({ deleted: true, vector: null })];
    const { index, sent } = await opened((request, response) =>
      request.path.startsWith('/collections/') && request.method === 'POST' && request.body.ids ? ok(response, [{ id: pointId(old.itemId), payload: { item: old.itemId, seq: 4 } }]) : request.path === '/collections'
        ? ok(response, { collections: [{ name }] }) : qdrant(request, response));
    await index.apply(tenantId, [old, gone]);
    expect(sent.filter(({ method }) => method === 'PUT')).toEqual([]);
    expect(sent.find(({ path }) => path.includes('/points/delete'))!.body).toEqual({ points: [pointId(gone.itemId)] });
  });

  it('that are not there yet are none', async () => {
    const { index } = await opened((_, response) => failed(response, 404));
    expect(await index.nearest(asked)).toEqual([]);
  });

  it('that cannot be had are said so with a code, and without what was answered', async () => {
    for (const reply of [(_: Recorded, response: ServerResponse) => failed(response, 500), (_: Recorded, response: ServerResponse) => void response.destroy(), () => undefined]) {
      const { index, url } = await opened(reply, 200);
      for (const call of [() => index.nearest(asked), () => index.apply(tenantId, [docOf()]), () => index.forget(tenantId)]) {
        const refused = await call().then(() => null, (error: Error) => error);
        expect(refused).toMatchObject({ code: 'SEARCH_UNAVAILABLE', retryable: true });
        for (const hidden of ['secret', url, 'qd-test']) expect(refused!.message).not.toContain(hidden);
      }
    }
  });
});
