import { openCiting } from './citing.ts';

/** Text that leads nobody anywhere, whoever wrote it. What names one of so many citations goes on naming it. */
export function unlinked(text: string, citations = 0): string {
  const citing = openCiting(citations);
  let [whole, named] = ['', null as { passage: number; mark: number } | null];
  for (const one of [...citing.push(text), ...citing.finish()]) {
    if (one.kind === 'cited') named = one;
    if (one.kind !== 'text') continue;
    // They are numbered anew as they come; who edits has named them by the numbers that they have.
    whole += named ? `[${named.passage + 1}]${one.text.slice(`[${named.mark}]`.length)}` : one.text;
    named = null;
  }
  return whole.trim();
}
