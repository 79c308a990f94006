/**
 * The bill is one sum, said three times: by the answers of thousands of mixed calls, by the meter, and by the books. Over
 * HTTP, sockets and event streams, by people and keys, questions and changes and streams and answers of a model, answered and refused.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { compare, sum, type Decimal } from '../../platform/decimal.ts';
import type { Running } from '../kit/arrangements.ts';
import { eventually } from '../kit/eventually.ts';
import type { ModelServer } from '../kit/model-server.ts';
import { randomFrom } from '../kit/random.ts';
import type { Caller } from './caller.ts';
import type { Books, Sums } from './sums.ts';
import { newWorld, type World } from './world.ts';

export interface Equality { calls: number; refused: number; killed: number; told: { points: number; operations: number; money: Decimal }; counted: Sums }

const AT_ONCE = 12;
const FOLLOWED = 6;
const UNDISTURBED_MS = 1_500;
const CREATE = 'mutation($input: CreateItemInput!) { createItem(input: $input) { item { id title } userErrors { code } } }';
const ITEMS = 'query($id: ID!) { collection(id: $id) { name items(first: 5) { nodes { id title } } } }';
const CHANGED = 'subscription($id: ID!) { itemChanged(collectionId: $id) { kind itemId } }';

const ASK = 'mutation($input: AskInput!) { ask(input: $input) { answer { state } userErrors { code } } }';
const FOLLOWED_ASK = 'subscription($input: AskInput!) { ask(input: $input) { cursor } }';
const QUESTION = 'What does the item say?';

/** What is answered from items is answered by a model with a price. */
export const answersBy = ({ url }: Pick<ModelServer, 'url'>): Record<string, string> => ({ AI_MODELS: 'openai', OPENAI_BASE_URL: url, OPENAI_MODEL: 'm', OPENAI_PRICE: '1.37/2.91' });

type Call = (world: World, caller: Caller, n: number) => Promise<unknown>;
/** Answered by a model, or again; whole, as they are made, and once more from where they ended. */
const ASKED: readonly Call[] = [
  ({ collectionId }, caller, n) => caller.ask(ASK, { input: { question: `${QUESTION} ${n % 7}`, collectionIds: [collectionId] } }),
  (_, caller, n) => caller.over('graphql-transport-ws', FOLLOWED_ASK, { input: { question: `${QUESTION} ${n % 9}` } }),
  async (_, caller) => {
    const told = await caller.over('event streams', FOLLOWED_ASK, { input: { question: QUESTION } });
    const resumeFrom = told.at(-1)?.data?.ask?.cursor as string | undefined;
    if (resumeFrom) await caller.over('multipart', FOLLOWED_ASK, { input: { question: '', resumeFrom } });
  },
];
/** Each as often as the others. */
const CALLS: readonly Call[] = [
  (_, caller) => caller.ask('{ tenant { id name } }'),
  (_, caller) => caller.ask('{ tenant { members(first: 10) { nodes { role user { id name } } } } }'),
  ({ collectionId }, caller) => caller.ask(ITEMS, { id: collectionId }),
  ({ collectionId }, caller, n) => caller.ask(CREATE, { input: { collectionId, title: `Item ${n}`, body: 'What it says' } }),
  ({ collectionId }, caller) => caller.over('event streams', ITEMS, { id: collectionId }),
  (_, caller) => caller.over('graphql-transport-ws', '{ tenant { id } rateLimit { remaining } }'),
  ({ collectionId }, caller, n) => caller.over('graphql-transport-ws', CREATE, { input: { collectionId, title: `Over a socket ${n}`, body: 'What it says' } }),
  // Refused: by the schema, by a right, by a variable, as too much at once.
  (_, caller) => caller.ask('{ nothing }'),
  (_, caller) => caller.ask('{ tenant { apiKeys(first: 3) { nodes { id } } } }'),
  (_, caller) => caller.ask(ITEMS, { id: null }),
  (_, caller) => caller.ask(`{ ${Array.from({ length: 25 }, (__, at) => `a${at}: tenant { id }`).join(' ')} }`),
  (world, caller, n) => ASKED[n % ASKED.length]!(world, caller, n),
  // Equal ones of one moment are answered once.
  (_, caller) => Promise.all([caller.ask('{ tenant { slug } }'), caller.ask('{ tenant { slug } }'), caller.ask('{ tenant { slug } }')]),
];

interface Asked { atlas: Running; books: Books; calls: number; seed: number; /** How often whoever counts is ended without warning meanwhile. */ kills?: number; say?: (line: string) => void }

export async function equalSums({ atlas, books, calls, seed, kills = 0, say = () => undefined }: Asked): Promise<Equality> {
  const world = await newWorld(atlas);
  for (const caller of world.callers) await caller.ask('{ tenant { id } }'); // what it is worth is known from here on
  const next = randomFrom(seed);
  let begun = 0;
  const caller = async (): Promise<void> => {
    while (begun < calls) {
      const n = (begun += 1);
      await CALLS[Math.floor(next() * CALLS.length)]!(world, world.callers[Math.floor(next() * world.callers.length)]!, n);
    }
  };
  let killed = 0;
  const killing = async (): Promise<void> => {
    for (; killed < kills && begun < calls; killed += 1) {
      await sleep(UNDISTURBED_MS);
      await killMeter(atlas);
    }
  };
  await Promise.all([killing(), ...Array.from({ length: AT_ONCE }, caller)]);
  for (const name of ['graphql-transport-ws', 'event streams', 'multipart'] as const) {
    await world.owner.follow(name, CHANGED, { id: world.collectionId }, FOLLOWED, async () => { await world.keys[0].must(CREATE, { input: { collectionId: world.collectionId, title: `Followed over ${name}`, body: 'What it says' } }); });
  }

  const all = world.callers.map(({ told }) => told);
  const told = { points: total(all.map(({ points }) => points)), operations: total(all.map(({ operations }) => operations)), money: sum(...all.map(({ money }) => money)) };
  // What is told travels; once as much has come as was told there is nothing more to wait for but what should not be.
  await eventually('the meter to have heard of all of it', async () => {
    const { points, meter } = await books.sums(world.tenantId);
    return points >= told.points && compare(meter, told.money) >= 0;
  }, 60_000);
  const counted = await books.sums(world.tenantId);
  const refused = total(all.map((one) => one.refused));
  say(`${told.operations} operations answered, ${refused} refused, ${told.points} points (seed ${seed}); the meter killed ${killed} times meanwhile`);
  say(`answers ${told.money}`);
  say(`meter   ${counted.meter}`);
  say(`ledger  ${counted.ledger}`);
  return { calls: told.operations + refused, refused, killed, told, counted };
}

async function killMeter(atlas: Running): Promise<void> {
  const child = atlas.process('billing');
  const ended = new Promise((resolve) => { child.once('exit', resolve); });
  child.kill('SIGKILL');
  await ended;
  await atlas.restart('billing');
}

const total = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
