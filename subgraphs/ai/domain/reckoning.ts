/** What an answer has come to so far, as its log says it. */
import type { AnswerEventBody } from './answer-event.ts';
import { NOTHING, plus, spentOf, type Spent } from './usage.ts';

type Body<Kind extends AnswerEventBody['kind']> = Extract<AnswerEventBody, { kind: Kind }>;

/** What a model used that did not get to say so is reckoned by the length of what it was given, and by the pieces in which it spoke: a token each. */
export class Reckoning {
  /** Since the model last asked for something. */
  pieces = 0;
  /** The calls that are over: that put the question into words, and those that ended because the model asked for something. */
  spentByRounds = NOTHING;
  /** Which model put the question into words. */
  rewrittenBy: string | null = null;
  /** The last that was asked, and whether it was since it last wanted something. */
  called: Body<'called'> | null = null;
  isCalled = false;
  spoken: Body<'spoken'> | null = null;

  note(body: AnswerEventBody): void {
    if (body.kind === 'token' || body.kind === 'held') this.pieces += body.pieces;
    if (body.kind === 'called') [this.called, this.isCalled] = [body, true];
    if (body.kind === 'spoken') this.spoken = body;
    if (body.kind === 'rewritten') [this.spentByRounds, this.rewrittenBy] = [plus(this.spentByRounds, body.spent), body.model];
    if (body.kind === 'used') {
      this.spentByRounds = plus(this.spentByRounds, body.spent);
      [this.pieces, this.isCalled] = [0, false];
    }
  }
  get spent(): Spent {
    if (!this.called) return this.spentByRounds;
    const usage = this.spoken?.usage ?? { inputTokens: this.isCalled ? this.called.tokens : 0, outputTokens: this.pieces };
    return plus(this.spentByRounds, spentOf(usage, this.called.price));
  }
}
