/**
 * The gateway is ended without warning, again and again, under keys of which one only changes things and the other only
 * asks. Every change that was answered has been billed for what its answer said; of what was asked only what was not yet
 * written may be missing; and nobody is billed for more than what was done.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '../kit/arrangements.ts';
import { eventually } from '../kit/eventually.ts';
import type { Books } from './sums.ts';
import { newWorld } from './world.ts';

export interface KillFigures { kills: number; changes: { told: number; counted: number; open: number }; questions: { told: number; counted: number; open: number; sure: number } }

const AT_ONCE = 6;
const UNDISTURBED_MS = 1_500;
/** Far more than is ever waited for before a sum is written. */
const SURELY_WRITTEN_MS = 1_000;
/** What one change, and one question, is worth. */
const CHANGE_POINTS = 11;
const QUESTION_POINTS = 1;
const CREATE = 'mutation($input: CreateItemInput!) { createItem(input: $input) { item { id } userErrors { code } } }';

/** A busy machine answers late, and here nothing depends on when. */
export const PATIENT = { ASK_TIMEOUT_MS: '20000', REQUEST_TIMEOUT_MS: '30000' };
export const APART = [['users', 'tenants', 'collections', 'search', 'ai'], ['billing'], ['gateway']] as const;

export async function killGateway({ atlas, books, kills }: { atlas: Running; books: Books; kills: number }): Promise<KillFigures> {
  const { tenantId, keys: [changing, asking], keyIds, collectionId } = await newWorld(atlas);
  const open = { changes: 0, questions: 0 };
  const killedAt: number[] = [];
  let stopped = false;
  const going = async (what: keyof typeof open, ask: (n: number) => Promise<unknown>): Promise<void> => {
    for (let n = 0; !stopped; n += 1) {
      // Whether it was done nobody can say: it counts as open, for as much as it is worth.
      await ask(n).catch(async () => {
        open[what] += 1;
        await sleep(50);
      });
    }
  };
  const running = [
    ...Array.from({ length: AT_ONCE }, () => going('changes', (n) => changing.must(CREATE, { input: { collectionId, title: `Item ${n}`, body: 'What it says' } }))),
    ...Array.from({ length: AT_ONCE }, () => going('questions', () => asking.must('{ tenant { id } }'))),
  ];
  for (let n = 0; n < kills; n += 1) {
    await sleep(UNDISTURBED_MS);
    const child = atlas.process('gateway');
    const ended = new Promise((resolve) => { child.once('exit', resolve); });
    killedAt.push(Date.now());
    child.kill('SIGKILL');
    await ended;
    await atlas.restart('gateway');
  }
  await sleep(UNDISTURBED_MS);
  stopped = true;
  await Promise.all(running);

  const counted = async () => ({ changes: await books.pointsOf(tenantId, keyIds[0]), questions: await books.pointsOf(tenantId, keyIds[1]) });
  let before = await counted();
  await eventually('nothing more to be counted', async () => {
    await sleep(1_500);
    const now = await counted();
    const isQuiet = now.changes === before.changes && now.questions === before.questions && now.changes > 0;
    before = now;
    return isQuiet;
  }, 60_000);
  const isSure = (at: number): boolean => killedAt.every((killed) => at > killed || at < killed - SURELY_WRITTEN_MS);
  const sure = asking.answers.filter(({ at }) => isSure(at)).reduce((all, { points }) => all + points, 0);
  return {
    kills,
    changes: { told: changing.told.points, counted: before.changes, open: open.changes * CHANGE_POINTS },
    questions: { told: asking.told.points, counted: before.questions, open: open.questions * QUESTION_POINTS, sure },
  };
}
