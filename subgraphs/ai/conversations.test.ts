/** Conversations as somebody uses them, over the gateway: what they may do with their own, and that nobody else has any part in it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AskWholeDocument, AtlasClient, CreateCollectionDocument, CreateItemDocument, CreateTenantDocument, RegisterDocument, type AskEvent, type Session } from '../../clients/typescript/index.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { modelServer, type ModelServer } from '../../test/kit/model-server.ts';
import { startServices, WHOLE, type Kit } from '../../test/kit/services.ts';

const QUESTION = 'What is a heron colony called?';
const SAID = { text: ['A heron colony is called a heronry [1].'] };
const SLOW = { text: Array.from({ length: 400 }, (_, n) => `A heron colony is called a heronry [1] ${n} `), everyMs: 30 };

interface Who { token: string; tenant: string | null; client: AtlasClient }
let server: ModelServer;
let kit: Kit;
let url: string;
let ann: Who, bob: Who, guest: Who, owner: Who, key: Who, elsewhere: Who;
let birds: string;
beforeAll(async () => {
  server = await modelServer();
  kit = await startServices(WHOLE, { env: { AI_CACHE: 'off', AI_MODELS: 'openai', OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'm', OPENAI_PRICE: '1/2' } });
  url = `${kit.atlas.url!}/graphql`;
  owner = await newcomer('olga');
  await owner.client.mutate(CreateTenantDocument, { input: { name: 'Birds', slug: 'birds' } });
  owner = inTenant(owner, 'birds');
  [ann, bob, guest] = [await invited('ann', 'MEMBER'), await invited('bob', 'MEMBER'), await invited('gus', 'GUEST')];
  elsewhere = await newcomer('eve');
  await elsewhere.client.mutate(CreateTenantDocument, { input: { name: 'Fish', slug: 'fish' } });
  elsewhere = inTenant(elsewhere, 'fish');
  const made = await payload(owner, 'mutation { createApiKey(input: { name: "k", scopes: ["ai:ask", "collections:read", "search:read"] }) { secret userErrors { message } } }');
  key = { token: made.secret, tenant: null, client: new AtlasClient({ url, key: made.secret }) };
  birds = (await ann.client.mutate(CreateCollectionDocument, { input: { name: 'Waders' } })).createCollection!.collection!.id;
  await ann.client.mutate(CreateItemDocument, { input: { collectionId: birds, title: 'Herons', body: 'A heron colony is called a heronry.' } });
  await payload(ann, 'mutation($input: ShareCollectionInput!) { shareCollection(input: $input) { userErrors { message } } }', { input: { collectionId: birds, everyone: true, role: 'VIEWER' } });
  server.does(SAID);
  for (const who of [ann, bob, owner]) await eventually('the item to be known', async () => (await who.client.mutate(AskWholeDocument, { input: { question: QUESTION } })).ask!.answer!.answered, 60_000);
}, 180_000);
afterAll(async () => {
  await kit?.stop();
  await server?.stop();
});

async function newcomer(name: string): Promise<Who & { session: Session }> {
  const { register } = await new AtlasClient({ url }).mutate(RegisterDocument, { input: { email: `${name}@example.com`, password: 'a long enough pass phrase', name } });
  const session = register!.session!;
  return { token: session.accessToken, tenant: null, session, client: new AtlasClient({ url, session }) };
}
const inTenant = (who: Who, tenant: string): Who => ({ token: who.token, tenant, client: who.client.with({ tenant }) });
async function invited(name: string, role: string): Promise<Who> {
  const who = await newcomer(name);
  await payload(owner, 'mutation($input: InviteMemberInput!) { inviteMember(input: $input) { userErrors { message } } }', { input: { email: `${name}@example.com`, role } });
  const letter = await eventually('the invitation', () => kit.letters.find(({ to, text }) => to === `${name}@example.com` && text.includes('inv_')));
  await payload(who, 'mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { userErrors { message } } }', { input: { token: /inv_\w+/.exec(letter.text)![0] } });
  return inTenant(who, 'birds');
}
async function ask(who: Who, query: string, variables: object = {}): Promise<any> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${who.token}`, ...(who.tenant && { 'atlas-tenant': who.tenant }) }, body: JSON.stringify({ query, variables }) });
  return response.json();
}
const payload = async (who: Who, query: string, variables: object = {}): Promise<any> => {
  const { data, errors } = await ask(who, query, variables);
  const [one] = Object.values(data ?? {}) as any[];
  if (errors || one?.userErrors?.length) throw new Error(JSON.stringify(errors ?? one));
  return one;
};
const CHANGES: Record<string, string> = {
  renameConversation: 'conversation { id title }', deleteConversation: 'conversationId', rateAnswer: 'answer { id rating }', regenerateAnswer: 'answer { id state cursor }', cancelAnswer: 'answer { id state text }', ask: 'answer { id }',
};
const change = (who: Who, name: string, input: object) => ask(who, `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${CHANGES[name]} userErrors { code path } } }`, { input });
const refusalOf = ({ data, errors }: any): { code: string; path?: string[] } => (errors ? { code: errors[0].extensions.code } : (Object.values(data) as any[])[0].userErrors[0]);
const changed = async (who: Who, name: string, input: object): Promise<any> => {
  const { data, errors } = await change(who, name, input);
  if (errors || data[name].userErrors.length > 0) throw new Error(JSON.stringify(errors ?? data[name]));
  return data[name];
};
const asked = async (who: Who, question = QUESTION, more: object = {}) => (await who.client.mutate(AskWholeDocument, { input: { question, ...more } })).ask!.answer!;
const SEE = 'query($id: ID!) { conversation(id: $id) { id title export answers(first: 20) { nodes { id question text state rating regenerates { id } } } } }';
const see = async (who: Who, id: string): Promise<any> => (await ask(who, SEE, { id })).data?.conversation;
/** An answer that is on its way, and what is told of it. */
async function begun(who: Who, input: { question: string; conversationId?: string }): Promise<{ answerId: string; conversationId: string; told: AskEvent[]; ended: Promise<unknown> }> {
  server.does(SLOW);
  const told: AskEvent[] = [];
  const ended = (async () => { for await (const event of who.client.ask(input)) told.push(event); })().catch((error: unknown) => error);
  await eventually('it to speak', () => told.some(({ __typename }) => __typename === 'Token'));
  const [first] = told;
  if (first?.__typename !== 'AnswerStarted') throw new Error(`It began with ${first?.__typename}.`);
  return { answerId: first.answerId, conversationId: first.conversationId, told, ended };
}

