/** What whoever exports a collection can count on. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../platform/ids.ts';
import { anonymous } from '../../platform/viewer.ts';
import { newCollection, newItem, SHARE } from '../../test/kit/collections.ts';
import { EXPORT, exported, imported, JOB } from '../../test/kit/jobs.ts';
import { WHOLE, type Kit } from '../../test/kit/services.ts';
import { sentUpload, storedFile } from '../../test/kit/stored-files.ts';
import { codeOf, dataOf, done, newMember, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

let kit: Kit;
let [acme, other]: TestTenant[] = [];
let [member, guest]: Person[] = [];
beforeAll(async () => {
  kit = await startTogether(WHOLE);
  [acme, other] = [await newTenant(kit), await newTenant(kit)];
  [member, guest] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'GUEST')];
});
afterAll(() => kit.stop());

const ask = (person: Person, document: string, variables: object) => kit.ask('collections', document, variables as Record<string, unknown>, person.viewer);
const rowsIn = (file: Buffer) => file.toString().trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);

describe('exportCollection', () => {
  it('answers with a job whose result says where to fetch every item, once, as it is; deleted ones are left out', async () => {
    const collectionId = await newCollection(kit, member!, { name: 'Herbs' });
    await imported(kit, member!, { collectionId, content: Array.from({ length: 1_300 }, (_, n) => JSON.stringify({ title: `Herb ${n}`, body: `# ${n}`, tags: ['herb'], metadata: { n } })).join('\n') });
    const gone = await newItem(kit, member!, collectionId, { title: 'Gone' });
    done(await ask(member!, 'mutation($input: DeleteItemInput!) { deleteItem(input: $input) { itemId userErrors { code } } }', { input: { id: gone } }));
    const id = await newItem(kit, member!, collectionId, { title: 'Last', url: 'https://example.org/' });
    const before = Date.now();
    const { result, state, kind, note } = await exported(kit, member!, { collectionId });
    expect({ state, kind, note }).toEqual({ state: 'SUCCEEDED', kind: 'collections.export-collection', note: '1301 items written' });
    expect(result).toEqual({ collectionId, items: 1_301, url: expect.any(String), expiresAt: expect.any(String), keptUntil: expect.any(String), bytes: expect.any(Number) });
    expect(Date.parse(result.expiresAt)).toBeGreaterThan(before);
    expect(Date.parse(result.expiresAt)).toBeLessThanOrEqual(Date.now() + 900_000);
    const file = await storedFile(kit, result.url);
    expect(file.length).toBe(result.bytes);
    const rows = rowsIn(file);
    expect(rows.map(({ title }) => title).sort()).toEqual([...Array.from({ length: 1_300 }, (_, n) => `Herb ${n}`), 'Last'].sort());
    expect(rows.find(({ title }) => title === 'Last')).toMatchObject({ url: 'https://example.org/', atlas: { id, version: 1 } });
  });

  it.each(['JSONL', 'CSV', 'MARKDOWN_ZIP'])('%s can be imported again and is the same', async (format) => {
    const [from, to] = [await newCollection(kit, member!), await newCollection(kit, member!)];
    await newItem(kit, member!, from, { title: '=1+1', body: 'a "b"\n\n- c', tags: ['x', 'a;b'], metadata: { deep: { n: [1, null, 'ü'] } }, url: 'https://example.org/ä' });
    const { result } = await exported(kit, member!, { collectionId: from, format });
    const uploadId = await sentUpload(kit, member!, await storedFile(kit, result.url), { name: 'again', type: 'application/octet-stream' });
    expect((await imported(kit, member!, { collectionId: to, format, policy: 'REJECT_ALL', content: undefined, uploadId })).result).toMatchObject({ imported: 1, refused: 0 });
    const [was, is] = await Promise.all([from, to].map(async (collectionId) => rowsIn(await storedFile(kit, (await exported(kit, member!, { collectionId })).result.url)).map(({ atlas: _, ...row }) => row)));
    expect(is).toEqual(was);
  });

  it('of an empty collection is an empty file', async () => {
    const { result } = await exported(kit, member!, { collectionId: await newCollection(kit, member!) });
    expect(result).toMatchObject({ items: 0, bytes: 0 });
    expect(await storedFile(kit, result.url)).toHaveLength(0);
  });

  it('suffices for who may only read; and whoever lost the collection is given no URL', async () => {
    const collectionId = await newCollection(kit, member!);
    done(await ask(member!, SHARE, { input: { collectionId, userId: guest!.userId, role: 'VIEWER' } }));
    const { id, result } = await exported(kit, guest!, { collectionId });
    expect(result.url).toEqual(expect.any(String));
    done(await ask(member!, 'mutation($input: UnshareCollectionInput!) { unshareCollection(input: $input) { userErrors { code } } }', { input: { collectionId, userId: guest!.userId } }));
    expect(dataOf(await ask(guest!, JOB, { id })).job.result).toEqual({ collectionId, items: 0, bytes: 0, keptUntil: expect.any(String), url: null, expiresAt: null });
    expect(dataOf(await ask(acme!.owner, JOB, { id })).job.result.url).toEqual(expect.any(String));
  });

  it('refuses bad input, a stranger, whoever has no part in it, and another tenant', async () => {
    const collectionId = await newCollection(kit, member!);
    const unknown = await ask(member!, EXPORT, { input: { collectionId: newId('col'), format: 'CSV' } });
    expect(codeOf(unknown)).toBe('NOT_FOUND');
    expect(codeOf(await ask(member!, EXPORT, { input: { collectionId: "col_'", format: 'CSV' } }))).toBe('NOT_FOUND');
    expect(codeOf(await kit.ask('collections', EXPORT, { input: { collectionId, format: 'CSV' } }, anonymous))).toBe('UNAUTHENTICATED');
    for (const who of [guest!, other!.owner]) expect(await ask(who, EXPORT, { input: { collectionId, format: 'CSV' } })).toEqual(unknown);
  });
});
