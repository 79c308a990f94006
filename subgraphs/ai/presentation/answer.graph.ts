import { Directive, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { NodeType, Payload } from '../../../platform/graph-types.ts';
import { MoneyType } from '../../../platform/money.ts';
import { connectionOf } from '../../../platform/page.ts';
import type { SeenAnswer, SeenCitation } from '../application/reveal.ts';
import type { AskTool as Tool } from '../domain/tools.ts';

type State = SeenAnswer['state'];
export const AnswerState: Record<State, State> = {
  STREAMING: 'STREAMING', COMPLETED: 'COMPLETED', AWAITING_APPROVAL: 'AWAITING_APPROVAL', REJECTED: 'REJECTED', CANCELLED: 'CANCELLED', FAILED: 'FAILED', BUDGET_STOPPED: 'BUDGET_STOPPED', WITHHELD: 'WITHHELD',
};
registerEnumType(AnswerState, {
  name: 'AnswerState',
  description: 'How an answer stands.',
  valuesConfig: {
    STREAMING: { description: 'It is being made.' },
    COMPLETED: { description: 'It is finished.' },
    AWAITING_APPROVAL: { description: 'It is made, and shown to nobody before somebody has approved of it.' },
    REJECTED: { description: 'Whoever should have approved of it did not, or not in time.' },
    CANCELLED: { description: 'Whoever asked cancelled it; `text` is what was said until then.' },
    FAILED: { description: 'It could not be made; `error` says why.' },
    BUDGET_STOPPED: { description: 'A budget was used up; `text` is what was said until then, and `error` says which code.' },
    WITHHELD: { description: 'It cites something that the caller may not see any more, so its text is not shown.' },
  },
});

/** What an item says, collections knows: here it is an id. */
@Directive('@key(fields: "id")')
@ObjectType('Item', { description: 'A piece of knowledge: a text, with what is known about it.' })
export class ItemStub {
  @Field(() => ID, { description: 'Opaque, typed and sortable.' }) id!: string;
}
@ObjectType('Citation', { description: 'Where something in an answer stands: a part of an item at one version.' })
export class CitationType implements Pick<SeenCitation, 'mark' | 'start' | 'end' | 'withheld' | 'passage'> {
  @Field(() => ID, { description: 'Its id, the same in the stream and in the answer.' }) id!: string;
  @Field(() => Int, { description: 'The number by which the text names it: [1].' }) mark!: number;
  @Field(() => Int, { description: 'The version of the item that was read.' }) version!: number;
  @Field(() => String, { nullable: true, description: 'What stands there; null once the caller may not see the item any more.' }) passage!: string | null;
  @Field(() => Int, { description: 'Where it begins in the body of that version, counted in units of UTF-16 as JavaScript counts them.' }) start!: number;
  @Field(() => Int, { description: 'Where it ends: the first that is no longer in it.' }) end!: number;
  @Field(() => Boolean, { description: 'Whether the caller may not see the item any more: `item` and `passage` are null then.' }) withheld!: boolean;
}
@ObjectType('AnswerUsage', { description: 'What an answer used.' })
export class AnswerUsageType {
  @Field(() => Int, { description: 'Tokens that the model read.' }) inputTokens!: number;
  @Field(() => Int, { description: 'Tokens that the model said.' }) outputTokens!: number;
  @Field(() => MoneyType, { description: 'What they are worth to whoever pays, in the currency of the tenant: the same to the last digit in `extensions.cost`, in `Tenant.usage` and in the ledger. Where nobody sells anything, what the model costs.' }) cost!: MoneyType;
}

@ObjectType('CacheUse', { description: 'Whether an answer was given again that was made for the same question before, from the same, for somebody who sees the same.' })
export class CacheUseType {
  @Field(() => Boolean, { description: 'Whether it was.' }) hit!: boolean;
  @Field(() => Float, { nullable: true, description: 'Of the telling words of both questions, the share that is in both; null when it was made for this one.' }) similarity!: number | null;
  @Field(() => Int, { description: 'Tokens that no model had to read and say.' }) savedTokens!: number;
  @Field(() => MoneyType, { description: 'What they would have cost.' }) saved!: MoneyType;
}

@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('Answer', { implements: NodeType, description: 'An answer from what the tenant knows, as far as whoever asked may see it.' })
export class AnswerType extends NodeType implements Pick<SeenAnswer, 'question' | 'text' | 'answered' | 'state' | 'model' | 'prompt' | 'rating' | 'createdAt' | 'finishedAt'> {
  @Field(() => String, { description: 'What was asked.' }) question!: string;
  @Field(() => String, { nullable: true, description: 'What was answered, as Markdown without links; [1] names the first citation. Null while there is nothing that may be shown.' }) text!: string | null;
  @Field(() => Boolean, { description: 'False when what the caller sees holds no answer.' }) answered!: boolean;
  @Field(() => AnswerState, { description: 'How it stands.' }) state!: State;
  @Field(() => String, { description: 'Which model said it; empty before one has.' }) model!: string;
  @Field(() => String, { description: 'Which versions of what models are told it was made with: `answer.v1`, and `rewrite.v1` where a model put a question that goes on from others into words of its own.' }) prompt!: string;
  @Field(() => Int, { nullable: true, description: 'From 1 to 5, as whoever asked has rated it.' }) rating!: number | null;
  @Field(() => Date, { description: 'When it was asked.' }) createdAt!: Date;
  @Field(() => Date, { nullable: true, description: 'When it ended.' }) finishedAt!: Date | null;
}
export const { Connection: AnswerConnection, Edge: AnswerEdge } = connectionOf<SeenAnswer>(AnswerType, 'Answer');

export const AskTool: Record<Tool, Tool> = { SEARCH: 'SEARCH', READ_ITEM: 'READ_ITEM', SUMMARISE_ITEM: 'SUMMARISE_ITEM', DRAFT_ITEM: 'DRAFT_ITEM' };
registerEnumType(AskTool, {
  name: 'AskTool', description: 'What a model may do while it answers, as whoever asks. The local model does nothing of the kind.',
  valuesConfig: {
    SEARCH: { description: 'Look for more.' }, READ_ITEM: { description: 'Read on in an item that was found.' }, SUMMARISE_ITEM: { description: 'Have an item summed up that was found.' },
    DRAFT_ITEM: { description: 'Propose items. Nothing is written before somebody has approved of it: the answer waits for that.' },
  },
});

@InputType('AskInput', { description: 'A question.' })
export class AskInputType {
  @Field(() => String, { description: 'What to find out: 1 to 4 000 characters.' }) question!: string;
  @Field(() => [ID], { nullable: true, description: 'To be answered from these collections alone; from all that the caller sees when it is left out.' }) collectionIds?: string[] | null;
  @Field(() => ID, { nullable: true, description: 'A conversation that this goes on; a new one when it is left out.' }) conversationId?: string | null;
  @Field(() => [AskTool], { nullable: true, description: 'What the model may do while it answers; nothing when it is left out.' }) tools?: Tool[] | null;
  @Field(() => ID, { nullable: true, description: 'The collection that it may propose items for: needed for DRAFT_ITEM.' }) draftsIn?: string | null;
  @Field(() => String, { nullable: true, description: 'The cursor of the last event that arrived: the answer that it is of goes on after it, and nothing new is asked.' }) resumeFrom?: string | null;
}
@ObjectType('AskPayload', { description: 'What ask did.' })
export class AskPayload extends Payload {
  @Field(() => AnswerType, { nullable: true, description: 'The answer; still STREAMING when it takes longer than a request may.' }) answer!: AnswerType | null;
}
@InputType('CancelAnswerInput', { description: 'Which answer to cancel.' })
export class CancelAnswerInputType {
  @Field(() => ID, { description: 'The answer.' }) id!: string;
}
@ObjectType('CancelAnswerPayload', { description: 'What cancelAnswer did.' })
export class CancelAnswerPayload extends Payload {
  @Field(() => AnswerType, { nullable: true, description: 'The answer, with what was said so far.' }) answer!: AnswerType | null;
}
@InputType('RegenerateAnswerInput', { description: 'Which answer to make anew.' })
export class RegenerateAnswerInputType {
  @Field(() => ID, { description: 'The answer, which stays as it is.' }) id!: string;
}
@ObjectType('RegenerateAnswerPayload', { description: 'What regenerateAnswer did.' })
export class RegenerateAnswerPayload extends Payload {
  @Field(() => AnswerType, { nullable: true, description: 'The new answer.' }) answer!: AnswerType | null;
}
@InputType('RateAnswerInput', { description: 'How good an answer is.' })
export class RateAnswerInputType {
  @Field(() => ID, { description: 'The answer.' }) id!: string;
  @Field(() => Int, { nullable: true, description: 'From 1 to 5; null takes it back.' }) rating?: number | null;
}
@ObjectType('RateAnswerPayload', { description: 'What rateAnswer did.' })
export class RateAnswerPayload extends Payload {
  @Field(() => AnswerType, { nullable: true, description: 'The answer.' }) answer!: AnswerType | null;
}
