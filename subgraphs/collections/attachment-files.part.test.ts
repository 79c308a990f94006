/** What happens to the bytes of attachments: how they leave, and the text that is taken out of them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Job } from '../../platform/jobs/jobs.ts';
import { attached, attachmentsOf, inCollections, type File } from '../../test/kit/attachments.ts';
import { newCollection, newItem, shareWith } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { pdfOf } from '../../test/kit/files.ts';
import { freePort } from '../../test/kit/free-port.ts';
import { WHOLE, type Kit } from '../../test/kit/services.ts';
import { codeOf, done, newMember, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

let kit: Kit;
let acme: TestTenant;
let [owner, guest]: Person[] = [];
let notes: string;
beforeAll(async () => {
  kit = await startTogether(WHOLE, { env: { PORT: String(await freePort()) } });
  acme = await newTenant(kit);
  [owner, guest] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'GUEST')];
  notes = await newCollection(kit, owner);
  await shareWith(kit, owner, notes, guest, 'VIEWER');
});
afterAll(() => kit?.stop());

/** One file, attached to an item of its own; seen by a guest. */
async function filed(file: File): Promise<{ item: string; id: string; url: string }> {
  const item = await newItem(kit, owner!, notes);
  const { id } = await attached(kit, owner!, item, file);
  return { item, id, url: (await attachmentsOf(kit, guest!, item)).nodes[0].url };
}
/** Once it is known what became of its text. */
const textOf = ({ item }: { item: string }) => eventually(`the text of ${item}`, async () => {
  const [{ text }] = (await attachmentsOf(kit, guest!, item)).nodes;
  return text.state !== 'PENDING' && text;
});
const text = (content: string) => ({ state: 'READY', content, characters: content.length, truncated: false, code: null, reason: null });

describe('the URL of an attachment', () => {
  it('gives a guest who may only read the bytes that were sent, under their name', async () => {
    const { url } = await filed({ name: '図 1.pdf', type: 'application/pdf', content: pdfOf('') });
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([200, 'application/pdf', expect.stringContaining("filename*=UTF-8''%E5%9B%B3%201.pdf")]);
    expect(Buffer.from(await answer.arrayBuffer()).equals(pdfOf(''))).toBe(true);
  });
  it.each([['text/html', '<script>alert(1)</script>'], ['image/svg+xml', '<svg onload="alert(1)"/>'], ['application/xhtml+xml', '<x/>'], ['text/javascript', 'alert(1)']])('never lets a browser run what was sent as %s', async (type, content) => {
    const answer = await fetch((await filed({ name: 'x', type, content })).url);
    expect([answer.headers.get('content-type'), answer.headers.get('content-disposition'), answer.headers.get('x-content-type-options'), answer.headers.get('content-security-policy'), await answer.text()])
      .toEqual(['application/octet-stream', expect.stringMatching(/^attachment/), 'nosniff', "sandbox; default-src 'none'", content]);
  });
  it('is made anew each time it is asked for, and holds for five minutes at most', async () => {
    const before = Date.now();
    const { item, url } = await filed({ type: 'image/png' });
    const untilOf = (made: string) => JSON.parse(Buffer.from(new URL(made).searchParams.get('grant')!.split('.')[0]!, 'base64url').toString()).until as number;
    expect(untilOf(url)).toBeGreaterThanOrEqual(before);
    expect(untilOf(url)).toBeLessThanOrEqual(Date.now() + 300_000);
    const { grant } = Object.fromEntries(new URL((await attachmentsOf(kit, guest!, item)).nodes[0].url).searchParams);
    expect(untilOf(`http://x/?grant=${grant}`)).toBeGreaterThanOrEqual(untilOf(url));
    const { objects } = kit.atlas.host.resourcesFor('collections');
    const key = await inCollections(kit, acme.id, async (sql) => (await sql.query('SELECT object_key FROM collections.attachment WHERE item_id = $1', [item])).rows[0].object_key);
    const late = await fetch(await objects.downloadUrl({ key, name: 'x', type: 'image/png', expiresAt: new Date(Date.now() - 1) }));
    expect([late.status, await late.json()]).toMatchObject([403, { errors: [{ extensions: { code: 'URL_EXPIRED' } }] }]);
    const forged = await fetch(url.replace(/grant=./, 'grant=A'));
    expect(forged.status).toBe(403);
  });
});

