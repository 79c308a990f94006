/** A prompt as the messages that a model of language takes. What documents say stands in a place of its own, and cannot pretend to end it. */
import type { Passage, Prompt } from './models.ts';

export interface Message { readonly role: 'system' | 'user' | 'assistant'; readonly text: string }

const FENCES = /<(?=\s*\/?\s*(?:passages?|question)\b)/gi;
const GO_ON = 'Your answer was cut off there. Go on exactly behind its last character. Repeat nothing, and say nothing about having been cut off.';

export const messagesOf = ({ system, turns, passages, question, said }: Prompt): Message[] => [
  { role: 'system', text: system },
  ...turns,
  { role: 'user', text: `<passages>\n${passages.map(framed).join('\n')}\n</passages>\n\n<question>${unframed(question)}</question>` },
  ...(said ? [{ role: 'assistant' as const, text: said.trimEnd() }, { role: 'user' as const, text: GO_ON }] : []),
];

export const framed = ({ title, headings, text }: Passage, at: number): string => `<passage n="${at + 1}" from="${attribute([title, ...headings].join(' › '))}">\n${unframed(text)}\n</passage>`;
const unframed = (text: string): string => text.replace(FENCES, '‹');
const attribute = (text: string): string => unframed(text).replace(/["\n<>]/g, ' ');
