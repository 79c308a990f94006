import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { Answer } from '../domain/answer.ts';
import type { Ports } from '../domain/ports.ts';
import { ownAnswer } from './own-answer.ts';

export type RateAnswer = ReturnType<typeof rateAnswer>;

export const rateAnswer = ({ work }: { work: Work<Ports> }) => (viewer: Viewer, { id, rating }: { id: string; rating?: number | null }): Promise<{ answer: Answer }> =>
  work(viewer, async ({ answers }) => {
    const answer = await ownAnswer(viewer, id, answers);
    answer.rate(rating ?? null);
    return { answer };
  });
