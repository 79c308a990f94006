/** How the programs of this folder read a text: small letters, English stop words left out, Porter's stems. The engine has its own. */
import { stemmer } from 'stemmer';

const STOPS = new Set('a about after all also an and any are as at be been but by can could did do does done for from had has have he her his how i if in into is it its just may me my no nor not of off on only or other our out over own same she should so some such than that the their them then there these they this those to too under up us very was we were what when where which while who whom why will with would you your'.split(' '));

export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** A question of stop words alone is asked as it is. */
export function termsOf(text: string): string[] {
  const words = wordsOf(text);
  const telling = words.filter((word) => !STOPS.has(word));
  return (telling.length > 0 ? telling : words).map(stemmer);
}
