/**
 * Whether an answer to one question answers another. Nearness in meaning proposes; this disposes: questions that are
 * near may be opposites (enable, disable), of two years, or of two people the other way round, and no measure of
 * nearness tells those from the same in other words. So every word that tells something has to be accounted for.
 */
import type { Analyzer } from './models.ts';
import { languageIn } from './language.ts';
import { wordsIn } from './terms.ts';

/** One group a line: words that mean the same wherever somebody asks how, where, who or how long. */
const SAME = [
  'find locate get', 'book reserve', 'set configure setup', 'start run launch', 'restore recover undelete', 'approve allow', 'responsible charge', 'contain have include', 'limit limited cap', 'mean meaning',
  'close shut', 'often frequently frequent', 'big large size', 'send sent', 'find found', 'hold held', 'make made', 'give given', 'write written', 'live valid last', 'pay paid payment', 'exist available', 'report tell', 'invite add', 'differ difference different', 'need require must', 'allow may can able', 'explain tell describe',
  'new someone', 'keep kept retain store stored', 'support supported', 'use used', 'deadline due',
].map((line) => line.split(' '));
const OPPOSITES = [
  'enable disable', 'on off', 'start stop', 'add remove', 'create delete revoke', 'open close', 'lock unlock', 'import export', 'upload download', 'increase decrease', 'maximum minimum', 'most least', 'before after', 'include exclude', 'from to', 'into out',
  'show hide', 'first last', 'old new', 'oldest newest', 'begin end', 'allow forbid', 'pass fail', 'always never', 'buy sell', 'buyer seller', 'public private', 'internal external', 'required optional', 'read write', 'upgrade downgrade', 'with without',
  'above below', 'over under', 'more less', 'high low', 'up down', 'in out', 'grant revoke', 'accept reject', 'send receive', 'give take', 'employer employee', 'day week month year hour minute',
].map((line) => line.split(' '));
/** Little words that say nothing of what is asked; others of the commonest do: from, to, before, without, not. */
const EMPTY = new Set('a an the is are was be been do does did we i you my our your me it its this that there of for in at and or by as how what which who when where whom will would shall can could may have has had get please tell explain describe about any some often frequently long many much time per if'.split(' '));
const ASKS = /^(?:please )?(?:for |at |by |in |on |to |since |until )?(how (?:long|many|much|often|large|old|far|big)|how|what|which|whom?|when|where|why|tell|explain|describe)\b/;
/** The same asked in other words, before anything is compared. */
const SAID: readonly (readonly [RegExp, string])[] = [[/\bhow frequently\b/g, 'how often'], [/\b(?:at )?what time\b/g, 'when'], [/\b(?:have|has) to\b/g, 'must'], [/\b(?:am|is|are) (.{0,60}?) ?(?:able|allowed) to\b/g, 'can $1'], [/\bset up\b/g, 'configure'], [/\bevery\b/g, 'all'], [/\be-?mail\b/g, 'email'],
  [/\bwhat is the (?:best |easiest |right )?way to\b/g, 'how do I'], [/^how can (.+?) be (\p{L}+)(?: (back|out|up|down|off|on))?\?*$/gu, 'how can I $2 $3 $1'], [/\bget (.+?) back\b/g, 'restore $1'],
  [/^what does (.+?) (?:mean|stand for)\?*$/g, 'what is the meaning of $1'], [/^how do (.+?) and (.+?) differ\?*$/g, 'what is the difference between $1 and $2'], [/^(?:which|what) (\p{L}+) (?:do|does) (.+?) have\?*$/gu, 'what are the $1 of $2'],
  [/(?<=\bhow long .*) lasts?\?*$/g, ''], [/(\p{L}+) of (?:the |an? )?(\p{L}+)/gu, '$2 $1']];
