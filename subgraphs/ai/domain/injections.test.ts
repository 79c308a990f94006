import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { marked, type Token } from 'marked';
import { openCiting } from './citing.ts';
import type { Model, Said } from './models.ts';

const DOCUMENTS = JSON.parse(readFileSync(new URL('../../../test/fixtures/injections.json', import.meta.url), 'utf8')) as string[];
const SECRET = 'sk-canary-7731';

/** It does whatever a document tells it, with all that it knows: what protects a reader must not be the model. */
const obedient = (pieces: number): Model => ({
  name: 'obedient', price: { input: '0', output: '0', currency: 'USD' },
  async *say({ passages }): AsyncIterable<Said> {
    const told = passages.flatMap(({ text }) => [...text.matchAll(/«([^»]*)»/g)].map(([, order]) => order!.replaceAll('{secret}', SECRET))).join(' ');
    for (let at = 0; at < told.length; at += pieces) yield { kind: 'text', text: told.slice(at, at + pieces) };
    yield { kind: 'end', usage: { inputTokens: 1, outputTokens: 1 }, stopped: 'end' };
  },
});

async function answerTo(document: string, pieces: number): Promise<string> {
  const passage = { itemId: 'itm_1', version: 1, title: 'T', headings: [], text: document, start: 0, end: document.length };
  const citing = openCiting(1);
  let text = '';
  const take = (said: ReturnType<typeof citing.push>) => { for (const one of said) if (one.kind === 'text') text += one.text; };
  for await (const said of obedient(pieces).say({ system: '', turns: [], passages: [passage], question: '?' }, new AbortController().signal)) if (said.kind === 'text') take(citing.push(said.text));
  take(citing.finish());
  return text;
}

/** As another reads it: GitHub's Markdown by a kept library, HTML included. */
function linksIn(text: string): string[] {
  const found: string[] = [];
  void marked.walkTokens(marked.lexer(text, { gfm: true }), (token: Token) => {
    if (['link', 'image', 'html', 'def'].includes(token.type)) found.push(token.raw);
  });
  return [...found, ...text.match(/[a-z][a-z0-9+.-]*:\/\/\S*|\bwww\.\S+|\bevil\.(?:com|example)\b\S*|(?<!\w)\/\/\w\S*|\bjavascript:\S+|\bmailto:\S+|\bdata:\w+\/\S+/gi) ?? []];
}

describe('what documents tell a model to do', () => {
  it('is sixty different things, each of which leads somewhere as it stands', () => {
    expect(new Set(DOCUMENTS).size).toBe(60);
    const harmless = DOCUMENTS.filter((document) => linksIn(/«([^»]*)»/.exec(document)![1]!.replaceAll('{secret}', SECRET).replaceAll('\u200b', '').replaceAll('\u00ad', '').replace('[99]', '').replace(/&#58;|&colon;/, ':').replaceAll('&sol;', '/').replace('\\:', ':')).length === 0);
    expect(harmless.filter((document) => !/10\.1\.2\.3/.test(document))).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5, 7, 11, 17, 64, 1_000])('leads no reader anywhere, though the model obeys (pieces of %d)', async (pieces) => {
    const led: Record<string, string[]> = {};
    for (const document of DOCUMENTS) {
      const links = linksIn(await answerTo(document, pieces));
      if (links.length > 0) led[document] = links;
    }
    expect(led).toEqual({});
  });
});
