/** Text as people type it: trimmed, in one normal form, without control characters, and never too long. */
import { AtlasError } from '../../../platform/errors.ts';

/** Control characters, other line ends, marks that turn the direction of the text around them, and halves of characters, which the database would silently change. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;
const EMAIL = /^[^\s@<>,;:"()[\]\\]{1,64}@[^\s@<>,;:"()[\]\\.]+(?:\.[^\s@<>,;:"()[\]\\.]+)+$/u;
const EMAIL_MAX = 254;

export const invalid = (sentence: string, ...path: string[]): AtlasError => new AtlasError('INVALID_INPUT', sentence, { path: ['input', ...path] });

export function lineOf(text: string, field: string, max: number): string {
  const line = text.normalize('NFC').trim();
  const length = [...line].length;
  if (length < 1 || length > max) throw invalid(`Between 1 and ${max} characters.`, field);
  if (CONTROL.test(line)) throw invalid('One line, without control characters.', field);
  return line;
}

/** An address in the one spelling by which it is compared. Whether it exists, only a letter can tell. */
export function emailOf(text: string, field: string): string {
  const email = lineOf(text, field, EMAIL_MAX).toLowerCase();
  if (!EMAIL.test(email)) throw invalid('This is not an e-mail address.', field);
  return email;
}
