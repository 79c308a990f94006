/** An answer of which some may come later: the first part when what it needs is there, the others as they come. */
import type { InParts } from '../executor.ts';
import type { SharedAnswers } from '../reach/share-answers.ts';
import { begin, introspect, runnableFor, type Asking } from './begin.ts';
import { Deferred } from './defer.ts';
import { layOutParts, whole } from './lay-out.ts';

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
  yield { answer, hasNext: deferred.any };
  if (deferred.any) yield* deferred.parts();
}
