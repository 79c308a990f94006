import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { newId } from '../../platform/ids.ts';
import { anonymous } from '../../platform/viewer.ts';
import { ATTACH, attached, attachmentsOf, inCollections, REMOVE, send, sent, uploadFor } from '../../test/kit/attachments.ts';
import { withoutLimits } from '../../test/kit/billing.ts';
import { itemMutation, keyOf, newCollection, newItem, shareWith } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { freePort } from '../../test/kit/free-port.ts';
import { WHOLE, type Kit } from '../../test/kit/services.ts';
import { codeOf, dataOf, done, newMember, newTenant, payloadOf, within, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

let kit: Kit;
let [acme, other]: TestTenant[] = [];
let [owner, editor, guest, outsider]: Person[] = [];
let notes: string;
let item: string;
beforeAll(async () => {
  kit = await startTogether(WHOLE, { env: { PORT: String(await freePort()) } });
  [acme, other] = [await newTenant(kit), await newTenant(kit)];
  [owner, editor, guest, outsider] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'GUEST'), await newMember(kit, acme, 'MEMBER')];
  // A gigabyte is what one item may have, and all that the smallest plan has.
  await withoutLimits(kit, acme);
  notes = await newCollection(kit, owner);
  await shareWith(kit, owner, notes, editor, 'EDITOR');
  await shareWith(kit, owner, notes, guest, 'VIEWER');
  item = await newItem(kit, owner, notes);
});
afterAll(() => kit?.stop());

const ask = (person: Person, document: string, input: object, more = {}) => kit.ask('collections', document, { input } as Record<string, unknown>, person.viewer, more);
const objects = () => kit.atlas.host.resourcesFor('collections').objects;
const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');
const idsOf = async (person: Person, id = item) => (await attachmentsOf(kit, person, id)).nodes.map((node) => node.id);

describe('createUpload', () => {
  it('lets so many of one person wait, however many ask at once, and so many bytes of a tenant', async () => {
    const tenant = await newTenant(kit);
    const person = await newMember(kit, tenant, 'MEMBER');
    const create = (by: Person, bytes: number) => kit.ask('collections', 'mutation($input: CreateUploadInput!) { createUpload(input: $input) { upload { id } userErrors { code } } }', { input: { purpose: 'IMPORT', name: 'a', type: 'text/csv', bytes } }, by.viewer);
    for (let n = 0; n < 49; n += 1) done(await create(tenant.owner, 1_073_741_824));
    for (let n = 0; n < 97; n += 1) done(await create(person, 1));
    const answers = await Promise.all(Array.from({ length: 6 }, () => create(person, 1)));
    expect(answers.map(codeOf).filter(Boolean)).toEqual(['LIMIT_REACHED', 'LIMIT_REACHED', 'LIMIT_REACHED']);
    expect(codeOf(await create(tenant.owner, 1_073_741_824))).toBe('LIMIT_REACHED');
    done(await create(tenant.owner, 1_000));
  });
});

