import { Directive, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { NodeType, Payload } from '../../../platform/graph-types.ts';
import { connectionOf } from '../../../platform/page.ts';
import type { SaveEvalSetInput } from '../application/save-eval-set.ts';
import type { StartEvalRunInput } from '../application/start-eval-run.ts';
import type { EvalRun } from '../domain/eval-run.ts';
import type { AskedOf, EvalSet } from '../domain/eval-set.ts';
import type { Summary } from '../domain/evaluating.ts';

/** What becomes of a job, collections shows: here it is an id. */
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('Job', { description: 'Something that takes longer than a request, of whichever service. Kept for 30 days after its end.' })
export class JobStub {
  @Field(() => ID, { description: 'Opaque, typed and sortable.' }) id!: string;
}
@ObjectType('EvalQuestion', { description: 'A question whose answer is known.' })
export class EvalQuestionType {
  @Field(() => String, { description: 'What is asked.' }) question!: string;
  @Field(() => [ID], { description: 'Items that hold the answer, each of them alone; none: there is no answer, and it is right to say so.' }) itemIds!: string[];
  @Field(() => [String], { description: 'What the answer has to say.' }) mustSay!: string[];
  @Field(() => [String], { description: 'What it must not.' }) mustNotSay!: string[];
}
@ObjectType('EvalMeasures', { description: 'How good answers are, each from 0 to 1; null where nothing could be judged by it.' })
export class EvalMeasuresType implements Summary {
  @Field(() => Float, { nullable: true, description: 'How often an item that holds the answer is among the first five found.' }) recallAt5!: number | null;
  @Field(() => Float, { nullable: true, description: 'How early they are among the first ten, as nDCG.' }) ndcgAt10!: number | null;
  @Field(() => Float, { nullable: true, description: 'Of what is cited, the share that supports its sentence.' }) citationPrecision!: number | null;
  @Field(() => Float, { nullable: true, description: 'Of the sentences, the share that what they cite supports.' }) citationRecall!: number | null;
  @Field(() => Float, { nullable: true, description: 'Of the sentences, the share that anything cited supports.' }) groundedness!: number | null;
  @Field(() => Float, { nullable: true, description: 'Of what is cited, the share that is of an item that holds the answer.' }) rightItems!: number | null;
  @Field(() => Float, { nullable: true, description: 'How often it says all it has to and nothing that it must not.' }) saysIt!: number | null;
  @Field(() => Float, { nullable: true, description: 'How often it answers where there is an answer, and refuses where there is none.' }) refusal!: number | null;
}
@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('EvalSet', { implements: NodeType, description: 'Questions whose answers are known: to measure what is found and answered.' })
export class EvalSetType extends NodeType implements Pick<EvalSet, 'name' | 'createdAt' | 'updatedAt'> {
  @Field(() => String, { description: 'What it is called.' }) name!: string;
  @Field(() => Date, { description: 'When it was first saved.' }) createdAt!: Date;
  @Field(() => Date, { description: 'When it was saved last.' }) updatedAt!: Date;
}
@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('EvalRun', { implements: NodeType, description: 'What came of asking the questions of a set, with the rights of whoever started it.' })
export class EvalRunType extends NodeType implements Pick<EvalRun, 'model' | 'prompt' | 'latencyMsP50' | 'latencyMsP95' | 'startedAt' | 'finishedAt'> {
  @Field(() => String, { description: 'Which models answered; empty before it has finished.' }) model!: string;
  @Field(() => String, { description: 'The version of what the model was told.' }) prompt!: string;
  @Field(() => Int, { nullable: true, description: 'How long half of the answers took at most.' }) latencyMsP50!: number | null;
  @Field(() => Int, { nullable: true, description: 'How long all but the slowest twentieth took at most.' }) latencyMsP95!: number | null;
  @Field(() => Date, { description: 'When it was asked for.' }) startedAt!: Date;
  @Field(() => Date, { nullable: true, description: 'When it was done; null while it goes on.' }) finishedAt!: Date | null;
  @Field(() => EvalMeasuresType, { nullable: true, description: 'How good the answers were; null while it goes on.' }) measures!: Summary | null;
}
export const { Connection: EvalSetConnection, Edge: EvalSetEdge } = connectionOf<EvalSet>(EvalSetType, 'EvalSet');
export const { Connection: EvalRunConnection, Edge: EvalRunEdge } = connectionOf<EvalRun>(EvalRunType, 'EvalRun');

@InputType('EvalQuestionInput', { description: 'A question whose answer is known.' })
export class EvalQuestionInputType implements AskedOf {
  @Field(() => String, { description: '1 to 4 000 characters.' }) question!: string;
  @Field(() => [ID], { nullable: true, description: 'Items that hold the answer, each of them alone, 20 at most; there is none when it is left out.' }) itemIds?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'What the answer has to say, 20 texts at most.' }) mustSay?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'What it must not, 20 texts at most.' }) mustNotSay?: string[] | null;
}
@InputType('SaveEvalSetInput', { description: 'A set of questions, whole.' })
export class SaveEvalSetInputType implements SaveEvalSetInput {
  @Field(() => ID, { nullable: true, description: 'The set that becomes this; a new one when it is left out.' }) id?: string | null;
  @Field(() => String, { description: 'One line of 1 to 200 characters.' }) name!: string;
  @Field(() => [EvalQuestionInputType], { description: '1 to 500 questions.' }) questions!: EvalQuestionInputType[];
}
@ObjectType('SaveEvalSetPayload', { description: 'What saveEvalSet did.' })
export class SaveEvalSetPayload extends Payload {
  @Field(() => EvalSetType, { nullable: true, description: 'The set as it is now.' }) evalSet!: EvalSetType | null;
}
@InputType('StartEvalRunInput', { description: 'Which questions to ask.' })
export class StartEvalRunInputType implements StartEvalRunInput {
  @Field(() => ID, { description: 'The set.' }) evalSetId!: string;
}
@ObjectType('StartEvalRunPayload', { description: 'What startEvalRun did.' })
export class StartEvalRunPayload extends Payload {
  @Field(() => EvalRunType, { nullable: true, description: 'The run, which has just begun.' }) evalRun!: EvalRunType | null;
}
