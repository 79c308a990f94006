/**
 * Lets a model answer, and writes down what it says while it says it. What was said already, in whichever process, is
 * read from the log: the citing reader is fed with it again, and the model goes on after it. Where it may ask for
 * something to be done, it is asked again with what came of that, a few times.
 */
import type { Draft, FoundPassage } from '../domain/flow.ts';
import type { Models, Prompt } from '../domain/models.ts';
import { needOfCall, needOfSaid } from '../domain/need.ts';
import { foundIn, proposedIn, soFar, type Round } from '../domain/so-far.ts';
import { offered, ROUNDS_MAX, type Used } from '../domain/tools.ts';
import { estimatedUsage, plus, spentOf, type Spent } from '../domain/usage.ts';
import { BudgetReached, within } from './keep-within-budgets.ts';
import { Reading } from './reading.ts';
import { append, step, wholeLog, type Run } from './run-context.ts';
import { Transcript } from './transcript.ts';
import { useTools, type ToolCall } from './use-tools.ts';

interface Given { passages: readonly FoundPassage[]; turns: readonly { question: string; text: string }[] }
type Heard = ReturnType<Models['say']>;
type Speaker = Extract<Heard extends AsyncIterable<infer One> ? One : never, { kind: 'speaker' }>;

export async function answerStep(run: Run, given: Given): Promise<Draft> {
  const transcript = new Transcript((events) => append(run, events));
  run.keeping.granted = (leases) => transcript.add({ kind: 'leased', leases });
  try {
    return await spoken(run, given, transcript);
  } catch (error) {
    // What was said before the line stands.
    if (error instanceof BudgetReached) await transcript.flush();
    throw error;
  }
}

async function spoken(run: Run, given: Given, transcript: Transcript): Promise<Draft> {
  // Nothing was said before in a run that nobody else had, but for what put a question that goes on from others into words.
  const [isHeld, before] = await Promise.all([holds(run), run.isTakenUp || given.turns.length > 0 ? wholeLog(run).then(soFar) : soFar([])]);
  if (before.isSpoken) return { ...before, text: before.whole, found: foundIn(before.rounds), proposals: proposedIn(before.rounds) };
  const reading = new Reading({ passages: given.passages, before, isHeld, termsOf: run.termsOf });
  const speech: Speech = { rounds: [...before.rounds], raw: before.raw, pieces: before.pieces, spent: before.spentByRounds, model: before.model };
  for (;;) {
    const { calls, ...call } = await oneCall(run, { given, speech, isBegun: before.isCalled && before.rounds.length === speech.rounds.length, transcript, reading });
    const uses = run.answer.tools.length > 0 && speech.rounds.length < ROUNDS_MAX ? await useTools(run, calls, { passages: reading.passages, proposals: proposedIn(speech.rounds).length }) : [];
    speech.spent = plus(speech.spent, call.spent);
    speech.model = call.model;
    if (uses.length === 0) {
      transcript.add(...reading.finish(), { kind: 'spoken', usage: call.usage, answered: reading.answered });
      await transcript.flush();
      return { text: reading.text, answered: reading.answered, citations: reading.citations, model: call.model, spent: speech.spent, found: foundIn(speech.rounds), proposals: proposedIn(speech.rounds) };
    }
    await goOn({ speech, uses, spent: call.spent, transcript, reading });
  }
}

/** What the model has said in this run, in whichever process; `raw` since it last asked for something. */
interface Speech { rounds: Round[]; raw: string; pieces: number; spent: Spent; model: string }
interface At { given: Given; speech: Speech; isBegun: boolean; transcript: Transcript; reading: Reading }

async function oneCall(run: Run, { given, speech, isBegun, transcript, reading }: At) {
  const prompt = promptOf(run, given, speech);
  const { inputTokens } = estimatedUsage(prompt, '');
  await within(run.keeping, speech.spent, needOfCall(inputTokens, run.models.dearest));
  let [price, pieces] = [run.models.dearest, speech.pieces];
  const heard = await hear(run.models.say(prompt, run.signal, speech.model || null), run, {
    begun: (speaker) => {
      price = speaker.price;
      if (!isBegun) transcript.add({ kind: 'called', model: speaker.model, price, tokens: inputTokens });
    },
    said: async (text) => {
      pieces += 1;
      const room = within(run.keeping, speech.spent, needOfSaid(inputTokens, { pieces, text: speech.raw + text }, price));
      if (room) await room;
      speech.raw += text;
      transcript.add(...reading.read(text));
      await transcript.room();
    },
  });
  // What was said before it was cut off counts once more here: nobody else will tell of it.
  const usage = { inputTokens: heard.usage.inputTokens, outputTokens: speech.pieces + heard.usage.outputTokens };
  return { ...heard, usage, spent: spentOf(usage, heard.price) };
}

async function goOn({ speech, uses, spent, transcript, reading }: Omit<At, 'given' | 'isBegun'> & { uses: Used[]; spent: Spent }): Promise<void> {
  const found = uses.flatMap((one) => one.found);
  // What it says next is another paragraph.
  if (speech.raw !== '') {
    speech.raw += '\n\n';
    transcript.add(...reading.read('\n\n'));
  }
  for (const { use: { name }, found: { length } } of uses) transcript.add(step('tool', length > 0 ? `${name}: ${length} passages` : name));
  if (found.length > 0) transcript.add({ kind: 'sources', itemIds: [...new Set(found.map(({ itemId }) => itemId))] });
  transcript.add({ kind: 'used', uses, spent });
  await transcript.flush();
  reading.find(found);
  speech.rounds.push({ raw: speech.raw, uses });
  [speech.raw, speech.pieces] = ['', 0];
}

/** Where answers may have to wait for somebody, nothing is shown before it is known whether this one has to. */
const holds = async ({ look, viewer, answer }: Run): Promise<boolean> => answer.tools.includes('DRAFT_ITEM') || ((await look(viewer, ({ approvals }) => approvals.policy()))?.isOn() ?? false);

function promptOf({ system, answer }: Run, { passages, turns }: Given, { rounds, raw }: Pick<Speech, 'rounds' | 'raw'>): Prompt {
  const said = rounds.map((round) => round.raw).join('') + raw;
  return {
    system, passages, question: answer.question, ...(said !== '' && { said }),
    ...(answer.tools.length > 0 && { tools: offered(answer.tools), used: rounds.flatMap(({ uses }) => uses.map(({ use }) => use)) }),
    turns: turns.flatMap(({ question, text }) => [{ role: 'user' as const, text: question }, { role: 'assistant' as const, text }]),
  };
}

async function hear(speech: Heard, { signal }: Run, tell: { begun(speaker: Speaker): void; said(text: string): Promise<void> }) {
  let speaker: Speaker | null = null;
  const calls: ToolCall[] = [];
  for await (const one of speech) {
    signal.throwIfAborted();
    if (one.kind === 'speaker') tell.begun(speaker = one);
    if (one.kind === 'text') await tell.said(one.text);
    if (one.kind === 'tool') calls.push(one);
    if (one.kind === 'end' && speaker) return { ...speaker, usage: one.usage, calls };
  }
  throw new Error('A model stopped without an end.');
}
