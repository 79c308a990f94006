/** A question as Meilisearch reads one: words, phrases in quotes, and after a minus what is not wanted. Words hold no sign of its language. */
import type { Query } from '../../domain/query.ts';

export function questionOf({ words, phrases, excluded, lastIsPrefix }: Query): string {
  const quoted = (phrase: readonly string[]) => `"${phrase.join(' ')}"`;
  // It reads ten words and phrases and no further: what is to be left out stands before any of them, phrases before words.
  const parts = [
    ...excluded.words.map((word) => `-${word}`),
    ...excluded.phrases.map((phrase) => `-${quoted(phrase)}`),
    ...phrases.map(quoted),
    ...words,
  ];
  // A blank at the end says that the last word is whole.
  return parts.join(' ') + (lastIsPrefix ? '' : ' ');
}
