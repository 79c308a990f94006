/** An answer of which some may come later: the first part when what it needs is there, the others as they come. */
import type { InParts } from '../executor.ts';
import type { SharedAnswers } from '../reach/share-answers.ts';
import { begin, introspect, runnableFor, type Asking } from './begin.ts';
import { Deferred } from './defer.ts';
import { layOutParts, whole } from './lay-out.ts';
import type { Run } from './run.ts';

export async function* inParts(asking: Asking, changing: SharedAnswers['changing']): AsyncIterable<InParts> {
  const { operation, variables } = asking;
  const { schema, rootType } = operation;
  const runnable = await runnableFor(asking, true);
  const lay = layOutParts(asking);
  const deferred = new Deferred({ schema, types: operation.supergraph.types, rootType, selection: operation.selection(variables), lay });
  const made = begin(asking, runnable, { deferred });
  const step = async () => { if (runnable.step) await made.step(runnable.step); };
  await (operation.kind === 'query' ? step() : changing(step));
  introspect(asking, made.data);
  const answer = whole(lay(made.errors, deferred.any ? operation.firstSelection(variables) : operation.selection(variables), rootType, made.data, []));
  deferred.answered(answer.data ? structuredClone(answer.data) : null);
  yield { answer, hasNext: deferred.any, ...since(made) };
  if (deferred.any) for await (const parts of deferred.parts()) yield { ...parts, ...since(made) };
}

/** What was said of its cost since it was last handed on. */
const since = ({ usage }: Run): Pick<InParts, 'usage'> => (usage.length > 0 ? { usage: usage.splice(0) } : {});
