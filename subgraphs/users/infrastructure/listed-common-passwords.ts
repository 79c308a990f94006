/** The list that zxcvbn keeps: some 49 000 passwords, from leaks, of which 18 000 are long enough to matter here. */
import { dictionary } from '@zxcvbn-ts/language-common';
import { PASSWORD_LENGTH_MIN, type CommonPasswords } from '../domain/password.ts';

export function listedCommonPasswords(): CommonPasswords {
  const known = new Set(dictionary['passwords-common'].map(String).filter((word) => word.length >= PASSWORD_LENGTH_MIN));
  return { has: (password) => known.has(password) };
}
