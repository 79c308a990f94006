import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Cost } from '../../../platform/cost.ts';
import { ERRORS, isErrorCode } from '../../../platform/errors.ts';
import { JsonScalar, UserErrorType } from '../../../platform/graph-types.ts';
import { PageArgs, pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { CancelAnswer } from '../application/cancel-answer.ts';
import type { ExportConversation } from '../application/export-conversation.ts';
import type { RateAnswer } from '../application/rate-answer.ts';
import type { RegenerateAnswer } from '../application/regenerate-answer.ts';
import type { SeenAnswer, SeenCitation } from '../application/reveal.ts';
import type { SeeAnswers } from '../application/see-answers.ts';
import type { Citation } from '../domain/citation.ts';
import type { Conversation } from '../domain/conversation.ts';
import {
  AnswerConnection, AnswerType, AnswerUsageType, CacheUseType, CancelAnswerInputType, CancelAnswerPayload, CitationType, ItemStub, RateAnswerInputType, RateAnswerPayload, RegenerateAnswerInputType, RegenerateAnswerPayload,
} from './answer.graph.ts';
import type { Context } from './context.ts';
import { ConversationType } from './conversation.graph.ts';
import { ASK_COST } from './cost-of-asking.ts';

const INPUT = { description: 'What to do.' };
interface Asked { cancelAnswer: CancelAnswer; regenerateAnswer: RegenerateAnswer; rateAnswer: RateAnswer }

@Resolver(() => AnswerType)
export class AnswersResolver {
  constructor(private readonly ask: Asked) {}

  @Mutation(() => CancelAnswerPayload, { description: 'Cancels an answer that is being made: its model is let go of at once, and what was said so far is kept.' })
  async cancelAnswer(@Arg('input', () => CancelAnswerInputType, INPUT) input: CancelAnswerInputType, @Ctx() { viewer, answers }: Context): Promise<unknown> {
    return { answer: await answers.load((await this.ask.cancelAnswer(viewer, input)).answer.id) };
  }
  @Cost(ASK_COST)
  @Mutation(() => RegenerateAnswerPayload, { description: 'Answers the same question once more, in the same conversation; follow it with `ask(resumeFrom:)`, or read it when it is done.' })
  async regenerateAnswer(@Arg('input', () => RegenerateAnswerInputType, INPUT) input: RegenerateAnswerInputType, @Ctx() { viewer, answers }: Context): Promise<unknown> {
    return { answer: await answers.load((await this.ask.regenerateAnswer(viewer, input)).answer.id) };
  }
  @Mutation(() => RateAnswerPayload, { description: 'Says how good an answer is.' })
  async rateAnswer(@Arg('input', () => RateAnswerInputType, INPUT) input: RateAnswerInputType, @Ctx() { viewer, answers }: Context): Promise<unknown> {
    return { answer: await answers.load((await this.ask.rateAnswer(viewer, input)).answer.id) };
  }

  @FieldResolver(() => [CitationType], { description: 'What it cites, in the order of their numbers.' })
  citations(@Root() { citations }: SeenAnswer): SeenCitation[] { return citations; }
  @FieldResolver(() => ConversationType, { nullable: true, description: 'The conversation that it is in.' })
  conversation(@Root() { conversationId }: SeenAnswer, @Ctx() { conversations }: Context): Promise<Conversation | null> { return conversations.load(conversationId); }
  @FieldResolver(() => AnswerType, { nullable: true, description: 'The answer that this was asked for anew.' })
  regenerates(@Root() { regenerates }: SeenAnswer, @Ctx() { answers }: Context): Promise<SeenAnswer | null> | null { return regenerates ? answers.load(regenerates) : null; }
  @FieldResolver(() => AnswerUsageType, { description: 'What it used.' })
  usage(@Root() { inputTokens, outputTokens, cost, currency }: SeenAnswer): unknown { return { inputTokens, outputTokens, cost: { amount: cost, currency } }; }
  @FieldResolver(() => CacheUseType, { description: 'What it did not use because it had been answered before.' })
  cache(@Root() { cacheSimilarity, savedTokens, saved, currency }: SeenAnswer): unknown { return { hit: cacheSimilarity !== null, similarity: cacheSimilarity, savedTokens, saved: { amount: saved, currency } }; }
  @FieldResolver(() => UserErrorType, { nullable: true, description: 'Why it could not be made.' })
  error(@Root() { code }: SeenAnswer): UserErrorType | null { return code ? { code, message: isErrorCode(code) ? ERRORS[code].meaning : ERRORS.INTERNAL.meaning, path: null } : null; }
  @FieldResolver(() => String, { nullable: true, description: 'A cursor for `ask(resumeFrom:)` that follows it from its beginning.' })
  cursor(@Root() { id }: SeenAnswer, @Ctx() { beginningOf }: Context): string { return beginningOf(id); }
}

@Resolver(() => CitationType)
export class CitationsResolver {
  @FieldResolver(() => ItemStub, { nullable: true, description: 'The item, as the caller may see it at this moment.' })
  item(@Root() { itemId, withheld }: Citation & { withheld: boolean }): ItemStub | null { return withheld ? null : { id: itemId }; }
}

@Resolver(() => ConversationType)
export class ConversationAnswersResolver {
  constructor(private readonly see: SeeAnswers, private readonly pages: Pages<SeenAnswer>, private readonly exported: ExportConversation) {}

  @FieldResolver(() => AnswerConnection, { nullable: true, description: 'What was asked and answered in it, the oldest first.' })
  async answers(@Root() { id }: Conversation, @Args(() => PageArgs) args: PageArgs, @Ctx() { viewer }: Context): Promise<Connection<SeenAnswer>> {
    const request = this.pages.request(args, id);
    return this.pages.connection(pageOf(await this.see.page(viewer, id, request), request.first), request);
  }
  @Cost(ASK_COST)
  @FieldResolver(() => JsonScalar, { nullable: true, description: 'All of it as one document: up to 1 000 questions with their answers and citations, as the caller may see them at this moment.' })
  export(@Root() conversation: Conversation, @Ctx() { viewer }: Context): Promise<object> { return this.exported(viewer, conversation); }
}
