/** Cursors of answers: which answer, and how far. Sealed for whoever asked, so that nobody else can follow by one. */
import { AtlasError } from '../../../platform/errors.ts';
import { isId, type AnswerId } from '../../../platform/ids.ts';
import type { Secret } from '../../../platform/secret.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Ask, AskInput } from '../application/ask.ts';
import type { FollowAnswer, Told, Telling } from '../application/follow-answer.ts';

export type AskedEvent = Told & { cursor: string; used?: Telling['used'] };
interface Place { answerId: AnswerId; seq: number }
export interface AskCursors { seal(viewer: Viewer, place: Place): string; open(viewer: Viewer, cursor: string): Place }
export type AskAndFollow = (viewer: Viewer, input: AskInput & { resumeFrom?: string | null }, signal: AbortSignal) => Promise<AsyncIterable<AskedEvent>>;

const purposeOf = ({ tenantId, id }: Viewer): string => `cursor:answers ${tenantId} ${id}`;

export const askCursors = (secret: Secret): AskCursors => ({
  seal: (viewer, { answerId, seq }) => secret.seal(purposeOf(viewer), `${answerId} ${seq}`),
  open(viewer, cursor) {
    const [answerId, seq] = secret.open(purposeOf(viewer), cursor)?.split(' ') ?? [];
    if (!isId('ans', answerId)) throw new AtlasError('CURSOR_INVALID', 'The cursor was not made by an answer of yours.');
    return { answerId, seq: Number(seq) };
  },
});

/** A question is asked and followed from its beginning; with a cursor nothing is asked, and it is followed from there. */
export const askAndFollow = ({ ask, follow, cursors }: { ask: Ask; follow: FollowAnswer; cursors: AskCursors }): AskAndFollow => async (viewer, { resumeFrom, ...input }, signal) => {
  const { answerId, seq } = resumeFrom ? cursors.open(viewer, resumeFrom) : { answerId: (await ask(viewer, input)).answer.id, seq: 0 };
  const tellings = await follow(viewer, { answerId, after: seq, signal });
  return withCursors(tellings, (at) => cursors.seal(viewer, { answerId, seq: at }));
};

async function* withCursors(tellings: Awaited<ReturnType<FollowAnswer>>, seal: (seq: number) => string): AsyncGenerator<AskedEvent, void, undefined> {
  for await (const { seq, told, used } of tellings) yield { ...told, ...(used && { used }), cursor: seal(seq) };
}
