/** What every step of a run has at hand. */
import { AtlasError } from '../../../platform/errors.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look, Work } from '../../../platform/work.ts';
import type { AnswerEvent, AnswerEventBody } from '../domain/answer-event.ts';
import type { Answer } from '../domain/answer.ts';
import type { Budgets } from '../domain/budgets.ts';
import type { Knowledge } from '../domain/knowledge.ts';
import type { Models } from '../domain/models.ts';
import type { Ports } from '../domain/ports.ts';
import type { Terms } from '../domain/terms.ts';
import type { Board } from './board.ts';
import type { Keeping } from './keep-within-budgets.ts';

export interface Making {
  work: Work<Ports>;
  look: Look<Ports>;
  knowledge: Knowledge<Viewer>;
  board: Board;
  /** This process. */
  holder: string;
  models: Models;
  budgets: Budgets;
  /** What a model is told to do, whatever the question is. */
  system: string;
  /** The version of that. */
  prompt: string;
  /** What one is told that puts a question into words of its own, and the version of that. */
  rewriting: { system: string; prompt: string };
  /** How answers are given again; null where none is. */
  recalling: { likeness(a: string, b: string): { isSame: boolean; similarity: number } } | null;
  /** What a text is about, in a few of its sentences; null where it is short. */
  summarise(item: { title: string; body: string }): string | null;
  /** How the words of a text like this one are compared. */
  termsFor(text: string): Terms;
}
export interface Run extends Making {
  /** Whoever asked, with the rights that they have now. */
  viewer: Viewer;
  answer: Answer;
  /** Whether somebody else has had it before. */
  isTakenUp: boolean;
  signal: AbortSignal;
  /** What it uses stays within what is reserved for it. */
  keeping: Keeping;
  termsOf: Terms;
}

/** Another process has it, or somebody has ended it: whatever is done here is of no use any more. */
export class RunLost extends Error {}

export async function append({ work, viewer, answer, holder, board }: Run, events: readonly AnswerEventBody[]): Promise<AnswerEvent[]> {
  const added = await work(viewer, async ({ runs, log }) => {
    if (!await runs.hold(answer.id, holder)) throw new RunLost();
    return log.append(answer.id, events);
  });
  board.tell(answer.id, added);
  return added;
}

const LOG_MAX = 100_000;
export const wholeLog = ({ look, viewer, answer }: Pick<Run, 'look' | 'viewer' | 'answer'>): Promise<AnswerEvent[]> => look(viewer, ({ log }) => log.after(answer.id, 0, LOG_MAX));

export const step = (name: string, detail: string | null = null): AnswerEventBody => ({ kind: 'step', name, detail });
export const sourcesChanged = (): AtlasError => new AtlasError('RIGHTS_CHANGED', 'What this was being answered from is not all yours to see any more; ask again.');