const NEGATIONS = new Set(['not', 'no', 'never', 'none', 'without', 'cannot', 'nor', 'neither']);
const PAST = /\b(?:was|were|did|had)\b/i;
/** With one of these, what ends so says what is done, not what was. */
const BE = /\b(?:am|is|are|be|been|has|have|can|get|do|does|will|may|must|should)\b/i;
const ED = /\p{L}{2}ed\b|\b(?:sent|kept|paid|found|made|held|took|gave|wrote|left|built|told|said|went|came)\b/iu;
const NUMBER = /^\p{N}/u;
const NAME = /(?<=[\p{L}\p{N},;:'"] )\p{Lu}[\p{L}\p{N}]*/gu;
const UNDONE = /^(?:un|dis|in|im|non|de)(?=\p{L}{3})/u;
/** What may stand on one side alone: it narrows nothing that is not narrowed anyway. Any other word may turn the question. */
const MORE = new Set('account user currently current exactly actually generally usually located company please everyone everybody itself official plan quickly simply easily best way step own available do done made make things thing find exist exists there'.split(' '));

/** `similarity`: of the telling words of both, the share that is in both; what is said of a hit, and decides nothing. */
export interface Likeness { readonly isSame: boolean; readonly similarity: number; readonly because: 'numbers' | 'negation' | 'tense' | 'names' | 'opposites' | 'order' | 'asks' | 'words' | null }

export function likeness(a: string, b: string, analyzer: Analyzer): Likeness {
  const [left, right] = [partsOf(a, analyzer), partsOf(b, analyzer)];
  const both = [...left.stems].filter((stem) => right.stems.has(stem)).length;
  const because = difference(left, right);
  return { isSame: because === null, because, similarity: left.stems.size + right.stems.size === 0 ? 0 : (2 * both) / (left.stems.size + right.stems.size) };
}

function difference(left: Parts, right: Parts): Likeness['because'] {
  // Nothing but little words: nobody can say what is asked.
  if (left.words.length === 0 || right.words.length === 0) return 'words';
  if (left.numbers.join() !== right.numbers.join()) return 'numbers';
  if (left.negations !== right.negations) return 'negation';
  if (left.isPast !== right.isPast) return 'tense';
  if (left.names.join() !== right.names.join()) return 'names';
  const [onlyLeft, onlyRight] = [left.words.filter((word) => !right.stems.has(word.stem)), right.words.filter((word) => !left.stems.has(word.stem))];
  if (onlyLeft.some((one) => onlyRight.some((other) => opposed(one.word, other.word) || opposed(one.stem, other.stem)))) return 'opposites';
  if (turned(left.words, right.words)) return 'order';
  const open = onlyLeft.filter((one) => !onlyRight.some((other) => alike(one, other)));
  const openRight = onlyRight.filter((one) => !onlyLeft.some((other) => alike(one, other)));
  if ([...open, ...openRight].some(({ word }) => !MORE.has(word))) return 'words';
  return left.asks === right.asks || (left.asks !== null && right.asks !== null && sameAsk(left.asks, right.asks)) ? null : 'asks';
}

interface Word { readonly word: string; readonly stem: string }
interface Parts { words: Word[]; stems: Set<string>; numbers: string[]; names: string[]; negations: number; isPast: boolean; asks: string | null }

function partsOf(typed: string, analyzer: Analyzer): Parts {
  const question = SAID.reduce((text, [other, one]) => text.replace(new RegExp(other, 'giu'), one), typed.trim());
  const language = languageIn(question, analyzer) ?? 'en';
  const all = wordsIn(question);
  const words = all.filter((word) => !EMPTY.has(word) && !NUMBER.test(word) && !NEGATIONS.has(word)).map((word) => ({ word, stem: analyzer.stem(language, word) }));
  return {
    words, stems: new Set(words.map(({ stem }) => stem)), numbers: all.filter((word) => NUMBER.test(word)),
    // In their order: who reports to whom is the question.
    names: (question.match(NAME) ?? []).map((name) => name.toLowerCase()).filter((name) => !EMPTY.has(name)),
    negations: all.filter((word) => NEGATIONS.has(word) || word.endsWith("n't")).length % 2,
    isPast: PAST.test(question) || (!BE.test(question) && ED.test(question)),
    asks: ASKS.exec(question.toLowerCase())?.[1] ?? null,
  };
}

/** Who pays whom: the words of both in another order ask something else, as far as anybody can tell by the words. */
function turned(a: readonly Word[], b: readonly Word[]): boolean {
  const [left, right] = [a.map(({ stem }) => stem), b.map(({ stem }) => stem)];
  return left.filter((stem) => right.includes(stem)).join() !== right.filter((stem) => left.includes(stem)).join();
}

const within = (groups: readonly (readonly string[])[], a: string, b: string): boolean => groups.some((group) => group.includes(a) && group.includes(b));
const opposed = (a: string, b: string): boolean => a !== b && (within(OPPOSITES, a, b) || undone(a, b) || undone(b, a));
const undone = (a: string, b: string): boolean => UNDONE.test(a) && a.replace(UNDONE, '') === b;
const alike = (a: Word, b: Word): boolean => within(SAME, a.word, b.word) || within(SAME, a.stem, b.stem);
/** What asks for a thing may ask in several ways; how long is not how many. */
const sameAsk = (a: string, b: string): boolean => a === b || within([['what', 'which', 'tell', 'explain', 'describe', 'how'], ['when', 'what'], ['where', 'how'], ['who', 'whom'], ['how long', 'what'], ['how large', 'what'], ['when', 'how long']], a, b);
