/**
 * What to look for when a question follows others. A model of language puts it into words that stand for themselves; where
 * there is none, or it does not do as it is told, a question that leans on what was said before is looked for together with it.
 */
import type { Prompt } from './models.ts';
import { wordsIn, type Terms } from './terms.ts';

const LEANS = new Set(['it', 'its', 'they', 'them', 'their', 'he', 'she', 'his', 'her', 'this', 'that', 'these', 'those', 'one', 'ones', 'there', 'then', 'also', 'else', 'and', 'er', 'sie', 'es', 'das', 'diese', 'dieser', 'dieses', 'dort', 'auch', 'und']);
/** So few telling words do not stand for themselves. */
const TELLING_MIN = 2;
const SEARCH_MAX = 1_000;

export function searchFor(question: string, before: readonly { question: string }[], termsOf: Terms): string {
  const last = before.at(-1);
  if (!last || !leans(question, termsOf)) return cut(question);
  // What is asked now counts more: it comes first, and is what stays when both are too long.
  return cut(`${question} ${last.question}`);
}

const leans = (question: string, termsOf: Terms): boolean => wordsIn(question).some((word) => LEANS.has(word)) || new Set(termsOf(question)).size < TELLING_MIN;
const cut = (text: string): string => text.replace(/\s+/gu, ' ').trim().slice(0, SEARCH_MAX).toWellFormed();

/** Of what was said before, so much tells what a question leans on. */
const TURN_MAX = 1_500;
export const REWRITTEN_MAX = 400;
interface Turn { readonly question: string; readonly text: string }

export const rewritingPrompt = (system: string, question: string, before: readonly Turn[]): Prompt => ({
  system, question, passages: [],
  turns: before.flatMap((turn) => [{ role: 'user' as const, text: turn.question }, { role: 'assistant' as const, text: turn.text.slice(0, TURN_MAX).toWellFormed() }]),
});

/** One line that could be a question, and null for anything else: whoever explains, answers or goes on and on has not done as they were told. */
export function rewrittenIn(said: string): string | null {
  const line = said.trim().replace(/^(["'“„«])(.*)["'”“»]$/su, '$2').trim();
  return line === '' || /[\n\r]/.test(line) || line.length > REWRITTEN_MAX || /^\[none\]/i.test(line) ? null : line.toWellFormed();
}
