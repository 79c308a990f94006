/**
 * Which passwords are good enough, after NIST SP 800-63B: length and rarity count, prescribed mixtures of characters do
 * not, and nobody is made to change a password that has not leaked.
 */
import { AtlasError } from '../../../platform/errors.ts';

export const PASSWORD_LENGTH_MIN = 8;
/** Long enough for any phrase; an end, so that nobody can make us hash a book. */
export const PASSWORD_LENGTH_MAX = 200;
const DIFFERENT_MIN = 4;

/** The same keys on two keyboards may send different code points: both are the same password. */
export const normalPassword = (typed: string): string => typed.normalize('NFKC');
export const passwordLength = (password: string): number => [...password].length;

/** Passwords that everybody tries first, in lower case. */
export interface CommonPasswords { has(password: string): boolean }

/** Hashing is slow on purpose: never inside a work. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes as long for null (no such account) as for a hash, and then is false. */
  verify(hash: string | null, password: string): Promise<boolean>;
}

export function refuseWeakPassword(given: { password: string; field: string; person: { email: string; name: string }; common: CommonPasswords }): void {
  const password = normalPassword(given.password);
  const path = ['input', given.field];
  const length = passwordLength(password);
  if (length > PASSWORD_LENGTH_MAX) throw new AtlasError('INVALID_INPUT', `A password has at most ${PASSWORD_LENGTH_MAX} characters.`, { path });
  if (length < PASSWORD_LENGTH_MIN) throw new AtlasError('PASSWORD_TOO_WEAK', `A password has at least ${PASSWORD_LENGTH_MIN} characters.`, { path });
  if (/[\0\p{Cs}]/u.test(password)) throw new AtlasError('INVALID_INPUT', 'This password holds characters that cannot be kept.', { path });

  const lower = password.toLowerCase();
  const { email, name } = given.person;
  const own = [email, email.split('@')[0]!, name, name.replace(/\s+/g, '')].map((word) => word.toLowerCase());
  if (own.includes(lower)) throw new AtlasError('PASSWORD_TOO_WEAK', 'A password is neither your name nor your e-mail.', { path });
  if (new Set(lower).size < DIFFERENT_MIN || given.common.has(lower)) throw new AtlasError('PASSWORD_TOO_WEAK', 'This password is one that everybody tries first.', { path });
}
