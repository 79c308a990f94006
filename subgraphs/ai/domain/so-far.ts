/** How far an answer is, read from its log: for whoever takes up its run, and for whoever ends it in the middle. */
import type { AnswerEvent, AnswerEventBody } from './answer-event.ts';
import type { Made } from './answer.ts';
import type { Lease } from './budgets.ts';
import type { Citation } from './citation.ts';
import { Reckoning } from './reckoning.ts';
import type { Used } from './tools.ts';
import type { Spent } from './usage.ts';

/** What was said before the model asked for something, and what came of that. */
export interface Round { readonly raw: string; readonly uses: readonly Used[] }
export interface SoFar extends Made {
  /** What was reserved for it under budgets. */
  readonly leases: readonly Lease[];
  readonly rounds: readonly Round[];
  /** The calls that are over: that put the question into words, and those that ended because the model asked for something. */
  readonly spentByRounds: Spent;
  /** Which model put the question into words. */
  readonly rewrittenBy: string | null;
  /** What the model has said since then, marks and all, and in how many pieces. */
  readonly raw: string;
  readonly pieces: number;
  /** All that has come of it, be it shown or not. */
  readonly whole: string;
  /** A model was asked since it last wanted something, by whichever process. */
  readonly isCalled: boolean;
  /** The model has nothing more to say. */
  readonly isSpoken: boolean;
}
type Body<Kind extends AnswerEventBody['kind']> = Extract<AnswerEventBody, { kind: Kind }>;

export function soFar(events: readonly AnswerEvent[]): SoFar {
  let [text, raw, whole] = ['', '', ''];
  let recalled: Body<'recalled'> | null = null;
  const reckoning = new Reckoning();
  const leases: Lease[] = [];
  const rounds: Round[] = [];
  const citations = new Map<string, Citation>();
  for (const { body } of events) {
    reckoning.note(body);
    if (body.kind === 'token' || body.kind === 'held') {
      raw += body.raw;
      whole += body.text;
    }
    if (body.kind === 'token' || body.kind === 'released') text += body.text;
    if (body.kind === 'cited') citations.set(body.citation.id, body.citation);
    if (body.kind === 'recalled') recalled = body;
    if (body.kind === 'leased') leases.push(...body.leases);
    if (body.kind === 'used') {
      rounds.push({ raw, uses: body.uses });
      raw = '';
    }
  }
  const { pieces, spentByRounds, rewrittenBy, spent, called, isCalled, spoken } = reckoning;
  return {
    text, raw, whole, pieces, rounds, leases, spentByRounds, rewrittenBy, spent, isCalled, isSpoken: spoken !== null, answered: spoken?.answered ?? citations.size > 0, citations: [...citations.values()],
    model: called?.model ?? recalled?.model ?? rewrittenBy ?? '', ...(recalled && { cached: recalled.cached }),
  };
}

export const foundIn = (rounds: readonly Round[]): Used['found'] => rounds.flatMap(({ uses }) => uses.flatMap(({ found }) => found));
export const proposedIn = (rounds: readonly Round[]): NonNullable<Used['proposal']>[] => rounds.flatMap(({ uses }) => uses.flatMap(({ proposal }) => proposal ?? []));