describe('a conversation', () => {
  it('is its owner’s: another member, the tenant’s owner, a guest, a key and another tenant see nothing of it and change nothing in it', async () => {
    server.does(SAID);
    const answer = await asked(ann);
    const { id } = answer.conversation!;
    const before = await see(ann, id);
    for (const [who, refused] of [[bob, 'NOT_FOUND'], [owner, 'NOT_FOUND'], [key, 'NOT_FOUND'], [elsewhere, 'NOT_FOUND'], [guest, 'FORBIDDEN']] as const) {
      expect((await see(who, id)) ?? null).toBeNull();
      expect(JSON.stringify(await ask(who, '{ conversations(first: 100) { nodes { id } } }'))).not.toContain(id);
      expect(JSON.stringify(await ask(who, `{ node(id: "${id}") { id ... on Conversation { title } } }`))).not.toContain(QUESTION);
      for (const [name, input] of Object.entries({ renameConversation: { id, title: 'Mine' }, deleteConversation: { id }, rateAnswer: { id: answer.id, rating: 1 }, regenerateAnswer: { id: answer.id }, cancelAnswer: { id: answer.id }, ask: { question: 'x', conversationId: id } })) {
        expect([name, refusalOf(await change(who, name, input)).code]).toEqual([name, refused]);
      }
    }
    expect(await see(ann, id)).toEqual(before);
  });

  it('is called as its owner says, in one line that can be seen', async () => {
    server.does(SAID);
    const { id } = (await asked(ann)).conversation!;
    for (const title of ['', '   ', 'x'.repeat(201), 'two\nlines', '\u200b\u200b']) expect(refusalOf(await change(ann, 'renameConversation', { id, title }))).toEqual({ code: 'INVALID_INPUT', path: ['input', 'title'] });
    expect((await changed(ann, 'renameConversation', { id, title: '  Herons, of course 🐦 ' })).conversation.title).toBe('Herons, of course 🐦');
    expect((await see(ann, id)).title).toBe('Herons, of course 🐦');
    expect((await changed(ann, 'renameConversation', { id, title: 'x'.repeat(200) })).conversation.title).toHaveLength(200);
  });

  it('comes first in the list when it was asked in last, and keeps what was asked in order', async () => {
    server.does(SAID);
    const [one, two] = [(await asked(ann, 'First question of one?')).conversation!.id, (await asked(ann, 'First question of two?')).conversation!.id];
    await asked(ann, 'And another?', { conversationId: one });
    const { data } = await ask(ann, '{ conversations(first: 2) { nodes { id title } pageInfo { hasNextPage endCursor } } }');
    expect(data.conversations.nodes).toEqual([{ id: one, title: 'First question of one?' }, { id: two, title: 'First question of two?' }]);
    expect((await see(ann, one)).answers.nodes.map(({ question }: any) => question)).toEqual(['First question of one?', 'And another?']);
    const next = await ask(ann, 'query($after: String) { conversations(first: 2, after: $after) { nodes { id } } }', { after: data.conversations.pageInfo.endCursor });
    expect(next.data.conversations.nodes.map(({ id }: any) => id)).not.toContain(one);
    expect(refusalOf(await ask(bob, 'query($after: String) { conversations(first: 2, after: $after) { nodes { id } } }', { after: data.conversations.pageInfo.endCursor })).code).toBe('CURSOR_INVALID');
  });

  it('is exported with what its owner may still see: what cites a lost source says that it does, and not what it said', async () => {
    server.does(SAID);
    const first = await asked(bob);
    const { id } = first.conversation!;
    await asked(bob, 'What else is there to know of it?', { conversationId: id });
    expect(JSON.stringify((await see(bob, id)).export)).toContain('heronry');
    await payload(ann, 'mutation($input: UnshareCollectionInput!) { unshareCollection(input: $input) { userErrors { message } } }', { input: { collectionId: birds, everyone: true } });
    const lost = await see(bob, id);
    expect(JSON.stringify(lost)).not.toContain('heronry');
    expect(lost.export.answers[0]).toMatchObject({ question: QUESTION, state: 'WITHHELD', text: null, citations: [{ mark: 1, passage: null, withheld: true }] });
    await payload(ann, 'mutation($input: ShareCollectionInput!) { shareCollection(input: $input) { userErrors { message } } }', { input: { collectionId: birds, everyone: true, role: 'VIEWER' } });
    expect((await see(bob, id)).export.answers[0]).toMatchObject({ state: 'COMPLETED', text: SAID.text[0] });
  });

  it('may be deleted while it is being answered: the model is let go of, whoever follows is told, and it is paid for', async () => {
    const { answerId, conversationId, told, ended } = await begun(ann, { question: QUESTION });
    const hungUp = server.hungUp;
    expect((await changed(ann, 'deleteConversation', { id: conversationId })).conversationId).toBe(conversationId);
    await eventually('the model to be let go of', () => server.hungUp > hungUp);
    expect(await ended).toMatchObject({ code: 'NOT_FOUND' });
    expect(told.filter(({ __typename }) => __typename === 'AnswerCompleted')).toEqual([]);
    expect(await see(ann, conversationId)).toBeNull();
    const cancelled = await kit.eventAbout('ai.answer-cancelled', answerId);
    expect(cancelled!.usage!.find(({ metric }) => metric === 'ai.output-tokens')!.quantity).not.toBe('0');
    expect(refusalOf(await change(ann, 'deleteConversation', { id: conversationId })).code).toBe('NOT_FOUND');
    expect(refusalOf(await change(ann, 'ask', { question: 'x', conversationId })).code).toBe('NOT_FOUND');
  });
});

