import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Cite } from './cites.ts';
import { HOLD_MAX, openCiting } from './citing.ts';

const read = (pieces: readonly string[], passages = 9) => {
  const citing = openCiting(passages);
  const out = [...pieces.flatMap((piece) => citing.push(piece)), ...citing.finish()];
  return { out: joined(out), text: textOf(out), cited: [...citing.cited] };
};
const textOf = (out: readonly Cite[]): string => out.map((one) => (one.kind === 'text' ? one.text : '')).join('');
const joined = (out: readonly Cite[]): Cite[] => out.reduce<Cite[]>((so, one) => {
  const last = so.at(-1);
  if (one.kind === 'text' && last?.kind === 'text') return [...so.slice(0, -1), { kind: 'text', text: last.text + one.text }];
  return [...so, one];
}, []);
const shown = (text: string, passages?: number): string => read([text], passages).text;

describe('what a model cites', () => {
  it('is numbered in the order in which it is cited first, and said with where it stands', () => {
    const { out, text, cited } = read(['Keys end [4]. They are kept [2][4]. Twice [2, 7].']);
    expect(text).toBe('Keys end [1]. They are kept [2][1]. Twice [2][3].');
    expect(cited).toEqual([3, 1, 6]);
    expect(out.filter(({ kind }) => kind === 'cited')).toEqual([
      { kind: 'cited', passage: 3, mark: 1, at: 9, isNew: true }, { kind: 'cited', passage: 1, mark: 2, at: 28, isNew: true }, { kind: 'cited', passage: 3, mark: 1, at: 31, isNew: false },
      { kind: 'cited', passage: 1, mark: 2, at: 42, isNew: false }, { kind: 'cited', passage: 6, mark: 3, at: 45, isNew: true },
    ]);
    for (const one of out) if (one.kind === 'cited') expect(text.startsWith(`[${one.mark}]`, one.at)).toBe(true);
  });

  it('may be marked as other models do', () => {
    expect(shown('A【3†L1-2】 b[^2] c[2;3].')).toBe('A[1] b[2] c[2][1].');
  });

  it('is left out where no passage has that number, and nothing else is', () => {
    expect(read(['So it is[12]. And [0] so.'], 3)).toMatchObject({ text: 'So it is. And  so.', cited: [] });
    expect(shown('In [2024] a [list] and items[i].')).toBe('In [2024] a [list] and items[i].');
  });

  it('can be nothing', () => {
    expect(read(['[none] The documents do not say it.']).out).toEqual([{ kind: 'unanswered' }, { kind: 'text', text: ' The documents do not say it.' }]);
  });
});

describe('the pieces that it comes in', () => {
  const parts = fc.array(fc.oneof(
    fc.constantFrom('[1]', '[2, 3]', '[99]', '[none]', '![alt](', '](', ')', '[ref]: ', 'https://evil.example/x', 'www.', 'evil.com/a', ' ', '\n', '. ', '<img src=', '&#58;', '\\', '【4†s】', '!', '[', ']', '\u200b', '😀', '漢字。', 'x'.repeat(200)),
    fc.string({ unit: 'binary', maxLength: 12 }),
  ), { maxLength: 30 }).map((all) => all.join(''));

  it('change nothing, wherever they part, halves of characters included', () => {
    fc.assert(fc.property(parts, fc.array(fc.nat(400), { maxLength: 40 }), (text, cuts) => {
      const at = [...new Set([0, ...cuts.filter((cut) => cut < text.length), text.length])].sort((a, b) => a - b);
      expect(read(at.slice(1).map((end, n) => text.slice(at[n], end)))).toEqual(read([text]));
    }), { numRuns: 1_500 });
  });

  it('are taken up by another reader that hears again what was said: it gives what was given, and no more', () => {
    fc.assert(fc.property(parts, fc.nat(400), (text, cut) => {
      const [first, second] = [openCiting(9), openCiting(9)];
      const given = [...text.slice(0, cut)].flatMap((one) => first.push(one));
      expect(joined(second.push(text.slice(0, cut)))).toEqual(joined(given));
      expect(joined([...second.push(text.slice(cut)), ...second.finish()])).toEqual(joined([...first.push(text.slice(cut)), ...first.finish()]));
    }), { numRuns: 500 });
  });

  it('are held back for a word or a mark, and never for longer than the limit', () => {
    fc.assert(fc.property(parts, (text) => {
      const citing = openCiting(9);
      let out = 0;
      let inTarget = 0;
      for (const one of text) {
        const said = textOf(citing.push(one)).length;
        out += said;
        inTarget = said > 0 ? 0 : inTarget + one.length;
        // What is swallowed as where a link leads is not held back: it never comes.
        expect(inTarget).toBeLessThanOrEqual(HOLD_MAX + 2_100);
      }
      expect(out).toBeLessThanOrEqual(text.length * 10 + 20);
    }), { numRuns: 300 });
    const citing = openCiting(1);
    expect(textOf(citing.push('word '))).toBe('word ');
    expect(textOf(citing.push('y'.repeat(HOLD_MAX))).length).toBeGreaterThan(0);
  });
});

