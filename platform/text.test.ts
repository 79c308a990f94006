import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emailOf, lineOf, normalEmail } from './text.ts';

describe('a line of text', () => {
  it('is trimmed and in one normal form, and counted as people count', () => {
    expect(lineOf('  Cafe\u0301 ', 'name', 4)).toBe('Café');
    expect(lineOf('😀😀', 'name', 2)).toBe('😀😀');
  });
  it('is refused when it is empty, too long or holds what nobody sees', () => {
    for (const text of ['\u200b', '\u2060 \u00ad', '\u3164', '\ufe0f\u180e']) expect(() => lineOf(text, 'name', 9)).toThrow('can be seen');
    expect(lineOf('👩\u200d🔬', 'name', 3)).toBe('👩\u200d🔬');
    for (const text of ['', '  ', 'abc', 'a\nb', 'a\u0000', '\u009fa', 'a\u2028b', 'a\ud800']) expect(() => lineOf(text, 'name', text === 'abc' ? 2 : 3)).toThrow(expect.objectContaining({ path: ['input', 'name'] }));
  });
});

describe('an e-mail address', () => {
  it('has one spelling', () => { expect(emailOf(' Ann.Ö+x@Mail.Example.ORG ', 'email')).toBe('ann.ö+x@mail.example.org'); });
  it('is refused when a mail program could read it as something else', () => {
    for (const text of ['a@b', 'a@.b', 'a@b..c', '<a@b.c>', 'a@b.c, d@e.f', 'A <a@b.c>', '"a b"@c.d', 'a@b@c.d', 'a@b.c\r\nBcc: d@e.f']) expect(() => emailOf(text, 'email')).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});

describe('any e-mail', () => {
  it.each(['ann@example.org', 'ann+list@example.co.uk', "o'hara@example.org", 'ann@bücher.example', 'a@b.co', `${'a'.repeat(64)}@example.org`])('may be %s', (email) => {
    expect(emailOf(email)).toBe(email);
  });
  it.each(['', 'ann', 'ann@', '@example.org', 'ann@example', 'ann@@example.org', 'a b@example.org', '.ann@example.org', 'ann.@example.org', 'a..b@example.org',
    'ann@-example.org', 'ann@example-.org', 'ann@example..org', 'ann@example.org.', 'ann@example.org\nbcc: x', 'ann\0@example.org', 'Ann <ann@example.org>', `${'a'.repeat(65)}@example.org`])('is not %j', (email) => {
    expect(() => emailOf(email)).toThrow('not an e-mail');
  });
  it('has one spelling', () => {
    expect(emailOf('  Ann@Example.ORG ')).toBe('ann@example.org');
    fc.assert(fc.property(fc.emailAddress(), (email) => normalEmail(normalEmail(email)) === normalEmail(email)));
  });
  it('is judged in no time, whatever is typed', () => {
    const since = process.cpuUsage(); // work, not waiting
    for (const typed of [`a@${'a-'.repeat(50_000)}`, `a@${'a.'.repeat(50_000)}`, '@'.repeat(100_000)]) expect(() => emailOf(typed)).toThrow();
    expect(process.cpuUsage(since).user).toBeLessThan(500_000);
  });
});
