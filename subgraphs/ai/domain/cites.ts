/** What comes out of reading a model: text with marks in it, and which passage each mark means. */

export type Cite =
  | { readonly kind: 'text'; readonly text: string }
  /** `passage` counts from 0; `mark` is the number that stands in the text; `at` is where it stands. `isNew`: not cited before. */
  | { readonly kind: 'cited'; readonly passage: number; readonly mark: number; readonly at: number; readonly isNew: boolean }
  /** The model says that no passage holds the answer. */
  | { readonly kind: 'unanswered' };

/** What has been said so far, for whoever takes it next. */
export class Cites {
  /** Passages in the order in which they were cited first. */
  readonly cited: number[] = [];
  private at = 0;
  private out: Cite[] = [];

  say(text: string): void {
    this.at += text.length;
    const last = this.out.at(-1);
    if (last?.kind === 'text') this.out[this.out.length - 1] = { kind: 'text', text: last.text + text };
    else this.out.push({ kind: 'text', text });
  }

  cite(passage: number): void {
    const known = this.cited.indexOf(passage);
    if (known === -1) this.cited.push(passage);
    const mark = known === -1 ? this.cited.length : known + 1;
    this.out.push({ kind: 'cited', passage, mark, at: this.at, isNew: known === -1 });
    this.say(`[${mark}]`);
  }

  unanswered(): void {
    this.out.push({ kind: 'unanswered' });
  }

  taken(): Cite[] {
    const { out } = this;
    this.out = [];
    return out;
  }
}
