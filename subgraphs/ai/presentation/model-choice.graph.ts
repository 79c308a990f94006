import { Field, InputType, ObjectType } from 'type-graphql';
import { Payload } from '../../../platform/graph-types.ts';
import type { SeenModelChoice } from '../application/choose-model.ts';

@ObjectType('ModelChoice', { description: 'Which model answers for a tenant.' })
export class ModelChoiceType implements SeenModelChoice {
  @Field(() => String, { nullable: true, description: 'The one that is asked first; null when the tenant has chosen none. One that is not among `models` any more is not asked.' }) model!: string | null;
  @Field(() => [String], { description: 'Those that there are, in the order in which they are asked where none is chosen, and when the one that is does not answer.' }) models!: string[];
}
@InputType('ChooseModelInput', { description: 'Which model is asked first.' })
export class ChooseModelInputType {
  @Field(() => String, { nullable: true, description: 'One of `ModelChoice.models`; left out, they are asked in their order again.' }) model?: string | null;
}
@ObjectType('ChooseModelPayload', { description: 'What chooseModel did.' })
export class ChooseModelPayload extends Payload {
  @Field(() => ModelChoiceType, { nullable: true, description: 'The choice as it is now.' }) modelChoice!: ModelChoiceType | null;
}
