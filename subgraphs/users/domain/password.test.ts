import { describe, expect, it } from '@jest/globals';
import { refuseWeakPassword } from './password.ts';

const common = { has: (password: string) => password === 'iloveyou2' };
const judge = (password: string) => () => refuseWeakPassword({ password, field: 'password', person: { email: 'ann.smith@example.org', name: 'Ann Smith' }, common });

describe('a password', () => {
  it.each(['a lighthouse of paper', 'Tr0ub4dor&3', 'пароль-из-слов', '🦉🦊🐝🐙🦀🐢🐬🦋', 'x9'.repeat(2) + 'Kq!m'])('may be %s', (password) => expect(judge(password)).not.toThrow());
  it.each([
    ['seven characters', 'aB3$xY7', 'PASSWORD_TOO_WEAK'],
    ['eight halves that look like one', 'ＡＡＡＡＡＡＡＡ', 'PASSWORD_TOO_WEAK'],
    ['one that everybody tries, in any case', 'ILoveYou2', 'PASSWORD_TOO_WEAK'],
    ['the e-mail', 'Ann.Smith@example.org', 'PASSWORD_TOO_WEAK'],
    ['what stands before the @', 'ann.smith', 'PASSWORD_TOO_WEAK'],
    ['the name without its blank', 'annsmith', 'PASSWORD_TOO_WEAK'],
    ['two letters in turn', 'abababababab', 'PASSWORD_TOO_WEAK'],
    ['201 characters', 'abcdefgh '.repeat(23), 'INVALID_INPUT'],
    ['half a pair', 'lighthouse\ud800', 'INVALID_INPUT'],
  ])('is not %s', (_, password, code) => expect(judge(password)).toThrow(expect.objectContaining({ code, path: ['input', 'password'] })));
});