describe('attachFile', () => {
  it('answers: the file is the item’s, with the checksum of what has arrived', async () => {
    const uploadId = await sent(kit, editor!, { name: 'plan.png', type: 'image/png', content: 'not really' });
    const { attachment } = done(await ask(editor!, ATTACH, { itemId: item, uploadId }));
    expect(attachment).toEqual({
      id: expect.stringMatching(/^att_/), name: 'plan.png', type: 'image/png', bytes: 10, sha256: sha256('not really'), createdAt: expect.any(Date), createdBy: { id: editor!.userId }, item: { id: item }, text: { state: 'NONE' },
    });
    expect(await idsOf(guest!)).toContain(attachment.id);
    const named = done(await ask(editor!, ATTACH, { itemId: item, uploadId: await sent(kit, editor!), name: 'Minutes.txt' }));
    expect(named.attachment).toMatchObject({ name: 'Minutes.txt', text: { state: 'PENDING' } });
  });
  it('refuses bad input, and says which', async () => {
    const uploadId = await sent(kit, editor!);
    const unsent = (await uploadFor(kit, editor!)).id;
    const imported = await sent(kit, editor!, {}, 'IMPORT');
    for (const [input, code, field] of [
      [{ itemId: item, uploadId: 'x' }, 'NOT_FOUND', 'uploadId'], [{ itemId: item, uploadId: newId('upl') }, 'NOT_FOUND', 'uploadId'], [{ itemId: item, uploadId: imported }, 'NOT_FOUND', 'uploadId'],
      [{ itemId: item, uploadId: unsent }, 'WRONG_STATE', 'uploadId'], [{ itemId: 'x', uploadId }, 'NOT_FOUND', 'itemId'], [{ itemId: newId('itm'), uploadId }, 'NOT_FOUND', 'itemId'],
      [{ itemId: item, uploadId, name: '../x' }, 'INVALID_INPUT', 'name'],
    ] as const) expect(payloadOf(await ask(editor!, ATTACH, input))).toMatchObject({ attachment: null, userErrors: [{ code, path: ['input', field] }] });
    done(await ask(editor!, ATTACH, { itemId: item, uploadId })); // none of these has used it up
  });
  it('refuses a file of another size or checksum than was announced, at the door, so that there is nothing to attach', async () => {
    const short = await uploadFor(kit, editor!, { content: 'five!' });
    const other = await uploadFor(kit, editor!, { content: 'hello', sha256: sha256('hello') });
    expect([(await send(short, 'four')).status, (await send(short, 'sixsix')).status, (await send(other, 'jello')).status]).toEqual([422, 413, 422]);
    for (const { id } of [short, other]) expect(codeOf(await ask(editor!, ATTACH, { itemId: item, uploadId: id }))).toBe('WRONG_STATE');
  });
  it('does not believe a store that let something else in', async () => {
    const upload = await uploadFor(kit, editor!, { content: 'hello', sha256: sha256('hello') });
    const key = `${acme!.id}/uploads/${upload.id}` as const;
    const { Readable } = await import('node:stream');
    for (const [content, said] of [['jello', /SHA-256/], ['hello world', /11 bytes have arrived, and 5/]] as const) {
      await objects().write(key, Readable.from([Buffer.from(content)]), { type: 'text/plain' });
      expect(payloadOf(await ask(editor!, ATTACH, { itemId: item, uploadId: upload.id }))).toMatchObject({ userErrors: [{ code: 'INVALID_INPUT', message: expect.stringMatching(said), path: ['input', 'uploadId'] }] });
    }
  });
  it('uses an upload once: of twins one attaches it, and a replay answers the same', async () => {
    const uploadId = await sent(kit, editor!);
    const mine = await newItem(kit, owner!, notes);
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(editor!, ATTACH, { itemId: mine, uploadId })));
    expect(answers.map((answer) => codeOf(answer) ?? 'done').sort()).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'done']);
    const [key, again] = [{ idempotencyKey: newId('req') }, await sent(kit, editor!)];
    const first = done(await ask(editor!, ATTACH, { itemId: mine, uploadId: again }, key));
    expect(done(await ask(editor!, ATTACH, { itemId: mine, uploadId: again }, key)).attachment.id).toBe(first.attachment.id);
    expect(await idsOf(editor!, mine)).toHaveLength(2);
  });
  it('refuses another person’s upload, and does not say whether it has arrived', async () => {
    const [arrived, unsent] = [await sent(kit, owner!), (await uploadFor(kit, owner!)).id];
    for (const uploadId of [arrived, unsent]) expect(payloadOf(await ask(editor!, ATTACH, { itemId: item, uploadId }))).toMatchObject({ userErrors: [{ code: 'NOT_FOUND', path: ['input', 'uploadId'] }] });
  });
  it('refuses a viewer, whoever has no part, a stranger and another tenant', async () => {
    expect((await ask(guest!, ATTACH, { itemId: item, uploadId: await sent(kit, guest!) })).errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', missing: 'collection role EDITOR' });
    expect(codeOf(await ask(outsider!, ATTACH, { itemId: item, uploadId: await sent(kit, outsider!) }))).toBe('NOT_FOUND');
    expect(codeOf(await kit.ask('collections', ATTACH, { input: { itemId: item, uploadId: newId('upl') } }, anonymous))).toBe('UNAUTHENTICATED');
    expect(codeOf(await ask(other!.owner, ATTACH, { itemId: item, uploadId: await sent(kit, other!.owner) }))).toBe('NOT_FOUND');
    expect(codeOf(await ask(within(editor!, other!, 'OWNER'), ATTACH, { itemId: item, uploadId: await sent(kit, editor!) }))).toBe('NOT_FOUND');
  });
  it('lets a key attach what it has sent itself, by items:write and where it is held', async () => {
    const robot = keyOf(acme!, editor!, 'MEMBER', ['collections:read', 'items:write']);
    expect(await attached(kit, robot, item)).toMatchObject({ createdBy: null });
    const reader = keyOf(acme!, editor!, 'MEMBER', ['collections:read']);
    expect((await ask(reader, ATTACH, { itemId: item, uploadId: newId('upl') })).errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', missing: 'scope items:write' });
    expect((await attachmentsOf(kit, reader, item)).nodes.length).toBeGreaterThan(0);
    const held = keyOf(acme!, editor!, 'MEMBER', ['collections:read', 'items:write'], [newId('col')]);
    expect(codeOf(await ask(held, ATTACH, { itemId: item, uploadId: await sent(kit, held) }))).toBe('NOT_FOUND');
  });
  it('holds an item to 100 files and to a gigabyte of them', async () => {
    const [many, large] = [await newItem(kit, owner!, notes), await newItem(kit, owner!, notes)];
    const fill = (id: string, count: number, bytes: number) => inCollections(kit, acme!.id, (sql) => sql.query(
      `INSERT INTO collections.attachment SELECT 'att_' || $1 || n, $2, $3, $1, 'x', 'image/png', $5, 'x', $2 || '/uploads/' || $1 || n, now(), 'usr_x', 'NONE', NULL, false FROM generate_series(1, $4) n`, [id, acme!.id, notes, count, bytes]));
    await fill(many, 99, 1);
    await fill(large, 1, 1_024 * 1_048_576 - 5);
    for (const id of [many, large]) {
      await attached(kit, editor!, id); // five bytes are the last
      expect(codeOf(await ask(editor!, ATTACH, { itemId: id, uploadId: await sent(kit, editor!) }))).toBe('LIMIT_REACHED');
    }
  });
  it('refuses an item that is deleted, and a file stays with one that is restored', async () => {
    const mine = await newItem(kit, owner!, notes);
    const { id } = await attached(kit, editor!, mine, { type: 'image/png' });
    done(await ask(editor!, itemMutation('deleteItem'), { id: mine }));
    expect(codeOf(await ask(editor!, ATTACH, { itemId: mine, uploadId: await sent(kit, editor!) }))).toBe('NOT_FOUND');
    expect(await nodeOf(guest!, id)).toBeNull();
    done(await ask(editor!, itemMutation('restoreItem'), { id: mine }));
    expect(await idsOf(guest!, mine)).toEqual([id]);
  });
  it('tells its neighbours', async () => {
    const { id } = await attached(kit, editor!, item, { name: 'told.png', type: 'image/png' });
    const event = await eventually('the event', () => kit.events.find((one) => one.type === 'collections.attachment-added' && one.subject === id));
    expect(event).toMatchObject({
      tenant: acme!.id, actor: { kind: 'user', id: editor!.userId }, body: { collectionId: notes, itemId: item, attachmentId: id, name: 'told.png', type: 'image/png', bytes: 5 },
      audit: { entityType: 'Attachment', entityId: id, after: { name: 'told.png', sha256: sha256('hello') } },
    });
  });
});

