import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { memoryCache } from '../../platform/cache.ts';
import { newId } from '../../platform/ids.ts';
import { anonymous, keyViewer } from '../../platform/viewer.ts';
import { namedBy, openDocuments, sha256, trustedDocuments } from './documents.ts';

const KNOWN = '{ me { id } }';
const OTHER = '{ me { name } }';
const file = join(mkdtempSync(join(tmpdir(), 'atlas-documents-')), 'manifest.json');
writeFileSync(file, JSON.stringify({ [`sha256:${sha256(KNOWN)}`]: KNOWN, 'by-name': '{ rateLimit { limit } }' }));
const settings = { TRUSTED_DOCUMENTS: file, TRUSTED_DOCUMENTS_ONLY: false };
const key = (trustedDocumentsOnly: boolean) => keyViewer({ keyId: newId('key'), tenantId: newId('tnt'), scopes: [], collectionIds: null, trustedDocumentsOnly, sandbox: false });
const named = (more: object) => ({ query: null, documentId: null, hash: null, ...more });
const open = (more: Partial<typeof settings> = {}, cache = memoryCache()) => openDocuments({ settings: { ...settings, ...more }, cache });
const found = (asked: Promise<{ text: string }>) => asked.then(({ text }) => text, ({ code }: { code: string }) => code);

describe('a document', () => {
  it('is what the request carries, or what its id or its hash names', async () => {
    const { meant } = open();
    expect(await found(meant(named({ query: OTHER }), anonymous))).toBe(OTHER);
    expect(await found(meant(named({ documentId: `sha256:${sha256(KNOWN)}` }), anonymous))).toBe(KNOWN);
    expect(await found(meant(named({ documentId: sha256(KNOWN) }), anonymous))).toBe(KNOWN);
    expect(await found(meant(named({ documentId: 'by-name' }), anonymous))).toBe('{ rateLimit { limit } }');
    expect(await found(meant(named({ hash: sha256(KNOWN) }), anonymous))).toBe(KNOWN);
    expect(await found(meant(named({ hash: sha256(OTHER) }), anonymous))).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(await found(meant(named({ documentId: 'nobody' }), anonymous))).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(await found(meant(named({}), anonymous))).toBe('BAD_REQUEST');
  });

  it('is found by its hash once it has been sent and admitted, in every process', async () => {
    const cache = memoryCache();
    const [one, other] = [open({}, cache), open({}, cache)];
    const sent = await one.meant(named({ query: OTHER, hash: sha256(OTHER) }), anonymous);
    expect(await found(other.meant(named({ hash: sha256(OTHER) }), anonymous))).toBe('PERSISTED_QUERY_NOT_FOUND');
    await sent.keep();
    expect(await found(other.meant(named({ hash: sha256(OTHER) }), anonymous))).toBe(OTHER);
  });

  it('is not found under a hash that is not its own, however it came into the store', async () => {
    const cache = memoryCache();
    const { meant } = open({}, cache);
    expect(await found(meant(named({ query: OTHER, hash: sha256(KNOWN) }), anonymous))).toBe('BAD_REQUEST');
    await cache.set(`document:${sha256('x')}`, OTHER, 10_000);
    expect(await found(meant(named({ hash: sha256('x') }), anonymous))).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(await found(meant(named({ hash: 'x' }), anonymous))).toBe('BAD_REQUEST');
    expect(await found(meant(named({ hash: sha256(OTHER).toUpperCase() }), anonymous))).toBe('BAD_REQUEST');
    expect(await found(meant(named({ query: OTHER, documentId: 'by-name' }), anonymous))).toBe('BAD_REQUEST');
  });

  it('is one that is trusted for whoever is held to them, by id, by hash or as its text', async () => {
    const cache = memoryCache();
    await cache.set(`document:${sha256(OTHER)}`, OTHER, 10_000);
    for (const [documents, viewer] of [[open({}, cache), key(true)], [open({ TRUSTED_DOCUMENTS_ONLY: true }, cache), anonymous], [open({ TRUSTED_DOCUMENTS_ONLY: true }, cache), key(false)]] as const) {
      for (const more of [{ query: KNOWN }, { documentId: sha256(KNOWN) }, { hash: sha256(KNOWN) }]) expect(await found(documents.meant(named(more), viewer))).toBe(KNOWN);
      for (const more of [{ query: OTHER }, { query: `${KNOWN} ` }, { query: OTHER, hash: sha256(OTHER) }, { hash: sha256(OTHER) }, { documentId: 'nobody' }]) {
        expect(await found(documents.meant(named(more), viewer))).toBe('DOCUMENT_NOT_TRUSTED');
      }
    }
    expect(await found(open({}, cache).meant(named({ query: OTHER }), key(false)))).toBe(OTHER);
  });
});

describe('how a request names its document', () => {
  it.each<[object, unknown]>([
    [{ query: OTHER }, named({ query: OTHER })],
    [{ documentId: 'x', extensions: null }, named({ documentId: 'x' })],
    [{ extensions: { persistedQuery: { version: 1, sha256Hash: 'h' }, other: 1 } }, named({ hash: 'h' })],
    [{ query: '' }, 'BAD_REQUEST'], [{ query: 1 }, 'BAD_REQUEST'], [{ documentId: 1 }, 'BAD_REQUEST'], [{ extensions: [] }, 'BAD_REQUEST'],
    [{ extensions: { persistedQuery: { version: 2, sha256Hash: 'h' } } }, 'BAD_REQUEST'], [{ extensions: { persistedQuery: 'h' } }, 'BAD_REQUEST'],
  ])('%j', (body, expected) => {
    let result: unknown;
    try { result = namedBy(body as Record<string, unknown>); } catch (error) { result = (error as { code: string }).code; }
    expect(result).toEqual(expected);
  });
});

describe('the manifest', () => {
  it("of the client holds documents that fit the API, each under its own hash", () => {
    const api = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));
    const all = trustedDocuments({ TRUSTED_DOCUMENTS: undefined });
    expect(all.length).toBeGreaterThan(10);
    for (const { id, text } of all) {
      expect(id).toBe(`sha256:${sha256(text)}`);
      expect(validate(api, parse(text))).toEqual([]);
    }
  });
  it.each([['{', /JSON/], ['[1]', /one JSON object/], ['{"a":1}', /one JSON object/]])('that is %s stops the start with a sentence', (text, sentence) => {
    writeFileSync(`${file}.bad`, text);
    expect(() => trustedDocuments({ TRUSTED_DOCUMENTS: `${file}.bad` })).toThrow(sentence);
  });
  it('that is not there stops the start by the name of its setting', () => expect(() => trustedDocuments({ TRUSTED_DOCUMENTS: `${file}.none` })).toThrow('TRUSTED_DOCUMENTS'));
});
