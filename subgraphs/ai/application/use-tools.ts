/** Does what a model asks for, as whoever asked it: what they may not see is not there for it either, and what would be written is only noted. */
import { choosePassages } from '../domain/choosing.ts';
import type { FoundPassage } from '../domain/flow.ts';
import { framed } from '../domain/messages.ts';
import type { Said } from '../domain/models.ts';
import { passagesOf } from '../domain/passages.ts';
import type { Proposal } from '../domain/proposal.ts';
import { CALLS_A_ROUND_MAX, passageIn, proposalOf, PROPOSALS_MAX, textIn, toolNamed, type Used } from '../domain/tools.ts';
import type { Run } from './run-context.ts';

export type ToolCall = Extract<Said, { kind: 'tool' }>;
interface Outcome { output: string; found?: readonly FoundPassage[]; proposal?: Proposal }
interface Known { passages: readonly FoundPassage[]; proposals: number }

const FOUND_MAX = 20;
const MORE_MAX = 5;
const QUERY_MAX = 400;
const NOTHING = 'There is nothing more.';
const UNCLEAR = 'That could not be understood.';

export async function useTools(run: Run, calls: readonly ToolCall[], before: Known): Promise<Used[]> {
  const known = { passages: [...before.passages], proposals: before.proposals };
  const uses: Used[] = [];
  for (const { id, name, input } of calls.slice(0, CALLS_A_ROUND_MAX)) {
    run.signal.throwIfAborted();
    const { output, found = [], proposal = null } = await outcomeOf(run, { name, input }, known);
    known.passages.push(...found);
    if (proposal) known.proposals += 1;
    uses.push({ use: { id, name, input: input ?? {}, output }, found, proposal });
  }
  return uses;
}

async function outcomeOf(run: Run, { name, input }: Pick<ToolCall, 'name' | 'input'>, known: Known): Promise<Outcome> {
  switch (toolNamed(name, run.answer.tools)) {
    case 'SEARCH': return searched(run, textIn(input, 'query', QUERY_MAX), known);
    case 'READ_ITEM': return readOn(run, passageIn(input, known.passages), known);
    case 'SUMMARISE_ITEM': return summedUp(run, passageIn(input, known.passages));
    case 'DRAFT_ITEM': return proposed(run, input, known);
    case null: return { output: 'There is no such tool.' };
  }
}

async function searched({ viewer, knowledge, answer, termsOf }: Run, query: string | null, known: Known): Promise<Outcome> {
  if (query === null) return { output: UNCLEAR };
  const ids = await knowledge.find(viewer, { query, collectionIds: answer.collectionIds, first: FOUND_MAX });
  return more(choosePassages(query, await knowledge.texts(viewer, ids), termsOf), known);
}

async function readOn({ viewer, knowledge }: Run, from: FoundPassage | null, known: Known): Promise<Outcome> {
  const [text] = from ? await knowledge.texts(viewer, [from.itemId]) : [];
  if (!from || !text) return { output: from ? NOTHING : UNCLEAR };
  const { id, collectionId, tags } = text;
  const all = passagesOf({ ...text, itemId: id }).map((passage): FoundPassage => ({ ...passage, itemId: id, collectionId, tags }));
  // What follows it first, then what is before it.
  return more([...all.filter(({ start }) => start > from.start), ...all.filter(({ start }) => start <= from.start)], known);
}

async function summedUp({ viewer, knowledge, summarise }: Run, from: FoundPassage | null): Promise<Outcome> {
  const [text] = from ? await knowledge.texts(viewer, [from.itemId]) : [];
  if (!text) return { output: from ? NOTHING : UNCLEAR };
  return { output: summarise(text) ?? text.body.slice(0, 1_200).toWellFormed() };
}

function proposed({ answer }: Run, input: unknown, known: Known): Outcome {
  if (known.proposals >= PROPOSALS_MAX) return { output: 'No more documents can be proposed.' };
  const proposal = answer.draftsIn ? proposalOf(input, answer.draftsIn) : null;
  return proposal ? { output: 'It is proposed, and waits for a person to approve of it.', proposal } : { output: UNCLEAR };
}

function more(passages: readonly FoundPassage[], known: Known): Outcome {
  const isNew = (one: FoundPassage): boolean => !known.passages.some(({ itemId, version, start }) => itemId === one.itemId && version === one.version && start === one.start);
  const found = passages.filter(isNew).slice(0, MORE_MAX);
  return { found, output: found.length === 0 ? NOTHING : found.map((passage, at) => framed(passage, known.passages.length + at)).join('\n') };
}
