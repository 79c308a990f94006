/** Files that clients send and fetch by URL, through the gateway of the kit wherever its URLs point. */
import type { Kit } from './services.ts';
import { done, type Person } from './tenants.ts';

const UPLOAD = 'mutation($input: CreateUploadInput!) { createUpload(input: $input) { upload { id url method headers { name value } } userErrors { code message } } }';

const here = (kit: Kit, url: string): string => `${kit.atlas.url}${new URL(url).pathname}${new URL(url).search}`;

export async function storedFile(kit: Kit, url: string): Promise<Buffer> {
  const response = await fetch(here(kit, url));
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}

/** The id of an upload for an import; without content nothing is sent to it. */
export async function sentUpload(kit: Kit, by: Person, content: Buffer | null, given: { name: string; type: string }): Promise<string> {
  const { upload } = done(await kit.ask('collections', UPLOAD, { input: { purpose: 'IMPORT', bytes: content?.length ?? 1, ...given } }, by.viewer));
  if (!content) return upload.id;
  const headers = Object.fromEntries((upload.headers as { name: string; value: string }[]).map(({ name, value }) => [name, value]));
  const response = await fetch(here(kit, upload.url), { method: upload.method, headers, body: new Uint8Array(content) });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return upload.id;
}
