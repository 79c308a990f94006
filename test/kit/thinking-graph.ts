/** A subgraph whose answers cost something beyond their points, as a model's do: it says so with each, and counts what it has said. */
import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Arg, Ctx, Directive, Field, ID, Int, Mutation, ObjectType, Query, Resolver, Root, Subscription } from 'type-graphql';
import { graphOf, type Graph, type Slice } from '../../platform/graph.ts';
import { UserErrorType } from '../../platform/graph-types.ts';
import { anyone, holder } from '../../platform/policy.ts';
import { sayUsage } from '../../platform/said-usage.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { silent } from './toy-subgraph.ts';

interface Context { viewer: Viewer }
/** How often it has thought, whoever asked. */
export const thinking = { count: 0 };

/** Ten tokens are read, as many are written as were asked for, and the model's maker takes a thousandth for each. */
function think(tokens: number, context: Context): ThoughtType {
  thinking.count += 1;
  sayUsage(context, { metric: 'ai.input-tokens', quantity: '10' }, { metric: 'ai.output-tokens', quantity: String(tokens) }, { metric: 'ai.cost', quantity: `0.${String(tokens).padStart(3, '0')}` });
  return { id: `thought ${tokens}`, text: 'x'.repeat(tokens) };
}

@Directive('@key(fields: "id")')
@ObjectType('Thought')
class ThoughtType {
  @Field(() => ID, { description: 'Which.' }) id!: string;
  @Field(() => String, { description: 'A letter a token.' }) text!: string;
  @Field(() => Int, { nullable: true, description: 'Costs five tokens to find out.' }) depth?: number;
}
@ObjectType('ThinkPayload')
class ThinkPayload {
  @Field(() => ThoughtType, { nullable: true, description: 'What came of it.' }) thought?: ThoughtType;
  @Field(() => [UserErrorType], { description: 'What was wrong.' }) userErrors!: UserErrorType[];
}

async function* thoughts(count: number): AsyncGenerator<number> {
  for (let n = 1; n <= count; n += 1) {
    yield n;
    await sleep(5);
  }
}

@Resolver(() => ThoughtType)
class Thinking {
  @Query(() => ThoughtType, { nullable: true, description: 'A thought.' })
  async thought(@Arg('tokens', () => Int, { description: 'How long.' }) tokens: number, @Ctx() context: Context): Promise<ThoughtType> {
    await sleep(20);
    return think(tokens, context);
  }

  @Mutation(() => ThinkPayload, { nullable: true, description: 'A thought that changes something.' })
  think(@Arg('tokens', () => Int, { description: 'How long.' }) tokens: number, @Ctx() context: Context): ThinkPayload { return { thought: think(tokens, context), userErrors: [] }; }

  @Subscription(() => ThoughtType, { nullable: true, description: 'Thoughts, each a token longer.', subscribe: ({ args }) => thoughts((args as { count: number }).count) })
  thoughts(@Root() tokens: number, @Arg('count', () => Int, { description: 'How many.' }) _count: number, @Ctx() context: Context): ThoughtType { return think(tokens, context); }
}

export const slice: Slice = {
  name: 'tenants', resolvers: [Thinking], types: [ThoughtType, ThinkPayload, UserErrorType],
  policy: {
    Query: { thought: anyone }, Mutation: { think: anyone }, Subscription: { thoughts: anyone },
    Thought: { 'id text depth': holder }, ThinkPayload: { 'thought userErrors': holder },
  },
};

export const thinkingGraph = (): Graph => graphOf<Context>({
  slice, log: silent, resolvers: [new Thinking()], context: (viewer) => ({ viewer }), once: ({ run }) => run(),
  references: {
    Thought: async ({ id }, context) => {
      sayUsage(context, { metric: 'ai.output-tokens', quantity: '5' });
      return { id, text: '', depth: 5 };
    },
  },
});
