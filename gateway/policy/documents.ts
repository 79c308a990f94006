/**
 * Which document a request means: one that it carries, one that is trusted (a manifest that codegen makes of a client's
 * documents, by id), or one that some client has sent before (automatic persisted queries, by hash). A caller who is held
 * to trusted documents gets an answer to no other.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Cache } from '../../platform/cache.ts';
import type { Settings } from '../../platform/config.ts';
import { AtlasError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Executor } from '../executor.ts';
import { LIMITS } from './limits.ts';

/** How a request names its document; any of it may be absent. */
export interface Named { query: string | null; documentId: string | null; hash: string | null }
export interface Meant {
  text: string;
  /** Remembers the text for those who come with its hash alone: to be called once the document has been admitted. */
  keep(): Promise<void>;
}
export interface TrustedDocument { id: string; text: string }

export interface Documents {
  meant(named: Named, viewer: Viewer): Promise<Meant>;
  trusted(): TrustedDocument[];
}

const MANIFEST = fileURLToPath(new URL('../../clients/typescript/generated/persisted-documents.json', import.meta.url));
/** A gateway that never says it is ready is worse than one whose first clients wait for a plan. */
const PLANNED_WITHIN_MS = 10_000;
/** How long a document is remembered that nobody asks for. */
const KEEP_MS = 24 * 3_600_000;
const SHA256 = /^[0-9a-f]{64}$/;
const nothing = async (): Promise<void> => undefined;

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The document of a request where none is known beforehand. */
export function textOf({ query, documentId, hash }: Named): Meant {
  if (query === null) throw documentId === null && hash === null ? new AtlasError('BAD_REQUEST', '`query` is a GraphQL document as text.') : new AtlasError('PERSISTED_QUERY_NOT_FOUND');
  return { text: query, keep: nothing };
}

/**
 * Resolves when the trusted documents are planned, so that nobody waits for their plans who is sent here afterwards; or when
 * that has taken too long. One that the schema does not fit is no reason not to start.
 */
export async function planned(executor: Pick<Executor, 'prepare'>, documents: readonly TrustedDocument[], log: Log, withinMs = PLANNED_WITHIN_MS): Promise<void> {
  const since = performance.now();
  const each = documents.map(({ id, text }) => executor.prepare(text, null).catch((error: unknown) => log.warn({ err: error, document: id }, 'A trusted document was not planned.')));
  const late = new AbortController();
  const inTime = await Promise.race([Promise.all(each).then(() => true), sleep(withinMs, false, { ref: false, signal: late.signal }).catch(() => false)]);
  late.abort();
  const said = { documents: documents.length, ms: Math.round(performance.now() - since) };
  if (inTime) log.info(said, 'The trusted documents are planned.');
  else log.warn(said, 'The trusted documents are not all planned yet: whoever asks for one may wait for its plan.');
}

/** The trusted documents of a file; a file that is missing or of another form stops the start. */
export function trustedDocuments(settings: Pick<Settings, 'TRUSTED_DOCUMENTS'>): TrustedDocument[] {
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(settings.TRUSTED_DOCUMENTS ?? MANIFEST, 'utf8'));
  } catch (cause) {
    throw new Error(settings.TRUSTED_DOCUMENTS ? 'TRUSTED_DOCUMENTS must name a file of JSON.' : 'clients/typescript/generated/persisted-documents.json cannot be read: make it with `npm run codegen`.', { cause });
  }
  const form = z.record(z.string(), z.string()).safeParse(manifest);
  if (!form.success) throw new Error('The file of trusted documents must be one JSON object of texts by their ids.');
  return Object.entries(form.data).map(([id, text]) => ({ id, text }));
}

export function openDocuments(given: { settings: Pick<Settings, 'TRUSTED_DOCUMENTS' | 'TRUSTED_DOCUMENTS_ONLY'>; cache: Cache }): Documents {
  const all = trustedDocuments(given.settings);
  // `sha256:…` is how the GraphQL-over-HTTP specification writes an id, the hash alone is how automatic persisted queries do.
  const byId = new Map(all.flatMap(({ id, text }) => [[id, text], [id.replace(/^sha256:/, ''), text]] as const));
  const texts = new Set(byId.values());
  const isHeld = (viewer: Viewer): boolean => given.settings.TRUSTED_DOCUMENTS_ONLY || viewer.trustedDocumentsOnly;
  const keyOf = (hash: string) => `document:${hash}`;

  const meant = async ({ query, documentId, hash }: Named, viewer: Viewer): Promise<Meant> => {
    const held = isHeld(viewer);
    const known = byId.get(documentId ?? hash ?? '');
    if (documentId !== null && query !== null && query !== known) throw new AtlasError('BAD_REQUEST', 'Send `query` or `documentId`, not both.');
    if (hash !== null && !SHA256.test(hash)) throw new AtlasError('BAD_REQUEST', '`sha256Hash` is a SHA-256 in hexadecimal, in lower case.');
    if (query !== null && hash !== null && sha256(query) !== hash) throw new AtlasError('BAD_REQUEST', 'The hash that was sent is not that of the document.');
    if (known !== undefined) return { text: known, keep: nothing };
    if (query !== null && texts.has(query)) return { text: query, keep: nothing };
    if (held) throw new AtlasError('DOCUMENT_NOT_TRUSTED');
    if (documentId !== null) throw new AtlasError('PERSISTED_QUERY_NOT_FOUND');
    if (query !== null) return { text: query, keep: hash === null ? nothing : () => remember(hash, query) };
    if (hash === null) throw new AtlasError('BAD_REQUEST', '`query` is a GraphQL document as text.');
    const text = await given.cache.get(keyOf(hash));
    // The store is shared, so what comes out of it is checked like what comes in.
    if (text === null || sha256(text) !== hash) throw new AtlasError('PERSISTED_QUERY_NOT_FOUND');
    return { text, keep: () => remember(hash, text) };
  };
  const remember = async (hash: string, text: string): Promise<void> => {
    if (Buffer.byteLength(text) <= LIMITS.documentBytes) await given.cache.set(keyOf(hash), text, KEEP_MS);
  };

  return { meant, trusted: () => all };
}

/** How a request's body, or a URL's parameters, name the document. */
export function namedBy(body: Record<string, unknown>): Named {
  const { query, documentId, extensions } = body;
  if (query !== undefined && query !== null && (typeof query !== 'string' || query === '')) throw new AtlasError('BAD_REQUEST', '`query` is a GraphQL document as text.');
  if (documentId !== undefined && documentId !== null && typeof documentId !== 'string') throw new AtlasError('BAD_REQUEST', '`documentId` is text.');
  if (extensions !== undefined && extensions !== null && (typeof extensions !== 'object' || Array.isArray(extensions))) throw new AtlasError('BAD_REQUEST', '`extensions` is an object.');
  const persisted = (extensions as { persistedQuery?: unknown } | null | undefined)?.persistedQuery;
  const named = { query: query ?? null, documentId: documentId ?? null } as { query: string | null; documentId: string | null };
  if (persisted === undefined || persisted === null) return { ...named, hash: null };
  const { version, sha256Hash } = persisted as { version?: unknown; sha256Hash?: unknown };
  if (version !== 1 || typeof sha256Hash !== 'string') throw new AtlasError('BAD_REQUEST', '`extensions.persistedQuery` is { version: 1, sha256Hash }.');
  return { ...named, hash: sha256Hash };
}