const REFERENCE = 'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Attachment { id name } } }';
const nodeOf = async (person: Person, id: string) => dataOf(await kit.ask('collections', REFERENCE, { representations: [{ __typename: 'Attachment', nodeId: id }] }, person.viewer))._entities[0];

describe('attachments', () => {
  it('come in the order in which they were attached, page by page', async () => {
    const mine = await newItem(kit, owner!, notes);
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.push((await attached(kit, editor!, mine, { type: 'image/png' })).id);
    const first = await attachmentsOf(kit, guest!, mine, { first: 2 });
    const rest = await attachmentsOf(kit, guest!, mine, { first: 2, after: first.pageInfo.endCursor });
    expect([first, rest].map(({ nodes, pageInfo }) => [nodes.map((node) => node.id), pageInfo.hasNextPage])).toEqual([[ids.slice(0, 2), true], [ids.slice(2), false]]);
    expect(codeOf(await kit.ask('collections', 'query($id: ID!, $after: String) { item(id: $id) { attachments(after: $after) { nodes { id } } } }', { id: item, after: first.pageInfo.endCursor }, guest!.viewer))).toBe('CURSOR_INVALID');
  });
  it('are nodes, for whoever sees the item', async () => {
    const { id } = await attached(kit, editor!, item, { name: 'a.png', type: 'image/png' });
    expect([await nodeOf(guest!, id), await nodeOf(outsider!, id), await nodeOf(other!.owner, id), await nodeOf(keyOf(acme!, editor!, 'MEMBER', ['ai:ask']), id)]).toEqual([{ id, name: 'a.png' }, null, null, null]);
  });
  it('are not shown past the rights by the database itself', async () => {
    const { id } = await attached(kit, editor!, item, { type: 'image/png' });
    const seenBy = (tenant: TestTenant, person: Person, access: string) => inCollections(kit, tenant.id, async (sql) => {
      const { rowCount: seen } = await sql.query('SELECT FROM collections.attachment WHERE id = $1', [id]);
      return [seen, (await sql.query('DELETE FROM collections.attachment WHERE id = $1', [id])).rowCount];
    }, { access, person: person.userId });
    expect([await seenBy(acme!, guest!, 'guest'), await seenBy(acme!, outsider!, 'member'), await seenBy(other!, other!.owner, 'all'), await seenBy(acme!, editor!, 'member')]).toEqual([[1, 0], [0, 0], [0, 0], [1, 1]]);
  });
});

