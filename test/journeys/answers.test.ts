/** A question is answered over every transport, with what every service knows of its sources; it outlives the process that answers it, and is paid for once. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AskEvent, type AtlasClient, type Session, AskWholeDocument, CreateCollectionDocument, CreateItemDocument, CreateTenantDocument, RegisterDocument } from '../../clients/typescript/index.ts';
import { ARRANGEMENTS, startArrangement, type Running } from '../kit/arrangements.ts';
import { cuttable, type Cuttable } from '../kit/cuttable.ts';
import { eventually } from '../kit/eventually.ts';
import { modelServer, type ModelServer } from '../kit/model-server.ts';
import { TRANSPORTS, type Followed } from '../kit/stream-clients.ts';

const PIECES = ['A heron colony ', 'is called ', 'a heronry ', '[1].', ' Grey herons ', 'nest in tall trees ', 'near water ', '[1].'];
const TEXT = PIECES.join('');
const QUESTION = 'What is a heron colony called, and where do grey herons nest?';
const ASK = `subscription($input: AskInput!) { ask(input: $input) { __typename cursor ... on Token { text } ... on Cited { citation { passage withheld item { title collection { name } createdBy { name } } } }
  ... on AnswerCompleted { answer { id text state citations { item { title } } } } } }`;

describe.each(Object.entries(ARRANGEMENTS))('answers, %s', (_, groups) => {
  let server: ModelServer;
  let atlas: Running;
  let ann: AtlasClient;
  let token: string;
  let session: Session;
  let wire: Cuttable;
  const open: Followed[] = [];
  beforeAll(async () => {
    server = await modelServer();
    atlas = await startArrangement(groups, { AI_CACHE: 'off', AI_MODELS: 'openai', OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'm', OPENAI_PRICE: '1/2', ASK_TIMEOUT_MS: '10000' }); // what is slow on a busy machine is not what is tried here
    const { register } = await atlas.client().mutate(RegisterDocument, { input: { email: 'ann@example.com', password: 'a long enough pass phrase', name: 'Ann' } });
    session = register!.session!;
    token = session.accessToken;
    wire = await cuttable(atlas.url);
    ann = atlas.client({ session: register!.session! });
    await ann.mutate(CreateTenantDocument, { input: { name: 'Birds', slug: 'birds' } });
    ann = ann.with({ tenant: 'birds' });
    const { createCollection } = await ann.mutate(CreateCollectionDocument, { input: { name: 'Waders' } });
    await ann.mutate(CreateItemDocument, { input: { collectionId: createCollection!.collection!.id, title: 'Herons', body: 'A heron colony is called a heronry.\n\nGrey herons nest in tall trees near water.' } });
    server.does({ text: PIECES });
    await eventually('the item to be known', async () => (await ann.mutate(AskWholeDocument, { input: { question: QUESTION } })).ask!.answer!.answered);
  }, 180_000);
  afterEach(() => { for (const one of open.splice(0)) one.leave(); });
  afterAll(async () => {
    await wire?.stop();
    await atlas?.stop();
    await server?.stop();
  });

  it.each(Object.entries(TRANSPORTS))('arrive over %s, their sources with the fields of every service', async (name, over) => {
    server.does({ text: PIECES, everyMs: 20 });
    const stream = over(name === 'graphql-transport-ws' ? atlas.url.replace('http', 'ws') : atlas.url, { query: ASK, variables: { input: { question: QUESTION } }, token: `Bearer ${token}`, tenant: 'birds' });
    open.push(stream);
    expect(await stream.ended).toBe('complete');
    const events = stream.got.map(({ data }) => data!.ask);
    expect(events.map(({ text }) => text ?? '').join('')).toBe(TEXT);
    expect(events.find(({ __typename }) => __typename === 'Cited').citation).toEqual({
      passage: 'A heron colony is called a heronry.', withheld: false, item: { title: 'Herons', collection: { name: 'Waders' }, createdBy: { name: 'Ann' } },
    });
    const { answer } = events.at(-1);
    expect(answer).toEqual({ id: answer.id, text: TEXT, state: 'COMPLETED', citations: [{ item: { title: 'Herons' } }] });
  });

  it.each(Object.entries(TRANSPORTS))('go on over %s after a connection that was cut in the middle, twice: no token is lost, and none comes twice', async (name, over) => {
    const text = Array.from({ length: 24 }, (_, n) => `Grey herons nest in tall trees near water [1] ${n} `);
    server.does({ text, everyMs: 200 }); // so far apart that a busy machine does not tell several as one
    const before = server.asked.length;
    const got: { cursor: string; text?: string; __typename: string }[] = [];
    for (const cutAt of [3, 9, Infinity]) {
      const input = got.length > 0 ? { question: '', resumeFrom: got.at(-1)!.cursor } : { question: QUESTION };
      const stream = over(name === 'graphql-transport-ws' ? wire.url.replace('http', 'ws') : wire.url, { query: ASK, variables: { input }, token: `Bearer ${token}`, tenant: 'birds' });
      open.push(stream);
      const tokens = () => [...got, ...stream.got.map(({ data }) => data!.ask)].filter(({ __typename }) => __typename === 'Token').length;
      if (cutAt < Infinity) {
        await eventually(`${cutAt} tokens`, () => tokens() >= cutAt);
        expect(wire.cut()).toBeGreaterThan(0);
        expect(await stream.ended).not.toBe('complete');
      } else expect(await stream.ended).toBe('complete');
      got.push(...stream.got.map(({ data }) => data!.ask));
    }
    expect(got.map((event) => event.text ?? '').join('')).toBe(text.join(''));
    expect(got.filter(({ __typename }) => __typename === 'Cited')).toHaveLength(1);
    expect(new Set(got.map(({ cursor }) => cursor)).size).toBe(got.length);
    expect(got.at(-1)).toMatchObject({ __typename: 'AnswerCompleted', answer: { id: expect.any(String) } });
    expect(server.asked.length - before).toBe(1);
  }, 60_000);

  it('are gone on with by the typed client itself, whatever happens to its connections', async () => {
    const text = Array.from({ length: 24 }, (_, n) => `Grey herons nest in tall trees near water [1] ${n} `);
    server.does({ text, everyMs: 200 }); // so far apart that a busy machine does not tell several as one
    const before = server.asked.length;
    const client = atlas.client({ url: wire.url, session, tenant: 'birds' });
    let [said, tokens, cuts] = ['', 0, 0];
    for await (const event of client.ask({ question: QUESTION })) {
      if (event.__typename !== 'Token') continue;
      said += event.text;
      tokens += 1;
      if (tokens % 4 === 1 && cuts < 3) cuts += Math.min(1, wire.cut());
    }
    expect([said, cuts, server.asked.length - before]).toEqual([text.join(''), 3, 1]);
  }, 60_000);

  it('go on with the same text when the process that makes them is killed, and are paid for once', async () => {
    server.does({ text: PIECES, silentAfter: 4 }, { text: PIECES.slice(4), everyMs: 20 });
    const before = server.asked.length;
    const got: AskEvent[] = [];
    const textOf = () => got.map((event) => (event.__typename === 'Token' ? event.text : '')).join('');
    const reading = (async () => { for await (const event of ann.ask({ question: QUESTION })) got.push(event); })();
    await eventually('half of it', () => textOf().length >= PIECES.slice(0, 3).join('').length);
    const ai = atlas.process('ai');
    ai.kill('SIGKILL');
    await once(ai, 'exit');
    await atlas.restart('ai');
    await reading;
    expect(textOf()).toBe(TEXT);
    expect(got.filter(({ __typename }) => __typename === 'AnswerStarted')).toHaveLength(1);
    const last = got.at(-1)!;
    if (last.__typename !== 'AnswerCompleted') throw new Error(`It ended with ${last.__typename}.`);
    expect(last.answer).toMatchObject({ text: TEXT, state: 'COMPLETED', answered: true });
    // What was said before counts once, and so does what was read.
    expect(last.answer!.usage).toMatchObject({ inputTokens: 21, cost: { currency: 'USD' } });
    expect(server.asked.length - before).toBe(2);
    const AUDIT = `{ tenant { auditEvents(filter: { entityId: "${last.answer!.id}" }) { nodes { action } } } }`;
    const actions = async (): Promise<string[]> => {
      const response = await fetch(atlas.url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'atlas-tenant': 'birds' }, body: JSON.stringify({ query: AUDIT }) });
      return ((await response.json()) as any).data.tenant.auditEvents.nodes.map(({ action }: { action: string }) => action).sort();
    };
    await eventually('the trail to have it', async () => (await actions()).includes('ai.answer-completed'));
    expect(await actions()).toEqual(['ai.answer-asked', 'ai.answer-completed']);
  }, 180_000);
});
