/** What a model says, read: text to show, and where it cites what. */
import type { AnswerEventBody } from '../domain/answer-event.ts';
import type { Citation } from '../domain/citation.ts';
import type { Cite } from '../domain/cites.ts';
import { openCiting, type Citing } from '../domain/citing.ts';
import { citationOf } from '../domain/citing-where.ts';
import type { FoundPassage } from '../domain/flow.ts';
import { foundIn, type SoFar } from '../domain/so-far.ts';
import type { Terms } from '../domain/terms.ts';

interface Given { passages: readonly FoundPassage[]; before: SoFar; isHeld: boolean; termsOf: Terms }

export class Reading {
  text: string;
  answered = true;
  readonly citations: Citation[];
  /** In the order of their numbers; those that were found while it spoke come last. */
  readonly passages: FoundPassage[];
  private readonly citing: Citing;

  constructor(private readonly given: Given) {
    const { passages, before } = given;
    this.passages = [...passages];
    this.citing = openCiting(passages.length);
    for (const round of before.rounds) {
      this.again(round.raw);
      this.find(foundIn([round]));
    }
    this.again(before.raw);
    this.text = before.whole;
    this.citations = [...before.citations];
  }

  read(raw: string): AnswerEventBody[] {
    const { kind } = this;
    return [...this.bodies(this.citing.push(raw)), { kind, text: '', raw, pieces: 1 }];
  }
  /** From now on these may be cited too. */
  find(passages: readonly FoundPassage[]): void {
    this.passages.push(...passages);
    this.citing.grow(this.passages.length);
  }
  finish(): AnswerEventBody[] { return this.bodies(this.citing.finish()); }

  /** What comes out of it stands in the log already. */
  private again(raw: string): void {
    if (this.citing.push(raw).some(({ kind }) => kind === 'unanswered')) this.answered = false;
  }
  private get kind(): 'held' | 'token' { return this.given.isHeld ? 'held' : 'token'; }
  private bodies(found: readonly Cite[]): AnswerEventBody[] {
    const bodies: AnswerEventBody[] = [];
    for (const one of found) {
      if (one.kind === 'text') {
        this.text += one.text;
        bodies.push({ kind: this.kind, text: one.text, raw: '', pieces: 0 });
      } else if (one.kind === 'unanswered') this.answered = false;
      else if (one.isNew) bodies.push({ kind: 'cited', citation: this.cite(one), held: this.given.isHeld });
    }
    return bodies;
  }
  private cite({ passage, mark, at }: Extract<Cite, { kind: 'cited' }>): Citation {
    const citation = citationOf(this.passages[passage]!, mark, this.text.slice(0, at), this.given.termsOf);
    this.citations.push(citation);
    return citation;
  }
}
