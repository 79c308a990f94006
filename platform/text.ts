/** Text as people type it: trimmed, in one normal form, without what nobody sees, and never too long. One rule for every service. */
import { AtlasError } from './errors.ts';

/**
 * Control characters, other line ends, halves of characters (which a database silently changes), and marks that turn
 * the direction of the text around them.
 */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

/** Blanks, and marks that take no room: two lines of these look alike, and neither can be clicked. */
const NOTHING_SEEN = /^[\p{Default_Ignorable_Code_Point}\p{Z}]*$/u;

const EMAIL_MAX = 254;
const LOCAL_MAX = 64;
/** Plausible, not proven: only a letter that arrives proves an address. */
const EMAIL = /^[^\s@"(),:;<>[\]\\\p{Cc}\p{Cf}\p{Cs}]+@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])$/u;

export const invalid = (sentence: string, ...path: string[]): AtlasError => invalidArgument(sentence, 'input', ...path);
/** The same of what a field is asked with beside an input. */
export const invalidArgument = (sentence: string, ...path: string[]): AtlasError => new AtlasError('INVALID_INPUT', sentence, { path });

/** Of text that others made, what a database takes as it is: cut to so many characters, halves of which it would refuse. */
export const sayable = (text: string, charactersMax = Infinity): string => text.slice(0, charactersMax).replaceAll('\0', '').toWellFormed();

export function lineOf(text: string, field: string, max: number): string {
  const line = text.normalize('NFC').trim();
  const length = [...line].length;
  if (length < 1 || length > max) throw invalid(`Between 1 and ${max} characters.`, field);
  if (NOTHING_SEEN.test(line)) throw invalid('At least one character that can be seen.', field);
  if (UNSEEN.test(line)) throw invalid('One line, without control characters.', field);
  return line;
}

/** The spelling that addresses are compared by: `Ann@X.org ` and `ann@x.org` are one. */
export const normalEmail = (typed: string): string => typed.normalize('NFC').trim().toLowerCase();

export function emailOf(typed: string, field = 'email'): string {
  const email = normalEmail(typed);
  const local = email.slice(0, email.lastIndexOf('@'));
  const plausible = email.length <= EMAIL_MAX && local.length <= LOCAL_MAX && EMAIL.test(email) && !/^\.|\.\.|\.$/.test(local);
  if (!plausible) throw invalid('This is not an e-mail address.', field);
  return email;
}
