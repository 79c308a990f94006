import type { AnswerId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import { Reckoning } from '../domain/reckoning.ts';
import { isNothing, linesOf, since, type UsedLine } from '../domain/tariff.ts';

export type SeeCost = ReturnType<typeof seeCost>;
const LOG_MAX = 100_000;

/** What an answer has come to since a place in its log; nothing before that is known for good. */
export const seeCost = ({ look }: { look: Look<Ports> }) => (viewer: Viewer, { answerId, after }: { answerId: AnswerId; after: number }): Promise<UsedLine[]> => look(viewer, async ({ answers, log }) => {
  const [answer] = await answers.byIds([answerId], viewer.id);
  if (!answer?.billed) return [];
  const reckoning = new Reckoning();
  const told = after > 0 ? (await log.after(answerId, 0, LOG_MAX)).filter(({ seq }) => seq <= after) : [];
  for (const { body } of told) reckoning.note(body);
  const isTold = told.at(-1)?.body.kind === 'ended';
  const more = since(answer.used(), isTold ? answer.used() : reckoning.spent);
  return isNothing(more) ? [] : linesOf(more, answer.tariff);
});
