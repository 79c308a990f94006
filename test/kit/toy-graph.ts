/** The smallest graph that can be followed and gone on with from a cursor, served by the platform as any subgraph is: numbers, as fast and as large as the question says. */
import 'reflect-metadata';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { Arg, Args, ArgsType, Directive, Field, Int, Mutation, ObjectType, Query, Resolver, Root, Subscription } from 'type-graphql';
import { AtlasError } from '../../platform/errors.ts';
import { graphOf, type Graph, type Slice } from '../../platform/graph.ts';
import { UserErrorType } from '../../platform/graph-types.ts';
import type { Log } from '../../platform/log.ts';
import { anyone, holder, member, person } from '../../platform/policy.ts';
import { requestInfo } from '../../platform/request.ts';
import type { Viewer } from '../../platform/viewer.ts';

interface Tick { n: number; text: string; cursor: string }
interface Ticking { after?: string | null; from: number; to: number; everyMs: number; bytes: number; breakAt: number }

/** How many streams are open in the subgraph now, and how many have ever been opened. */
export const following = { now: 0, ever: 0 };
/** How many slow questions are being answered. */
export const slowly = { now: 0 };
let pokes = 0;

@Directive('@key(fields: "n")')
@ObjectType('Tick')
class TickType implements Tick {
  @Field(() => Int, { description: 'Which.' }) n!: number;
  @Field(() => String, { description: 'Where to go on.' }) cursor!: string;
  @Field(() => String, { description: 'As many bytes as were asked for.' }) text!: string;
  @Field(() => String, { nullable: true, description: 'For owners.' }) secret?: string;
}

@ObjectType('PokePayload')
class PokePayload {
  @Field(() => Int, { nullable: true, description: 'How often.' }) pokes?: number;
  @Field(() => [UserErrorType], { description: 'What was wrong.' }) userErrors!: UserErrorType[];
}

/** A generator that sleeps: only the signal of its request can wake it. */
async function* ticking({ after, from, to, everyMs, bytes, breakAt }: Ticking): AsyncGenerator<Tick> {
  const signal = requestInfo()?.signal;
  following.now += 1;
  following.ever += 1;
  try {
    for (let n = after ? Number(after) + 1 : from; n < to; n += 1) {
      if (n === breakAt) throw new AtlasError('OVERLOADED', 'The toy broke.');
      yield { n, cursor: String(n), text: 'x'.repeat(bytes) };
      if (everyMs) await sleep(everyMs, undefined, { ...(signal && { signal }) });
      else if (n % 16 === 0) await setImmediate();
    }
  } finally {
    following.now -= 1;
  }
}

@ArgsType()
class TicksArgs implements Ticking {
  @Field(() => String, { nullable: true, description: 'The cursor of the one before the first.' }) after?: string | null;
  @Field(() => Int, { defaultValue: 0, description: 'The first.' }) from = 0;
  @Field(() => Int, { defaultValue: 1_000_000_000, description: 'The one after the last.' }) to = 1_000_000_000;
  @Field(() => Int, { defaultValue: 20, description: 'The pause between two; 0 is none.' }) everyMs = 20;
  @Field(() => Int, { defaultValue: 1, description: 'How long the text of each is.' }) bytes = 1;
  @Field(() => Int, { defaultValue: -1, description: 'Where it breaks.' }) breakAt = -1;
}

@Resolver()
class Toys {
  @Query(() => Int, { nullable: true, description: 'Streams that are open.' })
  following(): number { return following.now; }

  @Query(() => String, { nullable: true, description: 'Who asks.' })
  async slowly(@Arg('ms', () => Int, { description: 'How slowly.' }) ms: number): Promise<string> {
    slowly.now += 1;
    await sleep(ms).finally(() => { slowly.now -= 1; });
    return 'done';
  }

  @Mutation(() => PokePayload, { nullable: true, description: 'Pokes.' })
  poke(): { pokes: number } { return { pokes: (pokes += 1) }; }

  @Subscription(() => TickType, { nullable: true, description: 'Numbers.', subscribe: ({ args }) => ticking(args as unknown as Ticking) })
  ticks(@Root() tick: Tick, @Args(() => TicksArgs) _args: TicksArgs): Tick { return tick; }

  @Subscription(() => TickType, { nullable: true, description: 'Numbers for people.', subscribe: () => ticking(new TicksArgs()) })
  mine(@Root() tick: Tick): Tick { return tick; }
}

export const slice: Slice = {
  name: 'tenants', resolvers: [Toys], types: [TickType, PokePayload, UserErrorType],
  policy: {
    Query: { 'following slowly': anyone },
    Mutation: { poke: anyone },
    Subscription: { ticks: anyone, mine: person },
    Tick: { 'n text cursor': holder, secret: member('OWNER', null) },
    PokePayload: { 'pokes userErrors': holder },
  },
};

export const toyGraph = (log: Log): Graph => graphOf<{ viewer: Viewer }>({
  slice, log, resolvers: [new Toys()], references: {}, context: (viewer) => ({ viewer }), once: ({ run }) => run(),
});
