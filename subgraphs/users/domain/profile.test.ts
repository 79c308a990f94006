import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emailFrom, nameFrom, normalEmail } from './profile.ts';

describe('an e-mail', () => {
  it.each(['ann@example.org', 'ann+list@example.co.uk', "o'hara@example.org", 'ann@bücher.example', 'a@b.co', `${'a'.repeat(64)}@example.org`])('may be %s', (email) => {
    expect(emailFrom(email)).toBe(email);
  });
  it.each(['', 'ann', 'ann@', '@example.org', 'ann@example', 'ann@@example.org', 'a b@example.org', '.ann@example.org', 'ann.@example.org', 'a..b@example.org',
    'ann@-example.org', 'ann@example-.org', 'ann@example..org', 'ann@example.org.', 'ann@example.org\nbcc: x', 'ann\0@example.org', 'Ann <ann@example.org>', `${'a'.repeat(65)}@example.org`])('is not %j', (email) => {
    expect(() => emailFrom(email)).toThrow('not an e-mail');
  });
  it('has one spelling', () => {
    expect(emailFrom('  Ann@Example.ORG ')).toBe('ann@example.org');
    fc.assert(fc.property(fc.emailAddress(), (email) => normalEmail(normalEmail(email)) === normalEmail(email)));
  });
  it('is judged in no time, whatever is typed', () => {
    const since = performance.now();
    for (const typed of [`a@${'a-'.repeat(50_000)}`, `a@${'a.'.repeat(50_000)}`, '@'.repeat(100_000)]) expect(() => emailFrom(typed)).toThrow();
    expect(performance.now() - since).toBeLessThan(500);
  });
});

describe('a name', () => {
  it.each(['Ann', '李', 'María José', '👩‍🚀', 'x'.repeat(200), '🦉'.repeat(200)])('may be %s', (name) => expect(nameFrom(` ${name} `)).toBe(name));
  it.each(['', '  ', 'x'.repeat(201), 'a\tb', 'a\u0000b', 'a\u2028b', 'a\u202eb', 'a\ud800b'])('is not %j', (name) => expect(() => nameFrom(name)).toThrow('A name'));
});