describe('removeAttachment', () => {
  it('answers, and the file goes after it', async () => {
    const uploadId = await sent(kit, editor!, { type: 'image/png' });
    const { attachment: { id } } = done(await ask(editor!, ATTACH, { itemId: item, uploadId }));
    const key = `${acme!.id}/uploads/${uploadId}` as const;
    expect(await objects().head(key)).toMatchObject({ bytes: 5 });
    expect(done(await ask(editor!, REMOVE, { id }))).toEqual({ attachmentId: id, userErrors: [] });
    expect(await idsOf(editor!)).not.toContain(id);
    await eventually('the end of the file', async () => (await objects().head(key)) === null);
    await eventually('an empty list', () => inCollections(kit, acme!.id, async (sql) => (await sql.query('SELECT FROM collections.unwanted_object')).rowCount === 0));
    expect(codeOf(await ask(editor!, REMOVE, { id }))).toBe('NOT_FOUND');
  });
  it('refuses bad ids, a viewer, whoever has no part, a stranger and another tenant', async () => {
    const { id } = await attached(kit, editor!, item, { type: 'image/png' });
    expect(codeOf(await ask(editor!, REMOVE, { id: 'x' }))).toBe('NOT_FOUND');
    expect((await ask(guest!, REMOVE, { id })).errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', missing: 'collection role EDITOR' });
    expect([codeOf(await ask(outsider!, REMOVE, { id })), codeOf(await ask(other!.owner, REMOVE, { id })), codeOf(await kit.ask('collections', REMOVE, { input: { id } }, anonymous))]).toEqual(['NOT_FOUND', 'NOT_FOUND', 'UNAUTHENTICATED']);
    expect(await idsOf(editor!)).toContain(id);
  });
  it('tells its neighbours', async () => {
    const { id } = await attached(kit, editor!, item, { name: 'gone.png', type: 'image/png' });
    done(await ask(editor!, REMOVE, { id }));
    const event = await eventually('the event', () => kit.events.find((one) => one.type === 'collections.attachment-removed' && one.subject === id));
    expect(event).toMatchObject({ body: { collectionId: notes, itemId: item, attachmentId: id, name: 'gone.png' }, audit: { entityType: 'Attachment', before: { name: 'gone.png' } } });
  });
});
