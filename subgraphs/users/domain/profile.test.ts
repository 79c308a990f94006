import { describe, expect, it } from '@jest/globals';
import { nameFrom } from './profile.ts';

describe('a name', () => {
  it.each(['Ann', '李', 'María José', '👩‍🚀', 'x'.repeat(200), '🦉'.repeat(200)])('may be %s', (name) => expect(nameFrom(` ${name} `)).toBe(name));
  it.each(['', '  ', 'x'.repeat(201), 'a\tb', 'a\u0000b', 'a\u2028b', 'a\u202eb', 'a\ud800b'])('is not %j', (name) => expect(() => nameFrom(name)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', path: ['input', 'name'] })));
});
