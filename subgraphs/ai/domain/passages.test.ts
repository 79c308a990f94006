import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PASSAGE_MAX, passagesOf } from './passages.ts';
import { sentencesOf } from './sentences.ts';

const cut = (body: string) => passagesOf({ itemId: 'itm_1', version: 3, title: 'T', body });
const DOCS = new URL('../../../docs/', import.meta.url);

describe('passages', () => {
  it('go along headings and say which they stand under', () => {
    const passages = cut('Before.\n\n# A\n\nOne.\n\nTwo.\n\n## B\nThree.\n\n# C\n\n```\n# no heading\n\nstill code\n```\n');
    expect(passages.map(({ headings, text }) => [headings.join('/'), text])).toEqual([['', 'Before.'], ['A', 'One.\n\nTwo.'], ['A/B', 'Three.'], ['C', '```\n# no heading\n\nstill code\n```']]);
    expect(passages[0]).toMatchObject({ itemId: 'itm_1', version: 3, title: 'T', start: 0, end: 7 });
  });

  it('are exactly what stands there, never too long, never half a character, and leave out no word', () => {
    const parts = fc.array(fc.oneof(fc.constantFrom('# H', '## H2', '\n', '\n\n', '```', '- ', '| a | b |', 'word ', 'End. ', '😀'.repeat(400), 'x'.repeat(1_500), 'a b '.repeat(500)), fc.string({ unit: 'grapheme', maxLength: 30 })), { maxLength: 30 }).map((all) => all.join(''));
    fc.assert(fc.property(parts, (body) => {
      let at = 0;
      let left = '';
      for (const { text, start, end } of cut(body)) {
        expect(text).toBe(body.slice(start, end));
        expect(start).toBeGreaterThanOrEqual(at);
        expect(text.length).toBeLessThanOrEqual(PASSAGE_MAX);
        if (body.isWellFormed()) expect(text.isWellFormed()).toBe(true);
        left += body.slice(at, start);
        at = end;
      }
      // What no passage holds: headings, and blanks and marks of lists where a long block was cut.
      for (const line of `${left}${body.slice(at)}`.split('\n')) expect(line.replace(/^[\s>]*(?:#{1,6}.*|[-*+•>\s]*)$|^\s*(?:\d{1,3}[.)]|[-*+•>#\s])*\s*$/u, '')).toBe('');
    }), { numRuns: 300 });
  });

  it('of a real document each say one thing that can be read', () => {
    for (const name of readdirSync(DOCS).filter((one) => one.endsWith('.md'))) {
      const body = readFileSync(new URL(name, DOCS), 'utf8');
      const passages = cut(body);
      expect(passages.length).toBeGreaterThan(0);
      expect(passages.every(({ text, start, end }) => body.slice(start, end) === text && text.trim() === text && text.length <= PASSAGE_MAX)).toBe(true);
    }
  });
});

describe('sentences', () => {
  const sentences = (text: string, lines?: 'end') => sentencesOf(text, lines).map(({ start, end }) => text.slice(start, end));

  it('end where they end, and not at a point within', () => {
    expect(sentences('One is 3.5 long, e.g. this. Two? "Three!" It is v1.2. Four…')).toEqual(['One is 3.5 long, e.g. this.', 'Two?', '"Three!"', 'It is v1.2.', 'Four…']);
    expect(sentences('漢字です。次の文！')).toEqual(['漢字です。', '次の文！']);
  });

  it('go on over a line that is wrapped, and end at an empty one, at the next of a list, at a row', () => {
    expect(sentences('A line that\ngoes on. Next\n\nPart\n- one\n- two three\n| a | b |\n| c | d |')).toEqual(['A line that\ngoes on.', 'Next', 'Part', 'one', 'two three', '| a | b |', '| c | d |']);
    expect(sentences('One\nTwo', 'end')).toEqual(['One', 'Two']);
  });
});
