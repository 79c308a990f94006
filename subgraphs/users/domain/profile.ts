/** What a person may be called and written to at. */
import { AtlasError } from '../../../platform/errors.ts';

const EMAIL_LENGTH_MAX = 254;
const LOCAL_LENGTH_MAX = 64;
const NAME_LENGTH_MAX = 200;

/** Plausible, not proven: only a letter that arrives proves an address. */
const EMAIL = /^[^\s@"(),:;<>[\]\\\p{Cc}\p{Cf}\p{Cs}]+@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])$/u;
/** Control characters, halves of a pair, line separators, and marks that turn the direction of what stands around them. */
const NOT_IN_NAMES = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

/** Accounts are found by this spelling, so that `Ann@X.org ` and `ann@x.org` are one person. */
export const normalEmail = (typed: string): string => typed.normalize('NFC').trim().toLowerCase();

export function emailFrom(typed: string): string {
  const email = normalEmail(typed);
  const local = email.slice(0, email.lastIndexOf('@'));
  const plausible = EMAIL.test(email) && local.length <= LOCAL_LENGTH_MAX && !/^\.|\.\.|\.$/.test(local);
  if (email.length > EMAIL_LENGTH_MAX || !plausible) throw new AtlasError('INVALID_INPUT', 'This is not an e-mail address.', { path: ['input', 'email'] });
  return email;
}

export function nameFrom(typed: string): string {
  const name = typed.normalize('NFC').trim();
  const length = [...name].length;
  if (length < 1 || length > NAME_LENGTH_MAX) throw new AtlasError('INVALID_INPUT', `A name has 1 to ${NAME_LENGTH_MAX} characters.`, { path: ['input', 'name'] });
  if (NOT_IN_NAMES.test(name)) throw new AtlasError('INVALID_INPUT', 'A name holds no control characters.', { path: ['input', 'name'] });
  return name;
}
