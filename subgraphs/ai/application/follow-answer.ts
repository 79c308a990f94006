/**
 * What happens while an answer is made, told to whoever asked: from the log, so that a dropped client, a process that
 * died and a reload are the same to them. What they may see of its sources is looked at again and again while it goes on;
 * from the moment at which something is lost, nothing more is told that may have been made from it.
 */
import { AtlasError } from '../../../platform/errors.ts';
import type { AnswerId, ApprovalId, CitationId, ConversationId } from '../../../platform/ids.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Answer } from '../domain/answer.ts';
import type { AnswerEvent } from '../domain/answer-event.ts';
import type { Citation } from '../domain/citation.ts';
import type { Knowledge } from '../domain/knowledge.ts';
import type { Ports } from '../domain/ports.ts';
import { Reckoning } from '../domain/reckoning.ts';
import { isNothing, linesOf, since, type Quantities, type UsedLine } from '../domain/tariff.ts';
import { NOTHING } from '../domain/usage.ts';
import type { Board, Seat } from './board.ts';
import { watchSources, type Sources } from './watch-sources.ts';

export type Told =
  | { kind: 'started'; answerId: AnswerId; conversationId: ConversationId }
  | { kind: 'step'; name: string; at: Date; detail: string | null }
  | { kind: 'token'; text: string }
  | { kind: 'cited'; citation: Citation }
  | { kind: 'withheld'; citationId: CitationId }
  | { kind: 'approval'; approvalId: ApprovalId }
  | { kind: 'completed'; answerId: AnswerId };
/** `used`: what has come to it since whatever was told before, or since the cursor. */
export interface Telling { seq: number; told: Told; used?: readonly UsedLine[] }
export type FollowAnswer = (viewer: Viewer, following: { answerId: AnswerId; after: number; signal: AbortSignal }) => Promise<AsyncIterable<Telling>>;

interface Given { look: Look<Ports>; board: Board; knowledge: Knowledge<Viewer> }
const READ_MAX = 200;
/** Rights are looked at at least so often, be there anything to tell or not. */
const LOOK_MS = 800;

export const followAnswer = (given: Given): FollowAnswer => async (viewer, { answerId, after, signal }) => {
  const [answer] = await given.look(viewer, ({ answers }) => answers.byIds([answerId], viewer.id));
  if (!answer) throw new AtlasError('NOT_FOUND');
  const seat = given.board.enter(answerId);
  const leave = () => given.board.leave(seat);
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  return told({ ...given, viewer, seat, after, signal, answer, leave: () => { signal.removeEventListener('abort', leave); leave(); } });
};

async function* told(given: Given & { viewer: Viewer; seat: Seat; after: number; signal: AbortSignal; answer: Answer; leave: () => void }): AsyncGenerator<Telling, void, undefined> {
  const { seat, signal, after } = given;
  const sources = watchSources(given);
  const bill = openBill(given);
  try {
    // From the beginning, also when it is told from later on: what it was made from is known by what stands there.
    for (let seq = 0; !signal.aborted;) {
      const events = await nextOf(seq, given);
      for (const event of events) {
        seq = event.seq;
        sources.note(event.body);
        const before = bill.soFar;
        await bill.note(event);
        if (seq > after) for await (const telling of tellingsOf(event, sources, seat.answerId)) yield { ...telling, ...bill.upTo(telling.seq < seq ? before : bill.soFar) };
        if (event.body.kind === 'ended') return;
      }
      if (events.length > 0) continue;
      // What was told of it is kept for a while only: that it is over is known all the same.
      if (!given.answer.isOpen()) return yield { seq, told: { kind: 'completed', answerId: seat.answerId } };
      for (const citationId of await sources.lost()) yield { seq, told: { kind: 'withheld', citationId }, ...bill.upTo(bill.soFar) };
      // With its conversation it may have been deleted, log and all: nobody would ever tell its end.
      if (!await isThere(given)) throw new AtlasError('NOT_FOUND', 'It was deleted.');
      await seat.wait(LOOK_MS);
    }
  } finally {
    given.leave();
  }
}

/** What it has come to, told once to whoever follows; in the end what it was billed for, to the last digit. */
function openBill({ after, answer, look, viewer }: Given & { viewer: Viewer; answer: Answer; after: number }) {
  const reckoning = new Reckoning();
  let [now, said]: Quantities[] = [NOTHING, NOTHING];
  return {
    get soFar() { return now!; },
    async note({ seq, body }: AnswerEvent): Promise<void> {
      reckoning.note(body);
      const [ended] = body.kind === 'ended' ? await look(viewer, ({ answers }) => answers.byIds([answer.id], viewer.id)) : [];
      now = ended?.used() ?? reckoning.spent;
      if (seq <= after) said = now;
    },
    upTo(used: Quantities): { used?: UsedLine[] } {
      const more = since(used, said!);
      said = used;
      return isNothing(more) ? {} : { used: linesOf(more, answer.tariff) };
    },
  };
}
const isThere = async ({ look, viewer, seat: { answerId } }: Pick<Given, 'look'> & { viewer: Viewer; seat: Seat }): Promise<boolean> => (await look(viewer, ({ answers }) => answers.byIds([answerId], viewer.id))).length > 0;

async function nextOf(seq: number, { seat, look, viewer }: Given & { seat: Seat; viewer: Viewer }): Promise<AnswerEvent[]> {
  return seat.take(seq) ?? look(viewer, ({ log }) => log.after(seat.answerId, seq, READ_MAX)).then((events) => {
    if (events.length === READ_MAX) seat.hint(null);
    return events;
  });
}

async function* tellingsOf({ seq, body, at }: AnswerEvent, sources: Sources, answerId: AnswerId): AsyncGenerator<Telling, void, undefined> {
  const shows = body.kind === 'token' || body.kind === 'released' || (body.kind === 'cited' && !body.held);
  if (shows || body.kind === 'ended') for (const citationId of await sources.lost()) yield { seq: seq - 1, told: { kind: 'withheld', citationId } };
  if (shows && sources.isBroken) return;
  switch (body.kind) {
    case 'started': return yield { seq, told: { kind: 'started', answerId, conversationId: body.conversationId } };
    case 'step': return yield { seq, told: { kind: 'step', name: body.name, detail: body.detail, at } };
    case 'token': case 'released': return body.text === '' ? undefined : yield { seq, told: { kind: 'token', text: body.text } };
    case 'cited': return body.held ? undefined : yield { seq, told: { kind: 'cited', citation: body.citation } };
    case 'approval': return yield { seq, told: { kind: 'approval', approvalId: body.approvalId } };
    case 'ended': return yield { seq, told: { kind: 'completed', answerId } };
    // What the run itself reads is told to nobody.
    case 'called': case 'held': case 'leased': case 'sources': case 'spoken': case 'recalled': case 'rewritten': case 'used':
  }
}
