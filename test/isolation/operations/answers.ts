/** Asking: what is answered, kept, waited for and decided. Everybody's questions are theirs alone, and what answers are made from is looked at again whenever they are read. */
import { ERRORS } from './selections.ts';
import type { AskedState, ConversationState } from '../canaries.ts';
import { idOf, passes, tenantOf, type Principal } from '../rights.ts';
import type { World } from '../world.ts';
import { heard } from './search.ts';
import { mutation, only, someCollection, unseen, type Operation } from './choose.ts';

const CITED = 'id mark passage withheld item { id title body }';
const ANSWER = `id question text answered state cursor citations { ${CITED} } conversation { id title } error { code }`;

export const asks = (by: Principal): boolean => only(by, passes(by, 'MEMBER', 'ai:ask'));
const isTheirs = (by: Principal, { owner, tenant, deleted }: ConversationState): boolean => !deleted && owner === idOf(by) && tenant === tenantOf(by);
export const seesConversation = (by: Principal, conversation: ConversationState): boolean => asks(by) && isTheirs(by, conversation);

export function someConversation(world: World, by: Principal): ConversationState | null {
  const own = world.conversations.filter((one) => isTheirs(by, one));
  const list = own.length > 0 && world.chance(0.5) ? own.slice(-10) : world.conversations.slice(-60);
  return list.length > 0 ? world.pick(list) : null;
}
export function someAsked(world: World, by: Principal): AskedState | null {
  const own = world.asked.filter(({ conversation }) => isTheirs(by, conversation));
  const list = own.length > 0 && world.chance(0.5) ? own.slice(-10) : world.asked.slice(-60);
  return list.length > 0 ? world.pick(list) : null;
}
function note(world: World, by: Principal, answer: any): AskedState {
  const known = world.conversations.find(({ id }) => id === answer.conversation.id);
  const conversation = known ?? { id: answer.conversation.id, owner: idOf(by)!, tenant: tenantOf(by)!, deleted: false };
  if (!known) world.conversations.push(conversation);
  const asked: AskedState = { id: answer.id, cursor: answer.cursor, conversation, ended: answer.state === 'COMPLETED' || answer.state === 'WITHHELD' };
  world.asked.push(asked);
  return asked;
}

const conversationOperations: readonly Operation[] = [
  {
    field: 'Query.conversations', weight: 3,
    make(world, by) {
      const stolen = world.chance(0.2) && world.cursors.length > 0 ? world.pick(world.cursors) : null;
      return {
        document: `query($first: Int, $after: String) { conversations(first: $first, after: $after) { pageInfo { hasNextPage endCursor } edges { cursor node { id title answers(first: 5) { nodes { ${ANSWER} } } } } } }`,
        variables: { first: 1 + Math.floor(world.random() * 10), after: stolen }, ...(!stolen && { expects: asks(by) }),
        effect({ edges }) {
          const shown = new Set((edges as { node: { id: string } }[]).map(({ node }) => node.id));
          const wrong = world.conversations.filter((one) => shown.has(one.id) && !isTheirs(by, one));
          if (wrong.length > 0) throw new Error(`lists ${wrong.map(({ id }) => id).join(', ')}`);
        },
      };
    },
  },
  {
    field: 'Query.conversation', weight: 4,
    make(world, by) {
      const conversation = someConversation(world, by);
      return conversation && {
        document: `query($id: ID!) { conversation(id: $id) { id title export answers(first: 10) { pageInfo { hasNextPage endCursor } nodes { ${ANSWER} } } } }`, variables: { id: conversation.id },
        expects: seesConversation(by, conversation), ...unseen(isTheirs(by, conversation), conversation.id),
      };
    },
  },
  {
    field: 'Mutation.renameConversation', weight: 2,
    make(world, by) {
      const conversation = someConversation(world, by);
      const title = world.word();
      return conversation && {
        document: mutation('renameConversation', 'conversation { id title }'), variables: { input: { id: conversation.id, title } },
        expects: seesConversation(by, conversation), ...unseen(isTheirs(by, conversation), conversation.id),
        effect() { world.canaries.plant([title], { in: 'conversation', conversation }); },
      };
    },
  },
  {
    field: 'Mutation.deleteConversation', weight: 0.7,
    make(world, by) {
      const conversation = someConversation(world, by);
      return conversation && {
        document: mutation('deleteConversation', 'conversationId'), variables: { input: { id: conversation.id } },
        expects: seesConversation(by, conversation), ...unseen(isTheirs(by, conversation), conversation.id),
        effect() { conversation.deleted = true; },
      };
    },
  },
];

const ofAnswer = (name: string, weight: number, more: (world: World) => object, expects: (asked: AskedState) => boolean | undefined): Operation => ({
  field: `Mutation.${name}`, weight,
  make(world, by) {
    const asked = someAsked(world, by);
    const sees = asked !== null && seesConversation(by, asked.conversation);
    return asked && {
      document: mutation(name, `answer { ${ANSWER} }`), variables: { input: { id: asked.id, ...more(world) } },
      expects: sees && expects(asked), ...unseen(isTheirs(by, asked.conversation), asked.id),
      ...(name === 'regenerateAnswer' && { effect: ({ answer }: any) => { note(world, by, answer); } }),
    };
  },
});

const answerOperations: readonly Operation[] = [
  {
    field: 'Mutation.ask', weight: 10,
    make(world, by) {
      const collection = world.chance(0.4) ? someCollection(world, by) : null;
      const conversation = world.chance(0.3) ? someConversation(world, by) : null;
      const word = world.chance(0.2) ? world.word() : null; // what is asked for by such a word stands nowhere
      const goesOn = conversation === null || isTheirs(by, conversation);
      return {
        document: `mutation($input: AskInput!) { ask(input: $input) { answer { ${ANSWER} } ${ERRORS} } }`,
        variables: { input: { question: `${world.pick(['What does it say?', 'What is it that it says?'])}${word ? ` (${word})` : ''}`, collectionIds: collection && [collection.id], conversationId: conversation?.id ?? null } },
        expects: asks(by) && goesOn, ready: () => heard(world), ...(conversation && unseen(goesOn, conversation.id)),
        effect({ answer }) {
          const asked = note(world, by, answer);
          if (word) world.canaries.plant([word], { in: 'conversation', conversation: asked.conversation });
        },
      };
    },
  },
  {
    // What has been answered is followed once more; by another's cursor nothing is.
    field: 'Subscription.ask', weight: 4,
    make(world, by) {
      const asked = someAsked(world, by);
      return asked?.ended ? {
        document: `subscription($input: AskInput!) { ask(input: $input) { __typename cursor ... on Token { text } ... on Cited { citation { ${CITED} } } ... on AnswerCompleted { answer { ${ANSWER} } } } }`,
        variables: { input: { question: '', resumeFrom: asked.cursor } }, follows: true, expects: seesConversation(by, asked.conversation),
      } : null;
    },
  },
  ofAnswer('cancelAnswer', 1, () => ({}), ({ ended }) => (ended ? false : undefined)),
  ofAnswer('regenerateAnswer', 1.5, () => ({}), ({ ended }) => (ended ? true : undefined)),
  ofAnswer('rateAnswer', 2, (world) => ({ rating: world.pick([1, 5, null]) }), ({ ended }) => (ended ? true : undefined)),
];

export const askOperations: readonly Operation[] = [...conversationOperations, ...answerOperations];
