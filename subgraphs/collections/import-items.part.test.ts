/** What whoever imports a file can count on. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../platform/ids.ts';
import { anonymous, keyViewer } from '../../platform/viewer.ts';
import { newCollection, SHARE } from '../../test/kit/collections.ts';
import { zipOf } from '../../test/kit/files.ts';
import { ended, IMPORT, imported } from '../../test/kit/jobs.ts';
import { sentUpload, storedFile } from '../../test/kit/stored-files.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { WHOLE, type Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newKey, newMember, newTenant, payloadOf, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

let kit: Kit;
let [acme, other]: TestTenant[] = [];
let member: Person;
let guest: Person;
let collectionId: string;
beforeAll(async () => {
  kit = await startTogether(WHOLE);
  [acme, other] = [await newTenant(kit), await newTenant(kit)];
  [member, guest] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'GUEST')];
  collectionId = await newCollection(kit, member);
});
afterAll(() => kit.stop());

const ask = (person: Person, document: string, variables: object) => kit.ask('collections', document, variables as Record<string, unknown>, person.viewer);
const start = (person: Person, input: object) => ask(person, IMPORT, { input: { collectionId, format: 'JSONL', policy: 'REJECT_ROWS', content: '{"title":"A"}', ...input } });
const lines = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).join('\n');
const countOf = async (id: string) => dataOf(await ask(member, 'query($id: ID!) { collection(id: $id) { itemCount tags } }', { id })).collection;
const importedInto = (id: string, batches: number) => eventually(`${batches} batch(es) to be told`, () => {
  const told = kit.events.filter(({ type, subject }) => type === 'collections.items-imported' && subject === id);
  return told.length >= batches ? told : null;
});

describe('importItems', () => {
  it('answers with a job that brings every row in, and tells its neighbours in one event a batch, in the name of who asked', async () => {
    const id = await newCollection(kit, member);
    const content = lines(Array.from({ length: 1_201 }, (_, n) => ({ title: `Note ${n}`, body: `# ${n}`, url: 'https://example.org/x', tags: ['b', 'a'], metadata: { n } })));
    const job = await imported(kit, member, { collectionId: id, content });
    expect(job).toMatchObject({
      kind: 'collections.import-items', state: 'SUCCEEDED', progress: 1, attempts: 1, error: null, startedBy: { id: member.userId }, note: '1201 imported, 0 refused',
      result: { collectionId: id, outcome: 'IMPORTED', rows: 1_201, imported: 1_201, refused: 0, skipped: 0, codes: {}, refusals: [], report: null },
    });
    expect(await countOf(id)).toEqual({ itemCount: 1_201, tags: ['a', 'b'] });
    const events = await importedInto(id, 3);
    expect(events.map(({ body }) => (body as { itemIds: string[] }).itemIds.length)).toEqual([500, 500, 201]);
    expect(events[0]).toMatchObject({ tenant: acme!.id, actor: { kind: 'user', id: member.userId }, body: { collectionId: id, jobId: job.id }, audit: { entityType: 'Collection', entityId: id, after: { items: 500 } } });
    const all = events.flatMap(({ body }) => (body as { itemIds: string[] }).itemIds);
    expect(new Set(all).size).toBe(1_201);
    const { item } = dataOf(await ask(member, 'query($id: ID!) { item(id: $id) { title body url tags metadata version createdBy { id } collection { id } } }', { id: all[7] }));
    expect(item).toEqual({ title: 'Note 7', body: '# 7', url: 'https://example.org/x', tags: ['a', 'b'], metadata: { n: 7 }, version: 1, createdBy: { id: member.userId }, collection: { id } });
  });

  it('REJECT_ROWS brings the good rows in and reports each of the others with its line, code and field', async () => {
    const id = await newCollection(kit, member);
    const rows = [{ title: 'Good' }, { body: 'no title' }, { title: 'x'.repeat(501) }, { title: 'N', body: 'a\0b' }, { title: 'S', body: '\ud800' }, { title: 'U', url: 'ftp://x' }, { title: 'T', tags: Array.from({ length: 51 }, (_, n) => `t${n}`) },
      { title: 'M', metadata: { m: 'x'.repeat(65_536) } }, { title: 'B', body: 'x'.repeat(1_048_577) }, { title: 'Good too' }];
    const { result, note } = await imported(kit, member, { collectionId: id, content: `${lines(rows)}\nnot json` });
    expect(result).toMatchObject({ outcome: 'IMPORTED', rows: 11, imported: 2, refused: 9, codes: { INVALID_INPUT: 7, TEXT_NOT_ALLOWED: 2 } });
    expect(result.refusals.map(({ line, code, field }: Record<string, unknown>) => [line, code, field ?? null])).toEqual([
      [2, 'INVALID_INPUT', null], [3, 'INVALID_INPUT', 'title'], [4, 'TEXT_NOT_ALLOWED', 'body'], [5, 'TEXT_NOT_ALLOWED', 'body'], [6, 'INVALID_INPUT', 'url'],
      [7, 'INVALID_INPUT', 'tags'], [8, 'INVALID_INPUT', 'metadata'], [9, 'INVALID_INPUT', 'body'], [11, 'INVALID_INPUT', null],
    ]);
    expect(note).toBe('2 imported, 9 refused');
    expect((await countOf(id)).itemCount).toBe(2);
    const report = (await storedFile(kit, result.report.url)).toString().trim().split('\n').map((line) => JSON.parse(line) as unknown);
    expect(report).toEqual(result.refusals);
  });

  it('reports rows and files whose names no database holds, and sentences that are cut within a character', async () => {
    const archive = zipOf([{ name: 'a\0.md', data: 'x' }]);
    const uploadId = await sentUpload(kit, member, archive, { name: 'notes.zip', type: 'application/zip' });
    expect(await imported(kit, member, { collectionId, format: 'MARKDOWN_ZIP', content: undefined, uploadId })).toMatchObject({ state: 'SUCCEEDED', result: { refused: 1, refusals: [{ name: 'a.md' }] } });
    const content = [`{"title":"a","metadata":{"\\u0000":1},"\\u0000":2}`, ...[0, 1].map((more) => `{"title":"a","metadata":{"${'x'.repeat(more)}${'😀'.repeat(300)}":1},"${'x'.repeat(more)}${'😀'.repeat(300)}":2}`)].join('\n');
    const job = await imported(kit, member, { collectionId, content });
    expect(job).toMatchObject({ state: 'SUCCEEDED', result: { refused: 3 } });
    for (const { message } of job.result.refusals) expect(message).toMatch(/^The metadata name "[^\0\ud800-\udfff]*/);
    expect(await imported(kit, member, { collectionId, format: 'JSONL', content: '{"title":"after"}' })).toMatchObject({ state: 'SUCCEEDED' });
  });

  it('REJECT_ALL brings nothing in while a row is refused, and everything when none is', async () => {
    const id = await newCollection(kit, member);
    const good = Array.from({ length: 700 }, (_, n) => ({ title: `Note ${n}` }));
    const bad = await imported(kit, member, { collectionId: id, policy: 'REJECT_ALL', content: `${lines(good)}\n{}` });
    expect(bad).toMatchObject({ state: 'SUCCEEDED', note: 'Nothing imported: 1 of 701 rows were refused', result: { outcome: 'REJECTED', imported: 0, refused: 1, refusals: [{ line: 701, code: 'INVALID_INPUT' }] } });
    expect((await countOf(id)).itemCount).toBe(0);
    expect((await imported(kit, member, { collectionId: id, policy: 'REJECT_ALL', content: lines(good) })).result).toMatchObject({ outcome: 'IMPORTED', imported: 700 });
    expect((await countOf(id)).itemCount).toBe(700);
  });

  it('shows the first thousand refusals, and the report has all', async () => {
    const { result } = await imported(kit, member, { collectionId, content: Array.from({ length: 6_500 }, () => '{}').join('\n') });
    expect([result.refused, result.codes, result.refusals.length, result.refusals.at(-1).line]).toEqual([6_500, { INVALID_INPUT: 6_500 }, 1_000, 1_000]);
    expect((await storedFile(kit, result.report.url)).toString().trim().split('\n')).toHaveLength(6_500);
  });

  it('takes an archive that was uploaded, once, and CSV', async () => {
    const id = await newCollection(kit, member);
    const uploadId = await sentUpload(kit, member, zipOf([{ name: 'herbs/Mint.md', data: '---\ntags: [herb]\n---\nIt spreads.' }, { name: 'photo.png', data: 'x' }]), { name: 'notes.zip', type: 'application/zip' });
    expect((await imported(kit, member, { collectionId: id, format: 'MARKDOWN_ZIP', content: undefined, uploadId })).result).toMatchObject({ imported: 1, skipped: 1 });
    expect(payloadOf(await start(member, { content: undefined, uploadId })).userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'uploadId'] }]);
    expect((await imported(kit, member, { collectionId: id, format: 'CSV', content: 'title;tags\nSage;herb,grey\n' })).result).toMatchObject({ imported: 1 });
    expect(await countOf(id)).toEqual({ itemCount: 2, tags: ['grey', 'herb'] });
  });

  it('of a file that cannot be read at all fails, and says why', async () => {
    expect(await imported(kit, member, { collectionId, format: 'CSV', content: 'a,b\n1,2' })).toMatchObject({ state: 'FAILED', attempts: 1, error: { code: 'FILE_UNREADABLE' }, result: null });
  });

  it('happens once for one idempotency key', async () => {
    const id = await newCollection(kit, member);
    const input = { collectionId: id, format: 'JSONL', policy: 'REJECT_ROWS', content: '{"title":"Once"}' };
    const send = () => kit.ask('collections', IMPORT, { input }, member.viewer, { idempotencyKey: 'import-once' });
    const first = done(await send());
    expect(done(await send()).job.id).toBe(first.job.id);
  });

  it.each([
    ['neither content nor upload', { content: undefined }, 'INVALID_INPUT', 'content'], ['both', { uploadId: newId('upl') }, 'INVALID_INPUT', 'content'], ['nothing in it', { content: ' \n ' }, 'INVALID_INPUT', 'content'],
    ['more than 8 MB', { content: 'x'.repeat(8 * 1_048_576 + 1) }, 'INVALID_INPUT', 'content'], ['an archive as text', { format: 'MARKDOWN_ZIP' }, 'INVALID_INPUT', 'content'],
    ['an unknown upload', { content: undefined, uploadId: newId('upl') }, 'NOT_FOUND', 'uploadId'], ['a misspelt upload', { content: undefined, uploadId: 'upl_x' }, 'NOT_FOUND', 'uploadId'],
    ['an unknown collection', { collectionId: newId('col') }, 'NOT_FOUND', 'collectionId'], ['a misspelt collection', { collectionId: "col_'" }, 'NOT_FOUND', 'collectionId'],
  ])('refuses bad input: %s', async (_what, input, code, field) => {
    expect(payloadOf(await start(member, input))).toMatchObject({ job: null, userErrors: [{ code, path: ['input', field] }] });
  });
  it('refuses NUL and halves of characters in what came with the request', async () => {
    for (const content of ['{"title":"a\0"}', '{"title":"\ud800"}']) expect(codeOf(await start(member, { content }))).toBe('TEXT_NOT_ALLOWED');
  });
  it('refuses an upload to which nothing was sent yet, in the words of attachFile; of one of somebody else it does not say even that', async () => {
    const [unsent, sent] = [await sentUpload(kit, member, null, { name: 'a.jsonl', type: 'application/json' }), await sentUpload(kit, member, Buffer.from('{"title":"A"}'), { name: 'a.jsonl', type: 'application/json' })];
    const as = async (person: Person, uploadId: string) => payloadOf(await start(person, { content: undefined, uploadId })).userErrors;
    expect(await as(member, unsent)).toEqual([{ code: 'WRONG_STATE', message: 'Nothing has arrived for this upload yet; send the file first.', path: ['input', 'uploadId'] }]);
    const nothing = await as(acme!.owner, newId('upl'));
    expect(nothing).toMatchObject([{ code: 'NOT_FOUND' }]);
    for (const theirs of [unsent, sent]) expect(await as(acme!.owner, theirs)).toEqual(nothing);
  });
  it('says of somebody else’s upload what it says of one that there is not, whether it was sent or not', async () => {
    const [theirs, empty] = [await sentUpload(kit, acme!.owner, Buffer.from('{"title":"A"}'), { name: 'a.jsonl', type: 'application/json' }), await sentUpload(kit, acme!.owner, null, { name: 'a.jsonl', type: 'application/json' })];
    const nothing = await start(member, { content: undefined, uploadId: newId('upl') });
    for (const uploadId of [theirs, empty]) expect(await start(member, { content: undefined, uploadId })).toEqual(nothing);
  });
  it('goes on in the name of a key only while it has the scope, however much else it has', async () => {
    const id = await newCollection(kit, member);
    const scopes = ['items:write', 'collections:write', 'collections:read'];
    const made = await newKey(kit, member, { scopes });
    const key = keyViewer({ keyId: made.id as never, tenantId: acme!.id, createdBy: member.userId, role: 'MEMBER', scopes, collectionIds: null, sandbox: false });
    const failed = await imported(kit, { ...member, viewer: key }, { collectionId: id, format: 'CSV', content: 'name\nNobody reads this' });
    expect(failed.error.code).toBe('FILE_UNREADABLE');
    done(await kit.ask('tenants', 'mutation($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { userErrors { code } } }', { input: { id: made.id, scopes: scopes.slice(1) } }, member.viewer));
    done(await ask(acme!.owner, 'mutation($input: RetryJobInput!) { retryJob(input: $input) { userErrors { code } } }', { input: { id: failed.id } }));
    expect((await ended(kit, acme!.owner, failed.id)).error).toEqual({ code: 'FORBIDDEN', message: 'This needs scope items:write.' });
  });
  it('refuses a stranger, a viewer, a key without the scope, and says what is missing', async () => {
    expect(codeOf(await kit.ask('collections', IMPORT, { input: { collectionId, format: 'JSONL', policy: 'REJECT_ROWS', content: '{}' } }, anonymous))).toBe('UNAUTHENTICATED');
    expect(codeOf(await start(guest, {}))).toBe('NOT_FOUND');
    done(await ask(member, SHARE, { input: { collectionId, userId: guest.userId, role: 'VIEWER' } }));
    expect((await start(guest, {})).errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', missing: 'collection role EDITOR' });
    const { id } = await newKey(kit, member, { scopes: ['collections:read'] });
    const key = keyViewer({ keyId: id as never, tenantId: acme!.id, createdBy: member.userId, role: 'MEMBER', scopes: ['collections:read'], collectionIds: null, sandbox: false });
    expect((await start({ ...member, viewer: key }, {})).errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', missing: 'scope items:write' });
  });
  it('refuses another tenant, in the words of a collection that is not there', async () => {
    expect(await start(other!.owner, {})).toEqual(await start(other!.owner, { collectionId: newId('col') }));
  });
  it('works for a key with the scope, in its own name', async () => {
    const id = await newCollection(kit, member);
    const made = await newKey(kit, member, { scopes: ['items:write', 'collections:read'] });
    const key = keyViewer({ keyId: made.id as never, tenantId: acme!.id, createdBy: member.userId, role: 'MEMBER', scopes: ['items:write', 'collections:read'], collectionIds: null, sandbox: false });
    expect(await imported(kit, { ...member, viewer: key }, { collectionId: id, content: '{"title":"By a key"}' })).toMatchObject({ state: 'SUCCEEDED', startedBy: null, result: { imported: 1 } });
    expect((await importedInto(id, 1))[0]).toMatchObject({ actor: { kind: 'key', id: made.id } });
  });
});
