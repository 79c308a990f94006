/** Files for a test, sent and attached the way clients do it: through the graph and the door of the store. */
import pg from 'pg';
import { itemMutation } from './collections.ts';
import type { Kit } from './services.ts';
import { dataOf, done, type Person } from './tenants.ts';

export interface File { name?: string; type?: string; content?: string | Buffer; sha256?: string }

const UPLOAD = 'mutation($input: CreateUploadInput!) { createUpload(input: $input) { upload { id url method headers { name value } } userErrors { code message } } }';
export const ATTACH = `mutation($input: AttachFileInput!) { attachFile(input: $input) {
  attachment { id name type bytes sha256 createdAt createdBy { id } item { id } text { state } } userErrors { code message path } } }`;
export const REMOVE = 'mutation($input: RemoveAttachmentInput!) { removeAttachment(input: $input) { attachmentId userErrors { code message path } } }';
export const ATTACHMENTS = `query($id: ID!, $first: Int, $after: String) { item(id: $id) { attachments(first: $first, after: $after) {
  nodes { id name type bytes sha256 url createdBy { id } text { state content(length: 100000) characters truncated code reason } } pageInfo { hasNextPage endCursor } } } }`;

export interface Sending { id: string; url: string; method: string; headers: { name: string; value: string }[] }

/** Where this file would be sent. */
export async function uploadFor(kit: Kit, by: Person, { name = 'note.txt', type = 'text/plain', content = 'hello', sha256 }: File = {}, purpose = 'ATTACHMENT'): Promise<Sending> {
  const input = { purpose, name, type, bytes: Buffer.byteLength(content), ...(sha256 && { sha256 }) };
  return done(await kit.ask('collections', UPLOAD, { input }, by.viewer)).upload;
}

export const send = ({ url, method, headers }: Sending, content: string | Buffer): Promise<Response> =>
  fetch(url, { method, headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])), body: content });

/** Sent, and not yet used; the id of the upload. */
export async function sent(kit: Kit, by: Person, file: File = {}, purpose?: string): Promise<string> {
  const upload = await uploadFor(kit, by, file, purpose);
  const answer = await send(upload, file.content ?? 'hello');
  if (answer.status !== 200) throw new Error(`The store answered ${answer.status}: ${await answer.text()}`);
  return upload.id;
}

export async function attached(kit: Kit, by: Person, itemId: string, file: File = {}): Promise<{ id: string; text: { state: string } } & Record<string, unknown>> {
  return done(await kit.ask('collections', ATTACH, { input: { itemId, uploadId: await sent(kit, by, file) } }, by.viewer)).attachment;
}

export async function attachmentsOf(kit: Kit, person: Person, itemId: string, more: Record<string, unknown> = {}): Promise<{ nodes: any[]; pageInfo: { hasNextPage: boolean; endCursor: string } }> {
  return dataOf(await kit.ask('collections', ATTACHMENTS, { id: itemId, ...more }, person.viewer)).item.attachments;
}

export const deleteItem = async (kit: Kit, by: Person, id: string): Promise<unknown> => done(await kit.ask('collections', itemMutation('deleteItem'), { input: { id } }, by.viewer));

/** Straight in the database, as the service is there: for times that have passed, and for what the graph never shows. */
export async function inCollections<T>(kit: Kit, tenantId: string, body: (sql: pg.Client) => Promise<T>, { access = 'all', person = '' } = {}): Promise<T> {
  const sql = new pg.Client({ connectionString: kit.database.url });
  await sql.connect();
  try {
    await sql.query(`BEGIN; SET LOCAL ROLE atlas_collections; SET LOCAL app.tenant_id = '${tenantId}'; SET LOCAL app.access = '${access}'; SET LOCAL app.person = '${person}'`);
    const result = await body(sql);
    await sql.query('COMMIT');
    return result;
  } finally {
    await sql.end();
  }
}
