/** Files that are sent and fetched by URL, through the gateway of the kit. A URL is as good as its file, so it is judged like one. */
import { inflateRawSync } from 'node:zlib';
import type { Place } from './canaries.ts';
import { leaksIn } from './judge.ts';
import { mayRead, tenantOf, type Principal } from './rights.ts';
import type { World } from './world.ts';

interface Grant { do: 'put' | 'get'; key: string; name?: string; url: string }
export interface Target { url: string; method: string; headers: { name: string; value: string }[] }

/** Every URL of the store's that stands in a text, with what is written in it for whoever decodes it. */
export const grantsIn = (text: string): Grant[] => [...text.matchAll(/"([^"\\]*[?&]grant=([\w-]+)\.[\w-]+)"/g)]
  .map(([, url, said]) => ({ ...JSON.parse(Buffer.from(said!, 'base64url').toString()) as Omit<Grant, 'url'>, url: url! }));

const here = (world: World, url: string): string => `${world.kit.atlas.url}${new URL(url).pathname}${new URL(url).search}`;

/** Whose file it is; undefined where this model knows of none. */
export function placeOf(world: World, { key, do: what }: Pick<Grant, 'key' | 'do'>): Place | undefined {
  const [, folder, name] = key.split('/');
  const upload = world.uploads.find((one) => one.id === name);
  if (what === 'put') return upload && { in: 'upload', upload };
  const attachment = world.attachments.find((one) => one.key === key);
  if (attachment) return { in: 'attachment', attachment };
  const job = folder === 'exports' || folder === 'reports' ? world.jobs.find(({ id }) => id === name) : undefined;
  return job && { in: 'job', job, file: true };
}

/** What the URLs in a text hand out, and say, that the caller may not have. */
export const wrongGrants = (world: World, by: Principal, text: string): string[] => grantsIn(text).flatMap((grant) => {
  const place = placeOf(world, grant);
  const may = place && mayRead(by, place, world.tenants, false) && (place.in !== 'attachment' || !place.attachment.removed);
  return [...(may ? [] : [`hands out ${grant.key}`]), ...leaksIn(world, by, JSON.stringify(grant.name ?? '')).map((leak) => `names a file ${leak}`)];
});

export async function send(world: World, { url, method, headers }: Target, content: Buffer): Promise<void> {
  const answer = await fetch(here(world, url), { method, headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])), body: new Uint8Array(content) });
  if (answer.status !== 200) throw new Error(`The store answered ${answer.status}: ${await answer.text()}`);
}
export async function fetched(world: World, url: string): Promise<Buffer> {
  const answer = await fetch(here(world, url));
  if (answer.status !== 200) throw new Error(`The store answered ${answer.status}: ${await answer.text()}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** Takes a file that was handed out: it is that one; and the same URL opens no other, nor takes anything. */
export async function tryUrl(world: World, by: Principal, text: string): Promise<string[]> {
  const handed = grantsIn(text).filter((grant) => grant.do === 'get');
  if (handed.length === 0) return [];
  const { url, key, do: what } = world.pick(handed);
  const place = placeOf(world, { key, do: what });
  const faults: string[] = [];
  const file = await fetched(world, url);
  const should = place?.in === 'attachment' ? Buffer.from(place.attachment.content) : place?.in === 'job' && place.job.file !== null ? Buffer.from(place.job.file, 'latin1') : null;
  if (should && !file.equals(should)) faults.push(`gives another file for ${key}`);
  const others = [...world.attachments.map((one) => one.key), ...world.jobs.filter((job) => job.file !== null).map((job) => `${tenantOf(job.by)!.id}/exports/${job.id}`)].filter((other) => other !== key);
  if (others.length === 0) return faults;
  const [, said, mark] = /grant=([\w-]+)\.([\w-]+)/.exec(url)!;
  const forged = Buffer.from(Buffer.from(said!, 'base64url').toString().replace(key, world.pick(others))).toString('base64url');
  const tries = await Promise.all([
    fetch(here(world, url.replace(said!, forged))), fetch(here(world, url.replace(mark!, `${mark!.startsWith('A') ? 'B' : 'A'}${mark!.slice(1)}`))), fetch(here(world, url), { method: 'PUT', body: 'something else' }),
  ]);
  for (const answer of tries) {
    const said = await answer.text();
    if (answer.status < 400 || answer.status >= 500) faults.push(`answers ${answer.status} to a forged URL: ${said.slice(0, 300)}`);
    faults.push(...leaksIn(world, by, said).map((leak) => `says to a forged URL ${leak}`));
  }
  return faults;
}

/** What stands in an export, of whatever format: an archive's files with their names. */
export function readable(file: Buffer): string {
  if (file.subarray(0, 2).toString() !== 'PK') return file.toString();
  const texts: string[] = [];
  for (let at = file.indexOf('PK\u0003\u0004'); at >= 0; at = file.indexOf('PK\u0003\u0004', at + 4)) {
    const begins = at + 30 + file.readUInt16LE(at + 26) + file.readUInt16LE(at + 28);
    const data = file.subarray(begins);
    texts.push(file.subarray(at + 30, begins).toString(), file.readUInt16LE(at + 8) === 8 ? inflateRawSync(data).toString() : '');
  }
  return texts.join('\n');
}
