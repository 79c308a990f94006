/** Markdown without its markup: made into HTML, whose text is taken; HTML inside of it is treated alike. */
import { marked } from 'marked';
import { AtlasError } from '../../../../platform/errors.ts';
import { headingOf, splitPage } from '../transfer/markdown-page.ts';
import { HtmlText } from './html-text.ts';

export function textOfMarkdown(markdown: string, charsMax: number): { text: string; truncated: boolean; title?: string } {
  const { title, body } = page(markdown);
  const given = title ?? headingOf(body);
  const { text, truncated } = new HtmlText(charsMax).of(marked.parse(body, { async: false }));
  return { text, truncated, ...(given && { title: given }) };
}

/** Front matter that cannot be read is text like the rest. */
function page(markdown: string): { title?: string; body: string } {
  try {
    const { fields, body } = splitPage(markdown);
    const title = fields.find(([name]) => name === 'title')?.[1];
    return { body, ...(typeof title === 'string' && { title }) };
  } catch (error) {
    if (error instanceof AtlasError) return { body: markdown };
    throw error;
  }
}
