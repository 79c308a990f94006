import { describe, expect, it } from '@jest/globals';
import { emailOf, lineOf } from './text.ts';

describe('a line of text', () => {
  it('is trimmed and in one normal form, and counted as people count', () => {
    expect(lineOf('  Cafe\u0301 ', 'name', 4)).toBe('Café');
    expect(lineOf('😀😀', 'name', 2)).toBe('😀😀');
  });
  it('is refused when it is empty, too long or holds what nobody sees', () => {
    for (const text of ['', '  ', 'abc', 'a\nb', 'a\u0000', '\u009fa', 'a\u2028b', 'a\ud800']) expect(() => lineOf(text, 'name', text === 'abc' ? 2 : 3)).toThrow(expect.objectContaining({ path: ['input', 'name'] }));
  });
});

describe('an e-mail address', () => {
  it('has one spelling', () => { expect(emailOf(' Ann.Ö+x@Mail.Example.ORG ', 'email')).toBe('ann.ö+x@mail.example.org'); });
  it('is refused when a mail program could read it as something else', () => {
    for (const text of ['a@b', 'a@.b', 'a@b..c', '<a@b.c>', 'a@b.c, d@e.f', 'A <a@b.c>', '"a b"@c.d', 'a@b@c.d', 'a@b.c\r\nBcc: d@e.f']) expect(() => emailOf(text, 'email')).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});
