/** Where the words of a text stand and how each is written: one rule for what is indexed, asked for and highlighted. */

export interface Word {
  /** In one normal form, in lower case. */
  readonly word: string;
  /** From where to where in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

const RUN = /[\p{L}\p{N}\p{M}]+/gu;
/** Scripts that put no blanks between words: each two neighbours stand for a word. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const PIECES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{M}]+|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;
const PLAIN = /^\p{ASCII}*$/u;
/** What is longer is no word that anybody types: it is known by how it begins. */
const WORD_MAX = 64;

export function normalWord(typed: string): string {
  const word = PLAIN.test(typed) ? typed.toLowerCase() : typed.normalize('NFKC').toLowerCase();
  return word.length <= WORD_MAX ? word : word.slice(0, WORD_MAX).replace(/[\ud800-\udbff]$/, '');
}

/** At most so many, in their order. */
export function wordsOf(text: string, max = Infinity): Word[] {
  const words: Word[] = [];
  for (const { 0: run, index } of text.matchAll(RUN)) {
    if (words.length >= max) break;
    if (PLAIN.test(run) || !UNSPACED.test(run)) words.push({ word: normalWord(run), start: index, end: index + run.length });
    else addPairs(words, run, index, max);
  }
  return words.length > max ? words.slice(0, max) : words;
}

/** A page without a blank is one run: whatever is done for each of its characters takes as long as one character does. */
function addPairs(words: Word[], run: string, at: number, max: number): void {
  for (const { 0: piece, index } of run.matchAll(PIECES)) {
    const start = at + index;
    if (!UNSPACED.test(piece)) words.push({ word: normalWord(piece), start, end: start + piece.length });
    else addPairsOf(words, piece, start, max);
    if (words.length >= max) return;
  }
}

function addPairsOf(words: Word[], piece: string, start: number, max: number): void {
  const pair = (from: number, to: number): Word => ({ word: normalWord(piece.slice(from, to)), start: start + from, end: start + to });
  let [before, from] = [-1, 0];
  for (const one of piece) {
    if (before >= 0) words.push(pair(before, from + one.length));
    if (words.length >= max) return;
    before = from;
    from += one.length;
  }
  if (piece.length > 0 && before === 0) words.push(pair(0, from));
}

export const isUnspaced = (word: string): boolean => !PLAIN.test(word) && UNSPACED.test(word);
