/**
 * Reads what a model says while it says it: which passage it cites where, and what of it may be shown. It goes character
 * by character, so what has come out after a text is the same in whatever pieces the text came: a run that died is taken
 * up by giving a new reader all that the model had said. What it holds back is one word, one mark, at most HOLD_MAX.
 *
 * A mark `[n]` names a passage of the prompt; what comes out is `[k]`, the k-th of the answer's citations. Marks that
 * name no passage are left out. A link never comes out (links.ts), nor what Markdown would make one of.
 */
import { Cites, type Cite } from './cites.ts';
import { leadsSomewhere, LINK_REMOVED, withoutLinks } from './links.ts';

export interface Citing {
  push(text: string): Cite[];
  /** What was held back. */
  finish(): Cite[];
  /** From here on so many may be named: some were found while it spoke. */
  grow(passages: number): void;
  /** Passages in the order in which they were cited first: `[k]` in the text is the k-th. */
  readonly cited: readonly number[];
}

export const HOLD_MAX = 512;
/** So much of a long word is looked at again, with what follows it. */
const TAIL = 128;
const MARK_MAX = 40;
const SWALLOWED_MAX = 2_000;
/** A run ends at these too: scripts without blanks would never end one. */
const BREAK = /[\s。！？、，；：「」『』（）]/u;
const MARK = /^\^?\s*\d{1,3}(?:\s*[,;]\s*\^?\d{1,3})*\s*$/;
const NONE = /^none$/i;
const MARK_SO_FAR = /^\^?\s*(?:\d{1,3}\s*(?:[,;]\s*\^?(?:\d{1,3}\s*)?)*)?$|^(?:n|no|non|none)$/i;
/** What nobody sees, marks that turn the direction, and letters that only a machine reads; joiners stay. */
const UNSEEN = /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]|\u034f/u;

type State = 'text' | 'mark' | 'after' | 'target' | 'alt' | 'behind-alt' | 'lost';

export function openCiting(passages: number): Citing {
  const reader = new Reader(passages);
  return { push: (text) => reader.read(text), finish: () => reader.end(), grow: (more) => { reader.passages = more; }, cited: reader.out.cited };
}

class Reader {
  private state: State = 'text';
  private run = '';
  private held = '';
  private swallowed = 0;
  private depth = 0;
  private high = '';
  readonly out = new Cites();
  constructor(public passages: number) {}

  read(text: string): Cite[] {
    for (const unit of text) this.unit(unit);
    return this.out.taken();
  }

  end(): Cite[] {
    this.high = '';
    if (this.state === 'mark') this.noMark();
    this.close();
    return this.out.taken();
  }

  /** Halves of a character may come apart, and are one again before anybody sees them. */
  private unit(unit: string): void {
    const whole = this.high + unit;
    this.high = '';
    if (whole.length === 1 && whole >= '\ud800' && whole <= '\udbff') this.high = whole;
    else for (const one of whole) if (one === '\n' || one === '\t' || !UNSEEN.test(one)) this.step(one);
  }

  private step(one: string): void {
    switch (this.state) {
      case 'text': return this.inText(one);
      case 'mark': return this.inMark(one);
      case 'after': return this.afterBracket(one);
      case 'target': return this.inTarget(one);
      case 'alt': return this.inAlt(one);
      case 'behind-alt': return this.behindAlt(one);
      case 'lost': return this.inLost(one);
    }
  }

  private inText(one: string): void {
    if (one === '[' || one === '【') {
      this.held = one;
      this.state = 'mark';
    } else if (one === ']') {
      this.close();
      this.out.say(one);
      this.state = 'after';
    } else if (BREAK.test(one)) {
      this.close();
      this.out.say(one);
    } else {
      this.run += one;
      if (this.run.length >= HOLD_MAX) this.shorten();
    }
  }

  private inMark(one: string): void {
    const inside = this.held.slice(1);
    if (one === ']' || one === '】') {
      const named = inside.replace(/[†:].*/, '');
      if (MARK.test(named) || NONE.test(named)) this.mark(named);
      else this.noMark(one);
    } else if (this.held.length < MARK_MAX && (MARK_SO_FAR.test(inside + one) || (this.held[0] === '【' && /^\d{1,3}[†:][^】\n]*$/.test(inside + one)))) {
      this.held += one;
    } else {
      this.noMark(one);
    }
  }

  private mark(inside: string): void {
    this.held = '';
    this.state = 'after';
    if (NONE.test(inside)) this.out.unanswered();
    const named = [...new Set((inside.match(/\d+/g) ?? []).map(Number))].filter((n) => n >= 1 && n <= this.passages);
    // What names nothing leaves nothing: what stood before it goes on behind it, and is looked at as one.
    if (named.length === 0) return;
    this.close();
    for (const n of named) this.out.cite(n - 1);
  }

  /** A bracket like any other; behind `!` it is a picture, which says nothing to a reader. */
  private noMark(next = ''): void {
    const [bracket, inside] = [this.held[0]!, this.held.slice(1)];
    this.held = '';
    const picture = this.run.endsWith('!');
    if (picture) this.run = this.run.slice(0, -1);
    this.close();
    // A blank in its place, so that what stood around it does not become one.
    this.out.say(picture ? ' ' : bracket);
    this.swallowed = 0;
    this.state = picture ? 'alt' : 'text';
    for (const one of inside + next) this.step(one);
  }

  /** Where a link would lead, or what would say so further down. */
  private afterBracket(one: string): void {
    this.state = 'text';
    if (one === '(') {
      this.state = 'target';
      this.swallowed = this.depth = 0;
    } else if (one === ':') {
      this.close();
      this.out.say(' :');
    } else {
      this.inText(one);
    }
  }

  private inTarget(one: string): void {
    if (one === '(') this.depth += 1;
    if (one === ')') this.depth -= 1;
    this.swallow(one, this.depth < 0);
  }

  private inAlt(one: string): void {
    this.swallow(one, false);
    if (one === ']') this.state = 'behind-alt';
  }

  /** A picture may name a line further down that says where it is. */
  private behindAlt(one: string): void {
    if (one === '[') this.state = 'alt';
    else this.afterBracket(one);
  }

  /** What has no end on its line, or none for long, is text again from there. */
  private swallow(one: string, isLast: boolean): void {
    this.swallowed += 1;
    if (isLast) this.state = 'after';
    else if (one === '\n' || this.swallowed >= SWALLOWED_MAX) this.afterBracket(one);
  }

  /** The rest of a link that was too long to wait for. */
  private inLost(one: string): void {
    if (!BREAK.test(one) && one !== '[' && one !== ']') return;
    this.state = 'text';
    this.inText(one);
  }

  private shorten(): void {
    if (leadsSomewhere(this.run)) {
      this.run = '';
      this.out.say(LINK_REMOVED);
      this.state = 'lost';
      return;
    }
    let cut = this.run.length - TAIL;
    if (/[\ud800-\udbff]/.test(this.run[cut - 1]!)) cut -= 1;
    this.out.say(withoutLinks(this.run.slice(0, cut)));
    this.run = this.run.slice(cut);
  }

  private close(): void {
    if (this.run !== '') this.out.say(withoutLinks(this.run));
    this.run = '';
  }
}
