/**
 * The steps of an answer as a graph of LangGraph, whose checkpoints stand in Postgres: each step's outcome is kept before
 * the next one begins. The library is loaded with the first answer, not at the start.
 */
import type { Database } from '../../../../platform/database/database.ts';
import type { AnswerId, TenantId } from '../../../../platform/ids.ts';
import type { Checked, Draft, Flow, FoundPassage, Recalled, Steps } from '../../domain/flow.ts';
import { tenantPool } from './tenant-pool.ts';

interface Of { tenantId: TenantId; answerId: AnswerId }
const threadOf = ({ tenantId, answerId }: Of): string => `${tenantId}:${answerId}`;
const SCHEMA = 'ai_run';

const library = async () => {
  // One after the other: they share files, and loaders trip over what two load at once.
  const graph = await import('@langchain/langgraph');
  const { PostgresSaver } = await import('@langchain/langgraph-checkpoint-postgres');
  return { ...graph, PostgresSaver };
};
type Library = Awaited<ReturnType<typeof library>>;

export function langGraphFlow(database: Pick<Database, 'transaction'>): Flow {
  let loaded: Promise<Library> | undefined;
  const load = () => (loaded ??= library());
  const saverFor = async (tenantId: TenantId) => new (await load()).PostgresSaver(tenantPool(database, tenantId), undefined, { schema: SCHEMA });
  return {
    async run(of, steps, signal) {
      const graph = graphOf(await load(), steps).compile({ checkpointer: await saverFor(of.tenantId) });
      const config = { configurable: { thread_id: threadOf(of) }, signal, durability: 'sync' as const };
      const { next } = await graph.getState(config);
      // Nothing kept: from the beginning. Otherwise with the step that was not finished.
      await graph.invoke(next.length > 0 ? null : { search: null, recalled: null, passages: [], draft: null, checked: null }, config);
    },
    async forget({ tenantId, answerIds }) {
      const saver = await saverFor(tenantId);
      for (const answerId of answerIds) await saver.deleteThread(threadOf({ tenantId, answerId }));
    },
  };
}

function graphOf({ Annotation, END, START, StateGraph }: Library, steps: Steps) {
  const State = Annotation.Root({
    search: Annotation<string | null>(), recalled: Annotation<Recalled | null>(), passages: Annotation<readonly FoundPassage[]>(), draft: Annotation<Draft | null>(), checked: Annotation<Checked | null>(),
  });
  return new StateGraph(State)
    .addNode('rewrite', async () => ({ search: await steps.rewrite() }))
    .addNode('recall', async () => {
      const recalled = await steps.recall();
      return { recalled, draft: recalled.draft, passages: recalled.passages };
    })
    .addNode('retrieve', async ({ search }) => ({ passages: await steps.retrieve(search!) }))
    .addNode('answer', async ({ search, passages }) => {
      const draft = await steps.answer(search!, passages);
      // What the model found for itself is looked at, and kept, like what was found for it.
      return { draft, passages: [...passages, ...draft.found ?? []] };
    })
    .addNode('check', async ({ draft, passages }) => ({ checked: await steps.check(draft!, passages) }))
    .addNode('save', async ({ checked, passages, recalled }) => {
      await steps.save(checked!, passages, recalled!);
      return {};
    })
    .addEdge(START, 'rewrite').addEdge('rewrite', 'recall').addConditionalEdges('recall', ({ draft }) => (draft ? 'check' : 'retrieve'), ['check', 'retrieve']).addEdge('retrieve', 'answer').addEdge('answer', 'check').addEdge('check', 'save').addEdge('save', END);
}
