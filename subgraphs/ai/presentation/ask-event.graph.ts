import { Field, ID, InterfaceType, ObjectType } from 'type-graphql';
import type { Told } from '../application/follow-answer.ts';
import { AnswerType, CitationType } from './answer.graph.ts';
import { ApprovalType } from './approval.graph.ts';

const TYPES: Record<Told['kind'], string> = {
  started: 'AnswerStarted', step: 'Step', token: 'Token', cited: 'Cited', withheld: 'CitationWithheld', approval: 'ApprovalRequested', completed: 'AnswerCompleted',
};

@InterfaceType('AskEvent', { autoRegisterImplementations: false, description: 'Something that happens while an answer is made. Others may come to be: ignore those that you do not know.', resolveType: ({ kind }: { kind: Told['kind'] }) => TYPES[kind] })
export abstract class AskEventType {
  @Field(() => String, { description: 'Where it stands: give it as `resumeFrom` to go on from here.' }) cursor!: string;
}
@ObjectType('AnswerStarted', { implements: AskEventType, description: 'The question is kept, and its answer is on its way.' })
export class AnswerStartedType extends AskEventType {
  @Field(() => ID, { description: 'The answer.' }) answerId!: string;
  @Field(() => ID, { description: 'The conversation that it is in.' }) conversationId!: string;
}
@ObjectType('Step', { implements: AskEventType, description: 'What is being done.' })
export class StepType extends AskEventType {
  @Field(() => String, { description: 'retrieve, answer, check or save; others may come to be.' }) name!: string;
  @Field(() => Date, { description: 'When it began.' }) at!: Date;
  @Field(() => String, { nullable: true, description: 'What is to be said of it, for people: how much was found, or how many sentences were cut that their sources did not bear out.' }) detail!: string | null;
}
@ObjectType('Token', { implements: AskEventType, description: 'The next piece of the text.' })
export class TokenType extends AskEventType {
  @Field(() => String, { description: 'To be put behind what came before.' }) text!: string;
}
@ObjectType('Cited', { implements: AskEventType, description: 'The text cites something for the first time.' })
export class CitedType extends AskEventType {
  @Field(() => CitationType, { description: 'What.' }) citation!: CitationType;
}
@ObjectType('CitationWithheld', { implements: AskEventType, description: 'The caller may not see something any more that the text cites. No more of the text is told, and what was should not be shown any longer.' })
export class CitationWithheldType extends AskEventType {
  @Field(() => ID, { description: 'The citation.' }) citationId!: string;
}
@ObjectType('ApprovalRequested', { implements: AskEventType, description: 'The answer is made and waits for somebody to approve of it.' })
export class ApprovalRequestedType extends AskEventType {
  @Field(() => ApprovalType, { nullable: true, description: 'What is waited for.' }) approval!: ApprovalType | null;
}
@ObjectType('AnswerCompleted', { implements: AskEventType, description: 'The answer has ended, in whichever way: the last event. Its text is what counts, for sentences may have been cut.' })
export class AnswerCompletedType extends AskEventType {
  @Field(() => AnswerType, { nullable: true, description: 'The answer.' }) answer!: AnswerType | null;
}
export const askEventTypes = [AnswerStartedType, StepType, TokenType, CitedType, CitationWithheldType, ApprovalRequestedType, AnswerCompletedType];
