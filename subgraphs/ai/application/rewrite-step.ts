/**
 * Has a question that goes on from others put into words that stand for themselves, by the model that is asked first, if it
 * is one of language. It is a call like any other: paid for, cut off where it goes on for too long, and of no consequence when it
 * fails, for what is looked for can be told without it.
 */
import type { Lease } from '../domain/budgets.ts';
import type { Models, Prompt, Speaker } from '../domain/models.ts';
import { needOfCall } from '../domain/need.ts';
import { REWRITTEN_MAX, rewritingPrompt, rewrittenIn, searchFor } from '../domain/rewriting.ts';
import { estimatedUsage, NOTHING, spentOf, type Spent } from '../domain/usage.ts';
import { within } from './keep-within-budgets.ts';
import { RunLost, step, wholeLog, type Run } from './run-context.ts';

const PATIENCE_MS = 5_000;

export async function rewriteStep(run: Run, before: readonly { question: string; text: string }[]): Promise<string> {
  const { answer: { question }, models, rewriting, termsOf } = run;
  const plain = searchFor(question, before, termsOf);
  if (before.length === 0 || !models.ofLanguage.includes(models.names[0]!)) return plain;
  if (run.isTakenUp) {
    const told = (await wholeLog(run)).find(({ body }) => body.kind === 'rewritten')?.body;
    if (told?.kind === 'rewritten') return told.search;
  }
  const prompt = rewritingPrompt(rewriting.system, question, before);
  const leases = await room(run, prompt);
  const heard = await hear(models, prompt, run.signal);
  if (!heard) return plain;
  const search = rewrittenIn(heard.text) ?? plain;
  await keep(run, { search, ...heard, leases, isUsed: search !== plain });
  return search;
}

/** Where budgets have none for it, they have none for an answer either. */
async function room({ keeping, models }: Run, prompt: Prompt): Promise<Lease[]> {
  const leases: Lease[] = [];
  keeping.granted = (more) => void leases.push(...more);
  await within(keeping, NOTHING, needOfCall(estimatedUsage(prompt, '').inputTokens, models.dearest));
  return leases;
}

/** Null when nobody has said anything: nobody is paid either. */
async function hear(models: Models, prompt: Prompt, signal: AbortSignal): Promise<{ text: string; model: string; spent: Spent } | null> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  let speaker: Speaker | null = null;
  let [text, isWhole] = ['', false];
  let usage = null;
  try {
    for await (const one of models.say(prompt, AbortSignal.any([signal, patience.signal]))) {
      if (one.kind === 'speaker' && !models.ofLanguage.includes(one.model)) return null;
      if (one.kind === 'speaker') speaker = one;
      if (one.kind === 'text') text += one.text;
      if (one.kind === 'end') [usage, isWhole] = [one.usage, one.stopped === 'end'];
      if (text.length > 2 * REWRITTEN_MAX) break;
    }
  } catch {
    signal.throwIfAborted();
  } finally {
    clearTimeout(timer);
  }
  // Half a question is another question.
  return speaker && { text: isWhole ? text : '', model: speaker.model, spent: spentOf(usage ?? estimatedUsage(prompt, text), speaker.price) };
}

async function keep({ work, viewer, answer, holder, board, rewriting }: Run, { search, model, spent, leases, isUsed }: { search: string; model: string; spent: Spent; leases: readonly Lease[]; isUsed: boolean }): Promise<void> {
  const added = await work(viewer, async ({ runs, answers, log }) => {
    // The run before the answer, as everybody does who locks both.
    if (!await runs.hold(answer.id, holder)) throw new RunLost();
    if (isUsed) (await answers.locked(answer.id))?.rewritten(rewriting.prompt);
    // What was looked for may say what somebody has lost by now: whoever follows is told that it was done, and not how.
    return log.append(answer.id, [...(leases.length > 0 ? [{ kind: 'leased' as const, leases }] : []), step('rewrite'), { kind: 'rewritten', search, model, spent }]);
  });
  board.tell(answer.id, added);
}