describe('an answer in it', () => {
  it('is rated from 1 to 5, otherwise, or not at all, once it is finished', async () => {
    server.does(SAID);
    const { id } = await asked(ann);
    for (const rating of [0, 6, -1]) expect(refusalOf(await change(ann, 'rateAnswer', { id, rating }))).toEqual({ code: 'INVALID_INPUT', path: ['input', 'rating'] });
    for (const rating of [1, 5, null]) expect((await changed(ann, 'rateAnswer', { id, rating })).answer.rating).toBe(rating);
    expect(refusalOf(await change(ann, 'rateAnswer', { id, rating: 1.5 })).code).toBe('BAD_USER_INPUT');
    const open = await begun(ann, { question: QUESTION });
    for (const name of ['rateAnswer', 'regenerateAnswer']) expect(refusalOf(await change(ann, name, { id: open.answerId, ...(name === 'rateAnswer' && { rating: 3 }) }))).toEqual({ code: 'WRONG_STATE', path: ['input', 'id'] });
    expect((await changed(ann, 'cancelAnswer', { id: open.answerId })).answer.state).toBe('CANCELLED');
    await open.ended;
    expect((await changed(ann, 'rateAnswer', { id: open.answerId, rating: 2 })).answer.rating).toBe(2);
    expect(refusalOf(await change(ann, 'cancelAnswer', { id: open.answerId })).code).toBe('WRONG_STATE');
  });

  it('is made anew beside the first, which stays, and may itself be made anew', async () => {
    server.does(SAID);
    const first = await asked(ann);
    server.does({ text: ['A heronry is what a heron colony is called [1].'] });
    const anew = (await changed(ann, 'regenerateAnswer', { id: first.id })).answer;
    const second = await ann.client.mutate(AskWholeDocument, { input: { question: '', resumeFrom: anew.cursor } });
    expect(second.ask!.answer).toMatchObject({ id: anew.id, question: QUESTION, state: 'COMPLETED', text: 'A heronry is what a heron colony is called [1].' });
    const third = (await changed(ann, 'regenerateAnswer', { id: anew.id })).answer;
    await ann.client.mutate(AskWholeDocument, { input: { question: '', resumeFrom: third.cursor } });
    const { answers } = await see(ann, first.conversation!.id);
    expect(answers.nodes.map(({ id, text, regenerates }: any) => [id, text, regenerates?.id ?? null])).toEqual([
      [first.id, SAID.text[0], null], [anew.id, 'A heronry is what a heron colony is called [1].', first.id], [third.id, 'A heronry is what a heron colony is called [1].', anew.id],
    ]);
  });

  it('is made anew without what was answered before: what the first had said is told to no model, and to the next question only the last of them', async () => {
    server.does(SAID);
    const first = await asked(ann, 'What is it called where herons live together?');
    server.asked.length = 0;
    const anew = (await changed(ann, 'regenerateAnswer', { id: first.id })).answer;
    await ann.client.mutate(AskWholeDocument, { input: { question: '', resumeFrom: anew.cursor } });
    expect(server.asked).toHaveLength(1);
    expect(server.asked[0]!.body.messages.filter(({ role }: any) => role === 'assistant')).toEqual([]);
    await asked(ann, 'And where is that?', { conversationId: first.conversation!.id });
    expect(server.asked[1]!.body.messages.filter(({ role }: any) => role === 'assistant')).toHaveLength(1);
  });
});
