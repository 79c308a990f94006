import { AtlasError } from '../../../platform/errors.ts';
import { isId, newId, type AnswerId, type CollectionId, type TenantId } from '../../../platform/ids.ts';
import { invalid } from '../../../platform/text.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Answer } from '../domain/answer.ts';
import type { Lease } from '../domain/budgets.ts';
import { Conversation } from '../domain/conversation.ts';
import type { Ports } from '../domain/ports.ts';
import { needOfQuestion } from '../domain/need.ts';
import { questionOf } from '../domain/question.ts';
import type { AskTool } from '../domain/tools.ts';
import { NOTHING } from '../domain/usage.ts';
import { chosenModels } from './choose-model.ts';
import { BudgetReached, Keeping, spenderOf } from './keep-within-budgets.ts';
import type { MakeAnswers } from './make-answers.ts';
import { isRemembered, type Asking } from './recall-step.ts';
import type { Making } from './run-context.ts';
import { tenantOf } from './tenant-of.ts';

export interface AskInput { question: string; collectionIds?: readonly string[] | null; conversationId?: string | null; tools?: readonly AskTool[] | null; draftsIn?: string | null }
/** The answer is kept and on its way when this resolves. */
export type Ask = (viewer: Viewer, input: AskInput, regenerates?: AnswerId) => Promise<{ answer: Answer }>;

const COLLECTIONS_MAX = 100;
const OPEN_MAX = 10;
const CONVERSATIONS_MAX = 10_000;
const ANSWERS_MAX = 1_000;

type Given = Pick<Making, 'work' | 'look' | 'holder' | 'budgets' | 'models' | 'system' | 'prompt' | 'knowledge' | 'recalling'> & { making: Pick<MakeAnswers, 'begin'> };

export const ask = (given: Given): Ask => async (viewer, input, regenerates) => {
  const { work, holder, prompt, making } = given;
  const tenantId = tenantOf(viewer);
  const question = questionOf(input.question);
  const collectionIds = collectionsOf(input.collectionIds ?? null);
  const may = toolsOf(input);
  const id = newId('ans');
  const isFirst = (input.conversationId ?? null) === null;
  const { keeping, leases } = await admit(given, viewer, { id, tenantId, question, collectionIds, regenerates: regenerates ?? null, tools: may.tools, isFirst });
  const { tariff } = keeping;
  const asked = await work(viewer, async (ports) => {
    const { answers, runs, log } = ports;
    if (await answers.countOpen(viewer.id) >= OPEN_MAX) throw new AtlasError('LIMIT_REACHED', `At most ${OPEN_MAX} answers at once: wait for one, or cancel it.`);
    const conversation = await conversationOf(viewer, input.conversationId ?? null, question, ports);
    await ports.flush(); // what refers to it comes after it
    const answer = Answer.ask({ id, tariff, tenantId, conversationId: conversation.id, owner: viewer.id, question, collectionIds, regenerates: regenerates ?? null, prompt, ...may });
    answers.add(answer);
    await ports.flush();
    await runs.begin(answer.id, holder);
    await log.append(answer.id, [{ kind: 'started', conversationId: conversation.id }, ...(leases.length > 0 ? [{ kind: 'leased' as const, leases }] : [])]);
    return { answer };
  }).catch(async (error: unknown) => {
    await keeping.giveBack(NOTHING);
    throw error;
  });
  making.begin(viewer, asked.answer, keeping);
  return asked;
};

/** Nobody is begun with who has no room for what they ask; what was answered before takes none. */
async function admit(given: Given, viewer: Viewer, asking: Asking & { id: AnswerId; tenantId: TenantId }): Promise<{ keeping: Keeping; leases: Lease[] }> {
  const { budgets, models, system } = given;
  const { id, tenantId, question, collectionIds } = asking;
  const keeping = new Keeping({ budgets, spender: spenderOf(viewer, tenantId, collectionIds), holder: id, tariff: await budgets.tariff(tenantId) });
  const leases: Lease[] = [];
  keeping.granted = (more) => void leases.push(...more);
  const { used, ...more } = needOfQuestion([system, question], models.dearest);
  try {
    await keeping.upTo(used, more);
  } catch (error) {
    if (!(error instanceof BudgetReached)) throw error;
    if (!await isRemembered({ ...given, models: await chosenModels(given, viewer) }, viewer, asking)) throw error.cause;
  }
  return { keeping, leases };
}

function collectionsOf(ids: readonly string[] | null): CollectionId[] | null {
  if (ids === null) return null;
  if (ids.length > COLLECTIONS_MAX) throw invalid(`At most ${COLLECTIONS_MAX} collections.`, 'collectionIds');
  if (!ids.every((id): id is CollectionId => isId('col', id))) throw invalid('Ids of collections.', 'collectionIds');
  return [...new Set(ids)];
}

function toolsOf({ tools, draftsIn = null }: AskInput): { tools: AskTool[]; draftsIn: CollectionId | null } {
  const all = [...new Set(tools ?? [])];
  if (!all.includes('DRAFT_ITEM')) return { tools: all, draftsIn: null };
  if (draftsIn === null || !isId('col', draftsIn)) throw invalid('The collection that items may be proposed for.', 'draftsIn');
  return { tools: all, draftsIn };
}

async function conversationOf(viewer: Viewer, id: string | null, question: string, { conversations, answers }: Ports): Promise<Conversation> {
  if (id !== null) {
    const conversation = isId('cnv', id) ? await conversations.locked(id, viewer.id) : null;
    if (!conversation) throw new AtlasError('NOT_FOUND', undefined, { path: ['input', 'conversationId'] });
    if (await answers.count(conversation.id) >= ANSWERS_MAX) throw new AtlasError('LIMIT_REACHED', `At most ${ANSWERS_MAX} questions in one conversation; begin another.`);
    conversation.continue();
    return conversation;
  }
  if (await conversations.count(viewer.id) >= CONVERSATIONS_MAX) throw new AtlasError('LIMIT_REACHED', `At most ${CONVERSATIONS_MAX} conversations; delete some first.`);
  const conversation = Conversation.start({ tenantId: tenantOf(viewer), owner: viewer.id, question });
  conversations.add(conversation);
  return conversation;
}
