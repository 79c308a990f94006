/** The text of a page as one reads it: blocks on lines of their own, nothing that is not shown, nothing fetched. */
import { Parser } from 'htmlparser2';

const UNSHOWN = new Set(['script', 'style', 'template', 'noscript', 'head', 'svg', 'math', 'iframe', 'object', 'canvas', 'audio', 'video', 'select', 'textarea', 'datalist']);
const BLOCKS = new Set(['address', 'article', 'aside', 'blockquote', 'body', 'caption', 'center', 'dd', 'details', 'dialog', 'dir', 'div', 'dl', 'dt', 'fieldset', 'figcaption', 'figure', 'footer', 'form', 'header', 'hr', 'html', 'legend', 'li', 'main', 'menu', 'nav', 'ol', 'optgroup', 'section', 'summary', 'table', 'tbody', 'tfoot', 'thead', 'tr', 'ul']);
/** What stands apart from what is around it. */
const APART = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'pre', 'table', 'ul', 'ol', 'dl', 'blockquote', 'article', 'section']);
const CELLS = new Set(['td', 'th']);

export class HtmlText {
  private readonly parts: string[] = [];
  private chars = 0;
  private gap = '';
  private unshown = 0;
  private preserved = 0;
  private titled: string[] | null = null;
  private title = '';

  constructor(private readonly charsMax: number) {}

  /** Pieces of it at a time, so that a page that is far too long is not read to its end. */
  of(html: string): { text: string; truncated: boolean; title: string } {
    const parser = new Parser({ onopentagname: (name) => this.open(name), onclosetag: (name) => this.close(name), ontext: (text) => this.said(text) }, { decodeEntities: true });
    const piece = 65_536;
    let at = 0;
    for (; at < html.length && this.chars < this.charsMax; at += piece) parser.write(html.slice(at, at + piece));
    parser.end();
    return { text: this.parts.join(''), truncated: at < html.length, title: this.title };
  }

  private open(name: string): void {
    if (name === 'title') this.titled = [];
    if (UNSHOWN.has(name)) this.unshown += 1;
    if (name === 'pre') this.preserved += 1;
    if (name === 'br') this.newline('\n');
    this.around(name);
    if (name === 'li') this.said('- ');
  }

  private close(name: string): void {
    if (name === 'title' && this.titled) {
      this.title ||= this.titled.join('').replace(/\s+/g, ' ').trim();
      this.titled = null;
    }
    if (UNSHOWN.has(name) && this.unshown > 0) this.unshown -= 1;
    if (name === 'pre' && this.preserved > 0) this.preserved -= 1;
    if (CELLS.has(name)) this.newline('\t');
    this.around(name);
  }

  private around(name: string): void {
    if (APART.has(name)) this.newline('\n\n');
    else if (BLOCKS.has(name)) this.newline('\n');
  }

  /** Of several breaks in a row the widest counts. */
  private newline(gap: string): void {
    if (this.unshown === 0 && (gap.length > this.gap.length || (gap === '\n' && this.gap !== '\n\n'))) this.gap = gap;
  }

  private said(text: string): void {
    if (this.titled && this.titled.length < 100) this.titled.push(text);
    if (this.unshown > 0 || this.titled) return;
    if (this.preserved > 0) return this.add(text);
    const words = text.replace(/[ \t\r\n\f]+/g, ' ');
    const bare = words.trim();
    if (bare === '') {
      if (words !== '' && this.gap === '') this.gap = ' ';
      return;
    }
    if (words.startsWith(' ') && this.gap === '') this.gap = ' ';
    this.add(bare);
    if (words.endsWith(' ')) this.gap = ' ';
  }

  private add(text: string): void {
    const said = this.parts.length > 0 ? this.gap + text : text;
    this.gap = '';
    this.parts.push(said);
    this.chars += said.length;
  }
}
