/** What a document is to a model of meaning: one text, whose first line is its title. */
import { languageOf } from '../../domain/analysed.ts';
import type { Doc, Said } from '../../domain/ports.ts';

/** Of longer ones the beginning: models read no more, and what a document is about stands there. */
const CHARACTERS_MAX = 8_000;

export function documentText({ title, tags, body, attached }: Pick<Doc, 'title' | 'tags' | 'body' | 'attached'>): string {
  const text = [title.replace(/\s+/g, ' '), tags.join(', '), body, attached].filter((part, at) => at === 0 || part !== '').join('\n\n');
  return text.length <= CHARACTERS_MAX ? text : text.slice(0, CHARACTERS_MAX).toWellFormed();
}

export const saidIn = (doc: Pick<Doc, 'title' | 'tags' | 'body' | 'attached' | 'language'>): Said => [{ text: documentText(doc), language: languageOf(doc.language) }];
