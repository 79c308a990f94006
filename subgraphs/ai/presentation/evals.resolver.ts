import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Cost } from '../../../platform/cost.ts';
import { JsonScalar } from '../../../platform/graph-types.ts';
import { MoneyType } from '../../../platform/money.ts';
import { PageArgs, pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { SaveEvalSet } from '../application/save-eval-set.ts';
import type { SeeEvals } from '../application/see-evals.ts';
import type { StartEvalRun } from '../application/start-eval-run.ts';
import type { EvalRun } from '../domain/eval-run.ts';
import type { EvalSet } from '../domain/eval-set.ts';
import type { Context } from './context.ts';
import { ASK_COST } from './cost-of-asking.ts';
import {
  EvalQuestionType, EvalRunConnection, EvalRunType, EvalSetConnection, EvalSetType, JobStub, SaveEvalSetInputType, SaveEvalSetPayload, StartEvalRunInputType, StartEvalRunPayload,
} from './eval.graph.ts';

const INPUT = { description: 'What to do.' };

@Resolver(() => EvalSetType)
export class EvalSetsResolver {
  constructor(private readonly given: { saveEvalSet: SaveEvalSet; startEvalRun: StartEvalRun }, private readonly see: SeeEvals, private readonly pages: Pages<EvalSet>) {}

  @Query(() => EvalSetConnection, { nullable: true, description: 'Sets of questions whose answers are known, the newest first.' })
  async evalSets(@Args(() => PageArgs) args: PageArgs, @Ctx() { viewer }: Context): Promise<Connection<EvalSet>> {
    const request = this.pages.request(args, `${viewer.tenantId}`);
    return this.pages.connection(pageOf(await this.see.setPage(viewer, request), request.first), request);
  }
  @Mutation(() => SaveEvalSetPayload, { description: 'Keeps a set of questions whose answers are known: a new one, or all of one.' })
  saveEvalSet(@Arg('input', () => SaveEvalSetInputType, INPUT) input: SaveEvalSetInputType, @Ctx() { viewer }: Context): unknown { return this.given.saveEvalSet(viewer, input); }
  @Cost(ASK_COST)
  @Mutation(() => StartEvalRunPayload, { description: 'Asks all questions of a set, one after the other, and measures what comes of it: as a job.' })
  startEvalRun(@Arg('input', () => StartEvalRunInputType, INPUT) input: StartEvalRunInputType, @Ctx() { viewer }: Context): unknown { return this.given.startEvalRun(viewer, input); }

  @FieldResolver(() => [EvalQuestionType], { nullable: true, description: 'What is asked, in its order.' })
  questions(@Root() { questions }: EvalSet): EvalQuestionType[] { return questions.map(({ question, items, mustSay, mustNotSay }) => ({ question, itemIds: [...items], mustSay: [...mustSay], mustNotSay: [...mustNotSay] })); }
  @Cost(ASK_COST)
  @FieldResolver(() => [EvalRunType], { nullable: true, description: 'Its finished runs, the oldest first, 50 at most: how the measures have changed.' })
  trend(@Root() { id }: EvalSet, @Ctx() { viewer }: Context): Promise<EvalRun[]> { return this.see.trend(viewer, id); }
}

@Resolver(() => EvalRunType)
export class EvalRunsResolver {
  constructor(private readonly see: SeeEvals, private readonly pages: Pages<EvalRun>) {}

  @Query(() => EvalRunConnection, { nullable: true, description: 'What came of asking sets of questions, the newest first.' })
  async evalRuns(@Args(() => PageArgs) args: PageArgs, @Ctx() { viewer }: Context): Promise<Connection<EvalRun>> {
    const request = this.pages.request(args, `${viewer.tenantId}`);
    return this.pages.connection(pageOf(await this.see.runPage(viewer, request), request.first), request);
  }
  @FieldResolver(() => EvalSetType, { nullable: true, description: 'The set, as it is now.' })
  evalSet(@Root() { setId }: EvalRun, @Ctx() { evalSets }: Context): Promise<EvalSet | null> { return evalSets.load(setId); }
  @FieldResolver(() => JobStub, { nullable: true, description: 'The job that asks.' })
  job(@Root() { jobId }: EvalRun): JobStub | null { return jobId === null ? null : { id: jobId }; }
  @FieldResolver(() => MoneyType, { description: 'What its answers cost.' })
  cost(@Root() { cost, currency }: EvalRun): unknown { return { amount: cost, currency }; }
  @FieldResolver(() => JsonScalar, { nullable: true, description: 'How each question went, by its place in the set: the measures, how long it took, which model, what it used.' })
  each(@Root() { each }: EvalRun): object { return each; }
}