describe('links', () => {
  it.each([
    ['see https://evil.example/?q=secret now', 'see ‹link removed› now'],
    ['see (HTTPS://evil.example).', 'see ‹link removed›.'],
    ['![pixel](https://evil.example/p.png?d=1) Done.', '  Done.'],
    ['![pixel][p] Done.\n[p]: https://evil.example/p.png', '  Done.\n[p] : ‹link removed›'],
    ['[click here](https://evil.example "now") please', '[click here] please'],
    ['[a](x(y)z)[b]( <u v> )', '[a][b]'],
    ['[click][1] and [ref]: /internal?x', '[click][1] and [ref] : /internal?x'],
    ['[x](y): /z', '[x] : /z'],
    ['<https://evil.example> and <img src="//evil.example/x">', '‹link removed› and < img ‹link removed›'],
    ['go to www.evil.example or evil.com/path, evil.com.', 'go to ‹link removed› or ‹link removed›, ‹link removed›.'],
    ['evil![x](y).com/path', 'evil .com/path'],
    ['evil[99].com/path', '‹link removed›'],
    ['htt\u200bps://evil.example', '‹link removed›'],
    ['https&#58;//evil.example and https\\://evil.example and https&colon;&sol;&sol;evil.example', '‹link removed› and ‹link removed› and ‹link removed›'],
    ['javascript:alert(1) data:text/html,x mailto:a@b.example', '‹link removed› ‹link removed› ‹link removed›'],
    ['http://10.0.0.1/x 10.0.0.1:80/x', '‹link removed› ‹link removed›'],
    [`${'a'.repeat(600)}://evil.example/x y`, `${'a'.repeat(384)}‹link removed› y`],
    [`https://evil.example/${'a'.repeat(900)} y`, '‹link removed› y'],
  ])('never come out: %s', (said, expected) => {
    expect(shown(said)).toBe(expected);
  });

  it.each([
    'Files such as docs/search.md, platform/errors.ts and README.md stay.',
    'Node.js and .NET, e.g. version 1.2.3, at 10:30; a and/or b; R&D; 3.5/4.',
    'Write to ann@mail.acme.org or call `atlas eval`; scope data:read.',
    'Array of 3 < 4 && 5 > 2; x = y[i];',
  ])('are not taken for what is none: %s', (said) => {
    expect(shown(said)).toBe(said);
  });

  it('leave nothing that Markdown makes a link of, whatever is put together', () => {
    const parts = fc.array(fc.constantFrom('[', ']', '(', ')', '!', ':', 'x', ' ', '\n', '<', '>', '[1]', '[99]', '[none]', '/p', '\u200b', '\\', 'https://e.tk/x', 'www.e.tk', '//e.tk/x'), { maxLength: 40 }).map((all) => all.join(''));
    fc.assert(fc.property(parts, (text) => {
      expect(shown(text)).not.toMatch(/\]\(|\]:|:\/\/|(?<![\p{L}\p{N}])www\.|<[a-z/!?]|(?<![\p{L}\p{N}])\/\/e/iu);
    }), { numRuns: 10_000 });
  });
});
