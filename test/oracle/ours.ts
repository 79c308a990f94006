/** The executor under trial, over the same subgraphs. */
import { openExecutor } from '../../gateway/execute.ts';
import type { Executor } from '../../gateway/executor.ts';
import { AtlasError } from '../../platform/errors.ts';
import type { Reach } from '../../platform/reach/reach.ts';
import { anonymous as viewer } from '../../platform/viewer.ts';
import type { OpenWorld } from './open-world.ts';
import type { Outcome, Question } from './world.ts';

export interface Ours {
  executor: Executor;
  answer(question: Question): Promise<Outcome>;
  /** The same answer by the other way, through text. */
  answerText(question: Question): Promise<Outcome>;
  plan(question: Question): Promise<string>;
  stop(): Promise<void>;
}

export async function openOurs(opened: OpenWorld): Promise<Ours> {
  const labels = new Set(opened.world.labels);
  const reaches = new Map(opened.subgraphs.map((name): [string, Reach] => [name, {
    answer: async ({ document, variables }) => await opened.ask(name, document, { ...variables }) as never,
    follow: () => { throw new Error('No world has anything to follow.'); },
  }]));
  const executor = await openExecutor({ supergraphSdl: opened.supergraphSdl, reaches: () => reaches, isOverridden: (label) => labels.has(label), planTimeoutMs: 5_000 });
  /** What is refused before it runs is an answer without data, as a client gets it. */
  const answering = async ({ document, variables }: Question, by: (prepared: Awaited<ReturnType<Executor['prepare']>>, asked: Parameters<Executor['answer']>[1]) => Promise<Outcome>): Promise<Outcome> => {
    try {
      return await by(await executor.prepare(document, null), { variables, caller: { viewer } });
    } catch (error) {
      if (error instanceof AtlasError) return { errors: [{ message: `${error.code}: ${error.message}` }] };
      throw error;
    }
  };
  return {
    executor,
    answer: (question) => answering(question, async (prepared, asked) => executor.answerObject(prepared, asked)),
    answerText: (question) => answering(question, async (prepared, asked) => {
      const { data, errors } = await executor.answer(prepared, asked);
      return { data: data ? JSON.parse(data.text) as Record<string, unknown> : data, errors };
    }),
    plan: async ({ document }) => (await executor.prepare(document, null)).plan(),
    stop: () => executor.stop(),
  };
}
