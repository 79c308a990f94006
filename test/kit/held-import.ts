/** A large import that stands still after its first batch, until a test has done what it wants to do meanwhile. */
import { IMPORT } from './jobs.ts';
import type { Kit } from './services.ts';
import { done, type Person } from './tenants.ts';

/** Twenty batches: more than is imported before a cancellation is heard of. */
export const ROWS = 10_000;
const CONTENT = Array.from({ length: ROWS }, (_, n) => `{"title":"Row ${n}"}`).join('\n');
/** Who asked for it is looked up when it begins, and before each batch. */
const BEFORE_THE_SECOND = 3;

/** The id of the import, which goes on when `meanwhile` is over. */
export async function underWay(kit: Kit, by: Person, collectionId: string, meanwhile: (id: string) => Promise<unknown>): Promise<string> {
  const { graph } = kit.atlas.services.get('tenants')!;
  const { answer } = graph;
  let asked = 0;
  let goOn = (): void => undefined;
  const over = new Promise<void>((resolve) => { goOn = resolve; });
  const reached = new Promise<void>((resolve) => {
    graph.answer = async (question) => {
      if (question.viewer.kind === 'system' && question.variables?.userId === by.userId && (asked += 1) === BEFORE_THE_SECOND) {
        resolve();
        await over;
      }
      return answer.call(graph, question);
    };
  });
  try {
    const { job } = done(await kit.ask('collections', IMPORT, { input: { collectionId, format: 'JSONL', policy: 'REJECT_ROWS', content: CONTENT } }, by.viewer));
    await reached;
    await meanwhile(job.id);
    return job.id as string;
  } finally {
    goOn();
    graph.answer = answer;
  }
}
