import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { isId } from '../../../platform/ids.ts';
import { PageArgs, pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { DeleteConversation } from '../application/delete-conversation.ts';
import type { RenameConversation } from '../application/rename-conversation.ts';
import type { SeeConversations } from '../application/see-conversations.ts';
import type { Conversation } from '../domain/conversation.ts';
import type { Context } from './context.ts';
import { ConversationConnection, ConversationType, DeleteConversationInputType, DeleteConversationPayload, RenameConversationInputType, RenameConversationPayload } from './conversation.graph.ts';

const INPUT = { description: 'What to do.' };

@Resolver(() => ConversationType)
export class ConversationsResolver {
  constructor(private readonly ask: { renameConversation: RenameConversation; deleteConversation: DeleteConversation }, private readonly see: SeeConversations, private readonly pages: Pages<Conversation>) {}

  @Query(() => ConversationConnection, { nullable: true, description: 'The conversations of the caller, the one that was asked in last first.' })
  async conversations(@Args(() => PageArgs) args: PageArgs, @Ctx() { viewer }: Context): Promise<Connection<Conversation>> {
    const request = this.pages.request(args, `${viewer.tenantId} ${viewer.id}`);
    return this.pages.connection(pageOf(await this.see.page(viewer, request), request.first), request);
  }
  @Query(() => ConversationType, { nullable: true, description: 'A conversation of the caller.' })
  conversation(@Arg('id', () => ID, { description: 'Its id.' }) id: string, @Ctx() { conversations }: Context): Promise<Conversation | null> | null {
    return isId('cnv', id) ? conversations.load(id) : null;
  }
  @Mutation(() => RenameConversationPayload, { description: 'Calls a conversation something else.' })
  renameConversation(@Arg('input', () => RenameConversationInputType, INPUT) input: RenameConversationInputType, @Ctx() { viewer }: Context): unknown { return this.ask.renameConversation(viewer, input); }
  @Mutation(() => DeleteConversationPayload, { description: 'Deletes a conversation with all that was asked and answered in it, for good; what is still being answered is cancelled.' })
  deleteConversation(@Arg('input', () => DeleteConversationInputType, INPUT) input: DeleteConversationInputType, @Ctx() { viewer }: Context): unknown { return this.ask.deleteConversation(viewer, input); }
}
