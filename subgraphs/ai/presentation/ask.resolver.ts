import { Arg, Ctx, Mutation, Resolver, Root, Subscription } from 'type-graphql';
import { Cost } from '../../../platform/cost.ts';
import type { AnswerId } from '../../../platform/ids.ts';
import { requestInfo } from '../../../platform/request.ts';
import { sayUsage } from '../../../platform/said-usage.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Ask } from '../application/ask.ts';
import { shownCitation } from '../application/reveal.ts';
import type { SeeCost } from '../application/see-cost.ts';
import { AskInputType, AskPayload } from './answer.graph.ts';
import type { AskCursors, AskedEvent } from './ask-cursors.ts';
import { AskEventType } from './ask-event.graph.ts';
import type { Context } from './context.ts';
import { ASK_COST } from './cost-of-asking.ts';

interface Given { args: { input: AskInputType }; context: Context }
const QUESTION = { description: 'The question.' };
const WAIT_MS = 60_000;
/** What there is of an answer is answered a little before the request has to end. */
const BEFORE_END_MS = 500;

const follow = ({ args: { input }, context: { viewer, askAndFollow } }: Given): Promise<AsyncIterable<AskedEvent>> => askAndFollow(viewer, input, requestInfo()?.signal ?? new AbortController().signal);

@Resolver()
export class AskResolver {
  constructor(private readonly given: { ask: Ask; wait(viewer: Viewer, id: AnswerId, forMs: number, signal: AbortSignal | null): Promise<void>; cursors: AskCursors; seeCost: SeeCost }) {}

  @Cost(ASK_COST)
  @Subscription(() => AskEventType, { name: 'ask', nullable: true, description: 'Answers a question from what the caller may see, and tells what happens while it does: tokens, citations, and at last the answer. A stream that was lost goes on with `resumeFrom`.', subscribe: follow as never })
  follow(@Root() event: AskedEvent, @Arg('input', () => AskInputType, QUESTION) _input: AskInputType, @Ctx() context: Context): Promise<unknown> {
    if (event.used) sayUsage(context, ...event.used);
    return shown(event, context);
  }

  @Cost(ASK_COST)
  @Mutation(() => AskPayload, { description: 'Answers a question from what the caller may see, and waits until it is answered, for as long as a request may take.' })
  async ask(@Arg('input', () => AskInputType, QUESTION) input: AskInputType, @Ctx() context: Context): Promise<unknown> {
    const { ask, wait, cursors, seeCost } = this.given;
    const { viewer, answers } = context;
    const { answerId: id, seq: after } = input.resumeFrom ? cursors.open(viewer, input.resumeFrom) : { answerId: (await ask(viewer, input)).answer.id, seq: 0 };
    const { deadlineAtMs = Infinity, signal = null } = requestInfo() ?? {};
    await wait(viewer, id, Math.min(WAIT_MS, deadlineAtMs - performance.now() - BEFORE_END_MS), signal);
    sayUsage(context, ...await seeCost(viewer, { answerId: id, after }));
    return { answer: await answers.load(id) };
  }
}

/** What is named in an event is read when it is told, under the rights of that moment. */
async function shown(event: AskedEvent, { answers, approvals, items }: Context): Promise<unknown> {
  switch (event.kind) {
    case 'cited': return { ...event, citation: shownCitation(event.citation, new Set(await items.load(event.citation.itemId) ? [event.citation.itemId] : [])) };
    case 'approval': return { ...event, approval: await approvals.load(event.approvalId) };
    case 'completed': return { ...event, answer: await answers.load(event.answerId) };
    case 'started': case 'step': case 'token': case 'withheld': return event;
  }
}
