/** What of a text is compared with another: the stems of its telling words, and how rare each is among some texts. */
import type { Analyzer } from './models.ts';

const WORD = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*|\p{N}+(?:[.,]\p{N}+)*/gu;
/** Most words: nothing of what follows concerns them. */
const PLAIN = /^(?:[A-Z]?[a-z']+|[A-Z]+|\d+)$/;
/** Scripts that put no blanks between words: each two neighbours stand for one. */
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{M}]+$/u;
/** `apiKeyScopes` and `API_KEYS` are looked for by their words. */
const JOINTS = /(?<=\p{Ll})(?=\p{Lu})/gu;

export function wordsIn(text: string): string[] {
  return (text.match(WORD) ?? []).flatMap((run) => {
    if (PLAIN.test(run)) return run.toLowerCase().replace(/'s$/, '');
    const word = run.normalize('NFKC');
    if (UNSPACED.test(word)) return [...word].length === 1 ? [word] : [...word].slice(1).map((one, at) => `${[...word][at]}${one}`);
    const parts = word.split(JOINTS);
    return (parts.length > 1 ? [word, ...parts] : parts).map((part) => part.toLowerCase().replaceAll('’', "'").replace(/'s$/, ''));
  });
}

export type Terms = (text: string) => string[];

/** Stems of what is not among the commonest words. */
export const termsBy = (analyzer: Analyzer, language: string): Terms => (text) =>
  wordsIn(text).filter((word) => !analyzer.isStop(language, word)).map((word) => analyzer.stem(language, word));

/** Of many texts: how rare a term is among them. What stands in none is rarest. */
export function rarityOver(texts: readonly ReadonlySet<string>[]): (term: string) => number {
  const counts = new Map<string, number>();
  for (const terms of texts) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return (term) => {
    const withIt = counts.get(term) ?? 0;
    return Math.log(1 + (texts.length - withIt + 0.5) / (withIt + 0.5));
  };
}
