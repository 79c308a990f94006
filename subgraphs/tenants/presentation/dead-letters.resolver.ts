import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { PageArgs, pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { ListDeadLetters } from '../application/list-dead-letters.ts';
import type { ReplayDeadLetter } from '../application/replay-dead-letter.ts';
import type { DeadLetter } from '../domain/dead-letter.ts';
import type { Context } from './context.ts';
import { DeadLetterConnection, DeadLetterType, ReplayDeadLetterInputType, ReplayDeadLetterPayload } from './dead-letter.graph.ts';

interface Asked { listDeadLetters: ListDeadLetters; replayDeadLetter: ReplayDeadLetter }

@Resolver(() => DeadLetterType)
export class DeadLettersResolver {
  constructor(private readonly ask: Asked, private readonly pages: Pages<DeadLetter>) {}

  @Query(() => DeadLetterConnection, { nullable: true, description: 'Events of the tenant that a part of Atlas could not handle, the newest first.' })
  async deadLetters(@Args(() => PageArgs) args: PageArgs, @Ctx() { viewer }: Context): Promise<Connection<DeadLetter>> {
    const request = this.pages.request(args, viewer.tenantId ?? '');
    return this.pages.connection(pageOf(await this.ask.listDeadLetters(viewer, request), request.first), request);
  }

  @Mutation(() => ReplayDeadLetterPayload, { description: 'Has an event that was set aside tried again now. What was handled in the meantime has no second effect.' })
  replayDeadLetter(@Arg('input', () => ReplayDeadLetterInputType, { description: 'What to do.' }) input: ReplayDeadLetterInputType, @Ctx() { viewer }: Context): unknown {
    return this.ask.replayDeadLetter(viewer, input);
  }
}
