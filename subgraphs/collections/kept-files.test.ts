/** How long the files of imports and exports are kept, in each store: times are set back straight in the database. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { inCollections } from '../../test/kit/attachments.ts';
import { newCollection, newItem } from '../../test/kit/collections.ts';
import { freePort } from '../../test/kit/free-port.ts';
import { ended, exported, IMPORT, imported, JOB } from '../../test/kit/jobs.ts';
import { nightOf, type Night } from '../../test/kit/night.ts';
import { S3_NAMES, s3OfRun } from '../../test/kit/s3.ts';
import { startServices, WHOLE, type Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newTenant, type TestTenant } from '../../test/kit/tenants.ts';

const s3 = s3OfRun('files of jobs in S3');
const STORES: [string, Record<string, string>][] = [['a folder', {}], ...(s3 ? [['an S3', Object.fromEntries(S3_NAMES.map((name) => [name, s3[name]!]))] as [string, Record<string, string>]] : [])];
const DAY_MS = 24 * 3_600_000;
const CONTENT = '{"title":"Good"}\n{}';

describe.each(STORES)('files of jobs in %s', (_, env) => {
  let kit: Kit;
  let night: Night;
  let acme: TestTenant;
  let collectionId: string;
  beforeAll(async () => {
    kit = await startServices(WHOLE, { env: { PORT: String(await freePort()), ...env } });
    night = await nightOf(kit);
    acme = await newTenant(kit);
    collectionId = await newCollection(kit, acme.owner);
    await newItem(kit, acme.owner, collectionId);
  });
  afterAll(async () => {
    await night?.close();
    await kit?.stop();
  });

  const objects = () => kit.atlas.host.resourcesFor('collections').objects;
  const isThere = async (key: string) => await objects().head(key as never) !== null;
  const sql = <T>(text: string, values: unknown[] = []): Promise<T[]> => inCollections(kit, acme.id, async (client) => (await client.query(text, values)).rows as T[]);
  const listed = () => sql<{ object_key: string; unwanted_at: Date }>('SELECT object_key, unwanted_at FROM collections.unwanted_object ORDER BY object_key');
  /** As if it had been written so long ago. */
  const age = async (key: string, ms: number) => {
    const [row] = await sql<{ unwanted_at: Date }>('DELETE FROM collections.unwanted_object WHERE object_key = $1 RETURNING unwanted_at', [key]);
    await sql('INSERT INTO collections.unwanted_object (object_key, tenant_id, unwanted_at) VALUES ($1, $2, $3)', [key, acme.id, new Date(row!.unwanted_at.getTime() - ms)]);
  };
  const resultOf = async (id: string) => dataOf(await kit.ask('collections', JOB, { id }, acme.owner.viewer)).job.result;
  const status = async (url: string) => (await fetch(url)).status;
  const uploadsOf = (kept: string) => sql<{ id: string; object_key: string }>(`UPDATE collections.upload SET kept_until = now() - $1::interval WHERE purpose = 'IMPORT' RETURNING id, object_key`, [kept]);

  it('an export and the report of an import are deleted seven days after they were written, and say so', async () => {
    const [out, back] = [await exported(kit, acme.owner, { collectionId }), await imported(kit, acme.owner, { collectionId, content: CONTENT })];
    const keys = [`${acme.id}/exports/${out.id}`, `${acme.id}/reports/${back.id}`];
    const rows = await listed();
    expect(rows.map(({ object_key }) => object_key)).toEqual(keys);
    expect([out.result, back.result.report].map(({ keptUntil }) => new Date(keptUntil))).toEqual(rows.map(({ unwanted_at }) => unwanted_at));
    for (const { unwanted_at } of rows) expect(Math.abs(unwanted_at.getTime() - Date.now() - 7 * DAY_MS)).toBeLessThan(DAY_MS / 24);
    expect(await Promise.all([out.result.url, back.result.report.url].map(status))).toEqual([200, 200]);

    await Promise.all(keys.map((key) => age(key, 6.9 * DAY_MS)));
    expect(await night.clears(acme)).toEqual([]);
    expect(await Promise.all(keys.map(isThere))).toEqual([true, true]);
    await Promise.all(keys.map((key) => age(key, 0.2 * DAY_MS)));
    expect(await night.clears(acme)).toEqual([{ items: 0, collections: 0, uploads: 0, files: 2 }]);
    expect([await Promise.all(keys.map(isThere)), await listed()]).toEqual([[false, false], []]);
    expect(await status(out.result.url)).toBe(404);
  });

  it('no URL is made for a file whose time is over, and none that lives longer than the file', async () => {
    const { id } = await exported(kit, acme.owner, { collectionId });
    const ends = (at: Date) => sql(`UPDATE jobs.job SET result = jsonb_set(result, '{file,keptUntil}', to_jsonb($2::text)) WHERE id = $1`, [id, at.toISOString()]);
    const soon = new Date(Date.now() + 60_000);
    await ends(soon);
    expect(await resultOf(id)).toMatchObject({ url: expect.any(String), expiresAt: soon.toISOString() });
    const over = new Date(Date.now() - 1_000);
    await ends(over);
    expect(await resultOf(id)).toMatchObject({ url: null, expiresAt: null, keptUntil: over.toISOString() });
  });

  it('what came with a request is kept like an upload: as long as its job may be tried again', async () => {
    await imported(kit, acme.owner, { collectionId, content: '{"title":"A"}' });
    const [upload] = await uploadsOf('29 days');
    expect((await listed()).map(({ object_key }) => object_key)).not.toContain(upload!.object_key);
    expect(await night.clears(acme)).toEqual([]);
    expect(await isThere(upload!.object_key)).toBe(true);
    const all = await uploadsOf('31 days');
    expect(await night.clears(acme)).toEqual([{ items: 0, collections: 0, uploads: all.length, files: all.length }]);
    expect(await isThere(upload!.object_key)).toBe(false);
  });

  it('what came with a request that ended before its job was asked for is deleted after a day', async () => {
    const store = objects();
    const write = store.write.bind(store);
    const keys: string[] = [];
    // It is kept, and then there is nobody who goes on.
    const dying = jest.spyOn(store, 'write').mockImplementationOnce(async (key, from, as) => { await write(key, from, as); keys.push(key); throw new Error('the process ended'); });
    const input = { collectionId, format: 'JSONL', policy: 'REJECT_ROWS', content: '{"title":"A"}' };
    expect(codeOf(await kit.ask('collections', IMPORT, { input }, acme.owner.viewer))).toBe('INTERNAL');
    dying.mockRestore();
    const [key] = keys as [string];
    expect(await isThere(key)).toBe(true);
    await age(key, 0.9 * DAY_MS);
    expect([await night.clears(acme), await isThere(key)]).toEqual([[], true]);
    await age(key, 0.2 * DAY_MS);
    expect([await night.clears(acme), await isThere(key)]).toEqual([[{ items: 0, collections: 0, uploads: 0, files: 1 }], false]);
  });

  it('an attempt that is made again puts off the end of its file, and names it once', async () => {
    const { id } = await exported(kit, acme.owner, { collectionId });
    const key = `${acme.id}/exports/${id}`;
    await age(key, 3 * DAY_MS);
    await sql(`UPDATE jobs.job SET state = 'FAILED', error_code = 'INTERNAL', error_message = 'x' WHERE id = $1`, [id]);
    done(await kit.ask('collections', 'mutation($input: RetryJobInput!) { retryJob(input: $input) { job { id } userErrors { code } } }', { input: { id } }, acme.owner.viewer));
    const { result } = await ended(kit, acme.owner, id);
    expect((await listed()).filter(({ object_key }) => object_key === key).map(({ unwanted_at }) => unwanted_at.toISOString())).toEqual([result.keptUntil]);
    expect(Date.parse(result.keptUntil)).toBeGreaterThan(Date.now() + 6.9 * DAY_MS);
  });
});
