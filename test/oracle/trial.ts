/** One question put to everyone: the executor under trial, Apollo's reference, and the monolith that judges both. */
import { difference, type Judgement } from './compare.ts';
import { openWorld, type OpenWorld } from './open-world.ts';
import { openOurs, type Ours } from './ours.ts';
import { randomFrom } from '../kit/random.ts';
import { randomQuestion } from './queries.ts';
import { openReference, type Reference } from './reference.ts';
import { explanations, type Explained } from './explained.ts';
import { shrink } from './shrink.ts';
import type { Outcome, Question, World } from './world.ts';

export interface Trial {
  opened: OpenWorld;
  ours: Ours;
  reference: Reference | null;
  /** What is wrong with the executor's answer, by either of its ways. */
  fault(question: Question): Promise<string | null>;
  /** What is wrong with Apollo's. */
  apolloFault(question: Question): Promise<string | null>;
  stop(): Promise<void>;
}

export async function openTrial(world: World): Promise<Trial> {
  const opened = openWorld(world);
  const ours = await openOurs(opened);
  const reference = world.beyondReference ? null : await openReference(opened);
  const fresh = <T>(ask: () => Promise<T>): Promise<T> => {
    opened.reset();
    return ask();
  };
  const judge = async (question: Question): Promise<Judgement> => ({
    expected: await fresh(() => opened.monolith.answer(question)),
    possible: await fresh(() => opened.monolith.possible(question)),
  });
  return {
    opened, ours, reference,
    async fault(question) {
      const judged = await judge(question);
      for (const [way, ask] of [['objects', ours.answer], ['text', ours.answerText]] as const) {
        const found = difference(judged, await fresh(() => caught(ask, question)), true);
        if (found) return `as ${way}: ${found}`;
      }
      return null;
    },
    async apolloFault(question) {
      if (!reference) return null;
      const judged = await judge(question);
      return difference(judged, await fresh(() => apolloAnswer(reference, question)), false);
    },
    async stop() {
      await ours.stop();
      await reference?.stop();
    },
  };
}

/** A rejection that is no answer at all is told as one, so that it can be made small. */
async function caught(ask: (question: Question) => Promise<Outcome>, question: Question): Promise<Outcome> {
  try {
    return await ask(question);
  } catch (error) {
    return { errors: [{ message: `rejected: ${(error as Error).message}` }] };
  }
}

/** Apollo tells why null spread in an extension; a planner that throws has answered with an error. */
async function apolloAnswer(reference: Reference, question: Question): Promise<Outcome> {
  try {
    const { data, errors, completion } = await reference.answer(question);
    return { data, errors: [...errors ?? [], ...completion] };
  } catch (error) {
    return { errors: [{ message: (error as Error).message }] };
  }
}

export interface Tally { asked: number; explained: Map<string, number>; faults: string[] }

const FAULTS_MAX = 3;

/** Random questions to one world. Each third may use names of other fields as aliases, which only the executor has to stand. */
export async function tryWorld(trial: Trial, given: { seed: number; questions: number; until?: number }): Promise<Tally> {
  const { opened } = trial;
  const tally: Tally = { asked: 0, explained: new Map(), faults: [] };
  const mutates = opened.apiSchema.getMutationType() !== undefined && opened.apiSchema.getMutationType() !== null;
  for (let n = 0; n < given.questions && tally.faults.length < FAULTS_MAX && Date.now() < (given.until ?? Infinity); n += 1) {
    const seed = given.seed * 1_000_003 + n;
    const question = randomQuestion(opened.apiSchema, randomFrom(seed), { kind: mutates && n % 2 === 1 ? 'mutation' : 'query', shadows: n % 3 === 2, modest: opened.world.modest ?? false });
    tally.asked += 1;
    if (await trial.fault(question)) tally.faults.push(await told(trial, question, seed, 'The executor', (one) => trial.fault(one)));
    const fault = await trial.apolloFault(question);
    if (!fault) continue;
    const reasons: Explained[] = explanations(opened, question, fault);
    if (reasons.length === 0) tally.faults.push(await told(trial, question, seed, 'Apollo, unexplained,', async (one) => unexplained(trial, one)));
    for (const { name } of reasons) tally.explained.set(name, (tally.explained.get(name) ?? 0) + 1);
  }
  return tally;
}

async function unexplained(trial: Trial, question: Question): Promise<string | null> {
  const fault = await trial.apolloFault(question);
  return fault && explanations(trial.opened, question, fault).length === 0 ? fault : null;
}

async function told(trial: Trial, question: Question, seed: number, who: string, fault: (question: Question) => Promise<string | null>): Promise<string> {
  const small = await shrink(trial.opened.apiSchema, question, async (smaller) => (await fault(smaller)) !== null);
  return `${who} differs from the monolith in "${trial.opened.world.name}", seed ${seed}:\n${small.document}\nvariables ${JSON.stringify(small.variables)}\n${await fault(small)}`;
}
