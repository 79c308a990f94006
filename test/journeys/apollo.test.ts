/** What most people's front ends ask with, Apollo Client as it comes: the first query of README, and an answer followed over WebSocket and over multipart, with the documents of the typed client. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApolloClient, gql, HttpLink, InMemoryCache, type ApolloLink, type TypedDocumentNode } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { parse } from 'graphql';
import type { Client } from 'graphql-ws';
import { AskDocument, AskWholeDocument, AtlasClient, CreateCollectionDocument, CreateItemDocument, CreateTenantDocument, RegisterDocument, type AskSubscription, type TypedDocumentString } from '../../clients/typescript/index.ts';
import { eventually } from '../kit/eventually.ts';
import { modelServer, type ModelServer } from '../kit/model-server.ts';
import { startServices, WHOLE, type Kit } from '../kit/services.ts';
import { socketClient } from '../kit/stream-clients.ts';

const PIECES = ['A heron colony ', 'is called ', 'a heronry ', '[1].'];
const QUESTION = 'What is a heron colony called?';
/** Written as text, so that a program without GraphQL can send them; Apollo wants them read. */
const typed = <Result, Variables extends Record<string, unknown>>(document: TypedDocumentString<Result, Variables>): TypedDocumentNode<Result, Variables> => parse(String(document)) as TypedDocumentNode<Result, Variables>;

let server: ModelServer;
let kit: Kit;
let url: string;
let headers: { authorization: string; 'atlas-tenant': string };
const sockets: Client[] = [];
const clients: ApolloClient[] = [];
beforeAll(async () => {
  server = await modelServer();
  kit = await startServices(WHOLE, { env: { AI_CACHE: 'off', AI_MODELS: 'openai', OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'm', OPENAI_PRICE: '1/2' } });
  url = `${kit.atlas.url!}/graphql`;
  const { register } = await new AtlasClient({ url }).mutate(RegisterDocument, { input: { email: 'ann@example.com', password: 'a long enough pass phrase', name: 'Ann' } });
  const session = register!.session!;
  await new AtlasClient({ url, session }).mutate(CreateTenantDocument, { input: { name: 'Birds', slug: 'birds' } });
  const ann = new AtlasClient({ url, session, tenant: 'birds' });
  const { createCollection } = await ann.mutate(CreateCollectionDocument, { input: { name: 'Waders' } });
  await ann.mutate(CreateItemDocument, { input: { collectionId: createCollection!.collection!.id, title: 'Herons', body: 'A heron colony is called a heronry.' } });
  server.does({ text: PIECES });
  await eventually('the item to be known', async () => (await ann.mutate(AskWholeDocument, { input: { question: QUESTION } })).ask!.answer!.answered, 60_000);
  headers = { authorization: `Bearer ${session.accessToken}`, 'atlas-tenant': 'birds' };
}, 120_000);
afterAll(async () => {
  for (const client of clients) client.stop();
  for (const socket of sockets) void socket.dispose();
  await kit?.stop();
  await server?.stop();
});

const apollo = (link: ApolloLink): ApolloClient => {
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  clients.push(client);
  return client;
};
const overHttp = () => new HttpLink({ uri: url, headers });
const overSocket = () => {
  const socket = socketClient(url.replace('http', 'ws'), headers.authorization, {}, headers['atlas-tenant']);
  sockets.push(socket);
  return new GraphQLWsLink(socket);
};

type Told = NonNullable<AskSubscription['ask']>;
const asked = (client: ApolloClient, input: { question: string; resumeFrom?: string }): Promise<Told[]> => new Promise((resolve, reject) => {
  const told: Told[] = [];
  client.subscribe({ query: typed(AskDocument), variables: { input } }).subscribe({
    next: ({ data, error }) => {
      if (error) reject(new Error('The stream was refused.', { cause: error }));
      else if (data?.ask) told.push(data.ask as Told);
    },
    error: reject, complete: () => resolve(told),
  });
});

describe('Apollo Client', () => {
  it('asks what README asks first', async () => {
    const [, query] = /-d '\{"query":"(.+)"\}'/.exec(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'))!;
    const { data } = await apollo(new HttpLink({ uri: url })).query<{ apiKeyScopes: { name: string }[] }>({ query: gql(query!) });
    expect(data!.apiKeyScopes.map(({ name }) => name)).toContain('ai:ask');
  });

  it.each([['graphql-ws', overSocket], ['multipart', overHttp]])('follows an answer over %s, to its end and from the middle', async (_, link) => {
    server.does({ text: PIECES, everyMs: 40 });
    const before = server.asked.length;
    const client = apollo(link());
    const told = await asked(client, { question: QUESTION });
    const textOf = (events: readonly Told[]): string => events.map((event) => (event.__typename === 'Token' ? event.text : '')).join('');
    expect(textOf(told)).toBe(PIECES.join(''));
    expect(told[0]!.__typename).toBe('AnswerStarted');
    const cited = told.flatMap((event) => (event.__typename === 'Cited' ? [event.citation] : []));
    expect(cited).toMatchObject([{ passage: 'A heron colony is called a heronry.', item: { title: 'Herons', collection: { name: 'Waders' }, createdBy: { name: 'Ann' } } }]);
    expect(told.at(-1)).toMatchObject({ __typename: 'AnswerCompleted', answer: { state: 'COMPLETED', text: PIECES.join('') } });
    const at = told.findIndex(({ __typename }) => __typename === 'Token');
    const rest = await asked(client, { question: '', resumeFrom: told[at]!.cursor });
    expect(textOf(told.slice(0, at + 1)) + textOf(rest)).toBe(PIECES.join(''));
    expect(server.asked.length - before).toBe(1);
  });

  it('is told what refuses it as errors that say what they are', async () => {
    const refused = await apollo(new HttpLink({ uri: url })).query({ query: gql('{ me { id } conversations { nodes { id } } }'), errorPolicy: 'all' });
    expect((refused.error as unknown as { errors: { extensions: { code: string } }[] }).errors.map(({ extensions }) => extensions.code)).toContain('UNAUTHENTICATED');
  });
});
