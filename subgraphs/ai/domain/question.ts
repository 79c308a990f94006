import { sayable, invalid } from '../../../platform/text.ts';

export const QUESTION_MAX = 4_000;

/** Text of several lines, as it was typed but for what no database takes. */
export function textWithin(typed: string, field: string, max: number): string {
  const text = sayable(typed).normalize('NFC').trim();
  const length = [...text].length;
  if (length < 1 || length > max) throw invalid(`Between 1 and ${max} characters.`, field);
  return text;
}
export const questionOf = (typed: string): string => textWithin(typed, 'question', QUESTION_MAX);
