/** A Markdown file as a row: front matter, or else what the page calls itself. */
import { marked } from 'marked';
import { columnOf, rowOf, type ExportedItem, type Row } from '../../domain/transfer.ts';
import { HtmlText } from '../extract/html-text.ts';
import { fieldsOf, type Field } from './front-matter.ts';

const HEADING_CHARS_MAX = 2_000;
const FRONT_MATTER = /^---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)??---[ \t]*(?:\r?\n|$)/;

/** `path` is where the file lies in the archive; it names what has no other name. */
export function rowOfPage(text: string, path: string): Row {
  const { fields, body } = splitPage(text);
  const folders = path.split('/').slice(0, -1);
  const name = path.split('/').at(-1)!.replace(/\.(md|markdown)$/i, '');
  const title = fields.find(([given]) => columnOf(given) === 'title') ? [] : [['title', headingOf(body) ?? name] as const];
  const named = fields.some(([given]) => given === 'folder' || given === 'metadata.folder' || (columnOf(given) === 'metadata'));
  const folder = folders.length > 0 && !named ? [['folder', folders.join('/')] as const] : [];
  return rowOf([...fields, ...title, ...folder, ['body', body]]);
}

/** The body is what follows, less the one empty line that people put between. */
export function splitPage(text: string): { fields: Field[]; body: string } {
  const found = FRONT_MATTER.exec(text);
  if (!found) return { fields: [], body: text };
  return { fields: fieldsOf(found[1] ?? ''), body: text.slice(found[0].length).replace(/^\r?\n/, '') };
}

/** The first heading outside of code, without its markup. */
export function headingOf(body: string): string | undefined {
  let fence: string | undefined;
  for (const [line] of body.matchAll(/^.*$/gm)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence) {
      if (mark?.startsWith(fence)) fence = undefined;
    } else if (mark) fence = mark;
    else {
      const heading = /^ {0,3}#{1,6}[ \t]+(.+)/.exec(line)?.[1];
      if (heading) return inline(heading.slice(0, HEADING_CHARS_MAX).trimEnd().replace(/[ \t]+#+$/, ''));
    }
  }
  return undefined;
}

function inline(markdown: string): string | undefined {
  return new HtmlText(HEADING_CHARS_MAX).of(marked.parseInline(markdown, { async: false })).text.trim() || undefined;
}

/** Values as JSON, which is YAML too and means the same to every reader of it. */
export function pageOf({ id, version, createdAt, updatedAt, title, body, url, tags, metadata }: ExportedItem): string {
  const atlas = { id, version, createdAt, updatedAt };
  const fields = Object.entries({ title, url, tags, metadata, atlas }).filter(([, value]) => value !== undefined);
  return `---\n${fields.map(([name, value]) => `${name}: ${json(value)}\n`).join('')}---\n\n${body}`;
}

/** YAML has no room for some characters that JSON leaves as they are. */
const json = (value: unknown): string => JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
