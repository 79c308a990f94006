/**
 * `npx atlas import DIR`: the Markdown files of a folder, and of those in it, as items of a collection. Each is known by
 * its path: run it again, and what has changed is changed, what is new is new, and nothing is there twice.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { SettingsError } from '../config.ts';
import type { AskAs } from './as-somebody.ts';

export const IMPORT_HELP = `atlas import DIR [--tenant demo] [--collection Documents]
                    bring the Markdown files of a folder into a collection, as an owner of the tenant;
                    once more: only what has changed
`;

export interface ImportWords { folder: string; tenant: string; collection: string }
export function readImportWords(words: readonly string[]): ImportWords {
  const { values, positionals } = parsed(words);
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new SettingsError('Say one folder: atlas import DIR [--tenant demo] [--collection Documents].');
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new SettingsError(`${folder} is no folder.`);
  return { folder, tenant: values.tenant ?? 'demo', collection: values.collection ?? 'Documents' };
}
function parsed(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options: { tenant: { type: 'string' }, collection: { type: 'string' } } });
  } catch (error) {
    throw new SettingsError(`${(error as Error).message.split('. ')[0]}.`);
  }
}

const FILES_MAX = 5_000;
const BYTES_MAX = 1_000_000;
const TITLE_MAX = 300;
export interface MarkdownFile { path: string; title: string; body: string }

/** In the order of their paths; what is hidden, and what is no Markdown, is left out. */
export function markdownIn(folder: string): MarkdownFile[] {
  const files: string[] = [];
  const walk = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      if (entry.isDirectory()) walk(join(at, entry.name));
      else if (entry.isFile() && /\.(?:md|markdown)$/i.test(entry.name)) files.push(join(at, entry.name));
      if (files.length > FILES_MAX) throw new SettingsError(`At most ${FILES_MAX} files at once.`);
    }
  };
  walk(folder);
  return files.map((file) => fileOf(file, relative(folder, file).split(sep).join('/'))).sort((a, b) => (a.path < b.path ? -1 : 1));
}
export function fileOf(file: string, path: string): MarkdownFile {
  const body = readFileSync(file, 'utf8').replaceAll('\0', '');
  if (Buffer.byteLength(body) > BYTES_MAX) throw new SettingsError(`${path} is larger than a megabyte.`);
  return { path, body, title: lineIn(/^# +(.+?)\s*$/m.exec(body)?.[1] ?? '') || lineIn(basename(path).replace(/\.\w+$/, '')) || 'Untitled' };
}
/** As titles are kept, so that a file that has not changed is known for the same. */
const lineIn = (text: string): string => text.normalize('NFC').replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').slice(0, TITLE_MAX).toWellFormed().trim();

const FIND = 'query($filter: CollectionFilter) { collections(first: 100, filter: $filter) { nodes { id name } } }';
const CREATE_COLLECTION = 'mutation($input: CreateCollectionInput!) { createCollection(input: $input) { collection { id } userErrors { message } } }';
const SHARE = 'mutation($input: ShareCollectionInput!) { shareCollection(input: $input) { member { role } userErrors { message } } }';
const ITEMS = 'query($representations: [_Any!]!, $after: String) { _entities(representations: $representations) { ... on Collection { items(first: 100, after: $after) { nodes { id version title body metadata } pageInfo { hasNextPage endCursor } } } } }';
const CREATE = 'mutation($input: CreateItemInput!) { createItem(input: $input) { item { id } userErrors { message } } }';
const UPDATE = 'mutation($input: UpdateItemInput!) { updateItem(input: $input) { item { id } userErrors { message } } }';

export interface Imported { collectionId: string; created: number; updated: number; same: number; /** By path. */ ids: Map<string, string> }

/** All who belong to the tenant may read what is brought in, as of when the collection is made. */
export async function importFiles(ask: AskAs, name: string, files: readonly MarkdownFile[]): Promise<Imported> {
  const collectionId = await collectionCalled(ask, name);
  const known = await itemsByPath(ask, collectionId);
  const imported: Imported = { collectionId, created: 0, updated: 0, same: 0, ids: new Map() };
  for (const file of files) {
    const { outcome, id } = await broughtIn(ask, collectionId, file, known.get(file.path)).catch((error: unknown) => { throw new Error(`${file.path}: ${(error as Error).message}`, { cause: error }); });
    imported[outcome] += 1;
    imported.ids.set(file.path, id);
  }
  return imported;
}

async function broughtIn(ask: AskAs, collectionId: string, { path, title, body }: MarkdownFile, before: Kept | undefined): Promise<{ outcome: 'created' | 'updated' | 'same'; id: string }> {
  if (!before) {
    const { createItem } = await ask<{ createItem: { item: { id: string } } }>('collections', CREATE, { input: { collectionId, title, body, metadata: { path } } });
    return { outcome: 'created', id: createItem.item.id };
  }
  const { id, version } = before;
  if (before.title === title && before.body === body) return { outcome: 'same', id };
  await ask('collections', UPDATE, { input: { id, expectedVersion: version, title, body } });
  return { outcome: 'updated', id };
}

async function collectionCalled(ask: AskAs, name: string): Promise<string> {
  const { collections } = await ask<{ collections: { nodes: { id: string; name: string }[] } }>('collections', FIND, { filter: { namePrefix: name } });
  const found = collections.nodes.find((one) => one.name === name);
  if (found) return found.id;
  const { createCollection: { collection: { id } } } = await ask<{ createCollection: { collection: { id: string } } }>('collections', CREATE_COLLECTION, { input: { name } });
  await ask('collections', SHARE, { input: { collectionId: id, everyone: true, role: 'VIEWER' } });
  return id;
}

interface Kept { id: string; version: number; title: string; body: string }
interface KeptPage { _entities: [{ items: { nodes: (Kept & { metadata: { path?: unknown } | null })[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }] }
async function itemsByPath(ask: AskAs, id: string): Promise<Map<string, Kept>> {
  const known = new Map<string, Kept>();
  for (let after: string | null = null; ;) {
    const { _entities: [{ items }] }: KeptPage = await ask<KeptPage>('collections', ITEMS, { representations: [{ __typename: 'Collection', id }], after });
    for (const { metadata, ...kept } of items.nodes) if (typeof metadata?.path === 'string') known.set(metadata.path, kept);
    if (!items.pageInfo.hasNextPage) return known;
    after = items.pageInfo.endCursor;
  }
}

export const importText = ({ created, updated, same }: Imported, { collection, tenant }: Pick<ImportWords, 'collection' | 'tenant'>): string =>
  `${created} new, ${updated} changed, ${same} as they were, in the collection "${collection}" of ${tenant}. They can be found, and asked about, within some seconds where Atlas runs.\n`;