describe('the text of an attachment', () => {
  it.each([
    ['text/plain', 'Plain words', 'Plain words'],
    ['text/markdown', '# Gardens\n\nRoses *and* thorns', 'Gardens\n\nRoses and thorns'],
    ['text/html', '<html><head><style>p{}</style></head><body><p>Shown</p><script>hidden()</script></body></html>', 'Shown'],
    ['application/pdf', pdfOf('BT /F1 24 Tf 72 700 Td (Written in a PDF) Tj ET'), 'Written in a PDF'],
  ])('is taken out of %s and can be read', async (type, content, found) => {
    expect(await textOf(await filed({ type, content }))).toEqual(text(found));
  });
  it('is read in parts, in characters and not in halves of them', async () => {
    const file = await filed({ content: 'aä😀z' });
    expect(await textOf(file)).toMatchObject({ state: 'READY', characters: 4 });
    const part = async (from: number, length: number) => kit.ask('collections', 'query($id: ID!, $from: Int, $length: Int) { item(id: $id) { attachments { nodes { text { content(from: $from, length: $length) } } } } }', { id: file.item, from, length }, guest!.viewer);
    expect((await part(1, 2)).data).toMatchObject({ item: { attachments: { nodes: [{ text: { content: 'ä😀' } }] } } });
    for (const from of [4, 1_048_577, 2_147_483_647]) expect((await part(from, 100_000)).data).toMatchObject({ item: { attachments: { nodes: [{ text: { content: '' } }] } } });
    expect([codeOf(await part(-1, 2)), codeOf(await part(0, 0)), codeOf(await part(0, 100_001))]).toEqual(['INVALID_INPUT', 'INVALID_INPUT', 'INVALID_INPUT']);
  });
  it('is cut after a megabyte, and says so', async () => {
    const found = await textOf(await filed({ content: 'word '.repeat(300_000) }));
    expect(found).toMatchObject({ state: 'READY', truncated: true, characters: 1_048_576 });
  });
  it('is not looked for in other files', async () => {
    expect(await textOf(await filed({ type: 'image/png' }))).toMatchObject({ state: 'NONE', content: null, code: null });
  });
  it.each([
    ['a broken one', 'application/pdf', 'no PDF at all', 'FILE_UNREADABLE'],
    ['a locked one', 'application/pdf', pdfOf('BT ET', '', '/Encrypt << /Filter /Standard /V 1 /R 2 /O (12345678901234567890123456789012) /U (12345678901234567890123456789012) /P -4 >> /ID [(1234567890123456) (1234567890123456)]'), 'FILE_ENCRYPTED'],
    ['one that is no text', 'text/plain', Buffer.from([1, 0, 2, 0, 3]), 'FILE_UNREADABLE'],
  ])('is missing in %s, and it is said why, with a code', async (_what, type, content, code) => {
    const file = await filed({ type, content });
    expect(await textOf(file)).toMatchObject({ state: 'FAILED', content: null, code, reason: expect.stringMatching(/\.$/) });
    expect(await jobOf(file.id)).toMatchObject({ state: 'FAILED', error: { code }, attempts: 1 });
  });
  it('is told once, also when the job is done again', async () => {
    const file = await filed({ name: 'told.txt', content: 'Said once' });
    await textOf(file);
    const event = await eventually('the event', () => kit.events.find((one) => one.type === 'collections.attachment-read' && one.subject === file.id));
    expect(event).toMatchObject({ tenant: acme.id, actor: { kind: 'system', id: 'system:collections' }, body: { collectionId: notes, itemId: file.item, attachmentId: file.id, name: 'told.txt', characters: 9, truncated: false } });
    const { id } = await jobOf(file.id);
    await inCollections(kit, acme.id, (sql) => sql.query(`UPDATE jobs.job SET state = 'QUEUED', finished_at = NULL, run_after = now() WHERE id = $1`, [id]));
    expect(await eventually('the second end', async () => { const job = await jobOf(file.id); return job.attempts === 2 && job.finishedAt && job; })).toMatchObject({ state: 'SUCCEEDED', result: { state: 'READY', characters: 9 } });
    expect(await textOf(file)).toEqual(text('Said once'));
    expect(readings(file.id)).toHaveLength(1);
  });
  it('is not waited for when its job was cancelled before it began, and comes when that is tried again', async () => {
    const file = await filed({ name: 'late.txt', content: 'Late words' });
    await textOf(file);
    const { id } = await jobOf(file.id);
    await inCollections(kit, acme.id, async (sql) => {
      await sql.query('DELETE FROM collections.attachment_text WHERE attachment_id = $1', [file.id]);
      await sql.query("UPDATE collections.attachment SET text_state = 'PENDING', text_characters = NULL WHERE id = $1", [file.id]);
      await sql.query("UPDATE jobs.job SET state = 'FAILED', error_code = 'CANCELLED', error_message = 'It was cancelled.', result = NULL WHERE id = $1", [id]);
    });
    expect(await textOf(file)).toMatchObject({ state: 'FAILED', content: null, code: 'CANCELLED', reason: expect.stringMatching(/retryJob/) });
    done(await kit.ask('collections', 'mutation($id: ID!) { retryJob(input: { id: $id }) { job { id } userErrors { code } } }', { id }, acme.owner.viewer));
    expect(await eventually('the text', async () => { const found = await textOf(file); return found.state === 'READY' && found; })).toEqual(text('Late words'));
  });
  it('lands once when the job is taken from whoever is in the middle of it', async () => {
    const file = await filed({ content: 'word '.repeat(300_000) });
    await eventually('a taking over', () => inCollections(kit, acme.id, async (sql) => (await sql.query(
      `UPDATE jobs.job SET state = 'QUEUED', leased_until = NULL, fence = fence + 1, run_after = now() WHERE kind = 'collections.extract-text' AND input ->> 'attachmentId' = $1 AND state = 'RUNNING'`, [file.id])).rowCount === 1));
    expect(await jobOf(file.id)).toMatchObject({ state: 'SUCCEEDED', attempts: 2 });
    expect(await textOf(file)).toMatchObject({ state: 'READY', truncated: true });
    await eventually('the event', () => readings(file.id).length > 0);
    expect(readings(file.id)).toHaveLength(1);
  });
});

const readings = (id: string) => kit.events.filter((one) => one.type === 'collections.attachment-read' && one.subject === id);
/** The job that reads this attachment, once it has ended. */
const jobOf = (attachmentId: string): Promise<Job> => eventually(`the job of ${attachmentId}`, () => inCollections(kit, acme.id, async (sql) => {
  const { rows: [row] } = await sql.query(`SELECT id, state, attempts, result, error_code, finished_at FROM jobs.job WHERE kind = 'collections.extract-text' AND input ->> 'attachmentId' = $1 AND finished_at IS NOT NULL`, [attachmentId]);
  return row && { id: row.id, state: row.state, attempts: row.attempts, result: row.result, error: row.error_code && { code: row.error_code }, finishedAt: row.finished_at } as unknown as Job;
}));
