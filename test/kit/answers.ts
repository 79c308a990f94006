/** Asking in a test, as somebody: what is told while an answer is made, and what it is in the end. */
import { eventually } from './eventually.ts';
import { followAs, type Following } from './following.ts';
import { newFindable, search } from './search.ts';
import type { Kit } from './services.ts';
import { dataOf, type Person } from './tenants.ts';

const CITATION = 'id mark version start end passage withheld item { id }';
export const ANSWER = `id question text answered state model prompt rating cursor citations { ${CITATION} } usage { inputTokens outputTokens cost { amount currency } } cache { hit similarity savedTokens saved { amount currency } } error { code } conversation { id title }`;
export const ASK = `subscription($input: AskInput!) { ask(input: $input) { __typename cursor
  ... on AnswerStarted { answerId conversationId } ... on Step { name detail } ... on Token { text } ... on Cited { citation { ${CITATION} } }
  ... on CitationWithheld { citationId } ... on ApprovalRequested { approval { id state reasons text question } } ... on AnswerCompleted { answer { ${ANSWER} } } } }`;
export const ASK_WHOLE = `mutation($input: AskInput!) { ask(input: $input) { answer { ${ANSWER} } userErrors { code path } } }`;
const READ = `query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Answer { ${ANSWER} } } }`;

export interface Told { __typename: string; cursor: string; text?: string; name?: string; answerId?: string; conversationId?: string; citationId?: string; citation?: any; answer?: any; approval?: any }

export const follow = (kit: Pick<Kit, 'atlas'>, person: Pick<Person, 'viewer'>, input: Record<string, unknown>, pause?: () => Promise<void>): Following<Told> => followAs<Told>(kit, 'ai', person.viewer, ASK, { input: { question: '', ...input } }, pause);
export const kinds = (told: readonly Told[]): string[] => told.map(({ __typename }) => __typename);
export const textOf = (told: readonly Told[]): string => told.map(({ __typename, text }) => (__typename === 'Token' ? text : '')).join('');

/** Everything that is told of it until it has ended. */
export async function answerTo(kit: Pick<Kit, 'atlas'>, person: Pick<Person, 'viewer'>, input: Record<string, unknown>): Promise<{ told: Told[]; answer: any }> {
  const following = follow(kit, person, input);
  const end = await following.ended;
  const last = following.got.at(-1);
  if (end !== 'left' || last?.__typename !== 'AnswerCompleted') throw new Error(`It ended with ${end}, the last that was told is ${JSON.stringify(last)}.`);
  return { told: following.got, answer: last.answer };
}

export const readAnswer = async (kit: Kit, person: Person, id: string): Promise<any> => dataOf(await kit.ask('ai', READ, { representations: [{ __typename: 'Answer', id }] }, person.viewer))._entities[0];

/** An item that can be found by what it says. */
export async function knownItem(kit: Kit, by: Person, collectionId: string, input: { title: string; body: string; tags?: string[] }): Promise<string> {
  const { id } = await newFindable(kit, by, collectionId, input);
  await eventually(`${input.title} to be found`, async () => (await search(kit, by, input.title)).ids.includes(id));
  return id;
}
