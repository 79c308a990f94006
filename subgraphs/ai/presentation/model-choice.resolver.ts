import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { ChooseModel, SeeModelChoice, SeenModelChoice } from '../application/choose-model.ts';
import type { Context } from './context.ts';
import { ChooseModelInputType, ChooseModelPayload, ModelChoiceType } from './model-choice.graph.ts';

@Resolver()
export class ModelChoiceResolver {
  constructor(private readonly given: { see: SeeModelChoice; choose: ChooseModel }) {}

  @Query(() => ModelChoiceType, { nullable: true, description: 'Which model answers for the tenant, and which there are.' })
  modelChoice(@Ctx() { viewer }: Context): Promise<SeenModelChoice> { return this.given.see(viewer); }

  @Mutation(() => ChooseModelPayload, { description: 'Says which model answers for the tenant first; the others are asked when it does not.' })
  chooseModel(@Arg('input', () => ChooseModelInputType, { description: 'What to do.' }) input: ChooseModelInputType, @Ctx() { viewer }: Context): unknown { return this.given.choose(viewer, input); }
}
