import { Directive, Field, ID, InputType, ObjectType } from 'type-graphql';
import { NodeType, Payload } from '../../../platform/graph-types.ts';
import { connectionOf } from '../../../platform/page.ts';
import type { Conversation } from '../domain/conversation.ts';

@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('Conversation', { implements: NodeType, description: 'Questions and answers that follow from each other: of whoever asks, and shown to nobody else.' })
export class ConversationType extends NodeType implements Pick<Conversation, 'title' | 'createdAt' | 'updatedAt'> {
  @Field(() => String, { description: 'What it is called: its first question, until it is renamed.' }) title!: string;
  @Field(() => Date, { description: 'When it was begun.' }) createdAt!: Date;
  @Field(() => Date, { description: 'When the last question was asked in it.' }) updatedAt!: Date;
}
export const { Connection: ConversationConnection, Edge: ConversationEdge } = connectionOf<Conversation>(ConversationType, 'Conversation');

@InputType('RenameConversationInput', { description: 'What to call a conversation.' })
export class RenameConversationInputType {
  @Field(() => ID, { description: 'The conversation.' }) id!: string;
  @Field(() => String, { description: 'One line of 1 to 200 characters.' }) title!: string;
}
@ObjectType('RenameConversationPayload', { description: 'What renameConversation did.' })
export class RenameConversationPayload extends Payload {
  @Field(() => ConversationType, { nullable: true, description: 'The conversation, by its new name.' }) conversation!: ConversationType | null;
}
@InputType('DeleteConversationInput', { description: 'Which conversation to delete.' })
export class DeleteConversationInputType {
  @Field(() => ID, { description: 'The conversation.' }) id!: string;
}
@ObjectType('DeleteConversationPayload', { description: 'What deleteConversation did.' })
export class DeleteConversationPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The conversation that is no more, with all that was asked in it.' }) conversationId!: string | null;
}
