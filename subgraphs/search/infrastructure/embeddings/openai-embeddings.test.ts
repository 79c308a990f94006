import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '../../../../platform/ids.ts';
import type { Said } from '../../domain/ports.ts';
import { openAiEmbeddings, type EmbeddingsServer } from './openai-embeddings.ts';

interface Sent { path: string; headers: IncomingHttpHeaders; body: { model: string; input: string[]; encoding_format: string; dimensions?: number } }
type Answer = (sent: Sent, response: ServerResponse, nth: number) => void;

/** Speaks `POST /v1/embeddings` as it is documented, unless it is told to do something else first. */
const vectors = ({ body }: Sent, response: ServerResponse): void => {
  const data = body.input.map((text, index) => ({ object: 'embedding', index, embedding: [text.length, 1, 0] }));
  // The form promises an index, not an order.
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'list', data: data.reverse(), model: body.model, usage: { prompt_tokens: 1, total_tokens: 1 } }));
};
const fails = (status: number, headers: Record<string, string> = {}): Answer => (_, response) => void response.writeHead(status, headers).end(JSON.stringify({ error: { message: 'the text was: secret words', type: 'x' } }));
const says = (body: unknown): Answer => (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));

const said = (text: string): Said => [{ text, language: 'en' }];
const open: (() => void)[] = [];
afterEach(() => { for (const stop of open.splice(0)) stop(); });

async function serving(...first: Answer[]) {
  const sent: Sent[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const one: Sent = { path: request.url!, headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) as Sent['body'] };
      sent.push(one);
      (first[sent.length - 1] ?? vectors)(one, response, sent.length);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  open.push(() => { server.close(); server.closeAllConnections(); });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const embed = (texts: readonly string[], more: Partial<EmbeddingsServer> = {}) => openAiEmbeddings({ url, key: 'sk-test', model: 'small-1', ...more }).embed(texts.map(said), 'document', newId('tnt'));
  return { url, sent, embed };
}
const refusal = async (promise: Promise<unknown>) => promise.then(() => null, (error: Error) => error);

describe('embeddings of a server', () => {
  it('are asked for by the form that is documented, and given back of length 1 in the order of the texts', async () => {
    const { embed, sent } = await serving();
    const found = await embed(['a', 'longer', '']);
    expect(found.map((vector) => Math.round(vector[0]! / vector[1]!))).toEqual([1, 6, 1]);
    for (const vector of found) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    expect(sent).toMatchObject([{ path: '/v1/embeddings', headers: { authorization: 'Bearer sk-test', 'content-type': 'application/json' }, body: { model: 'small-1', input: ['a', 'longer', ' '], encoding_format: 'float' } }]);
    expect(sent[0]!.body).not.toHaveProperty('dimensions');
  });

  it('are named after the model, and after the length that was asked for', async () => {
    const { embed, sent, url } = await serving();
    expect(openAiEmbeddings({ url, model: 'm' }).name).toBe('m');
    expect(openAiEmbeddings({ url, model: 'm', dimensions: 3 }).name).toBe('m-3');
    await embed(['a'], { dimensions: 3, key: undefined });
    expect(sent[0]!.body.dimensions).toBe(3);
    expect(sent[0]!.headers.authorization).toBeUndefined();
  });

  it('of many texts come in batches of bounded number and size, all of them and in order', async () => {
    const { embed, sent } = await serving();
    const texts = Array.from({ length: 150 }, (_, at) => 'x'.repeat(at + 1));
    expect((await embed(texts)).map((vector) => Math.round(vector[0]! / vector[1]!))).toEqual(texts.map(({ length }) => length));
    expect(sent.map(({ body }) => body.input.length).sort((a, b) => b - a)).toEqual([64, 64, 22]);
    sent.length = 0;
    await embed(['y'.repeat(150_000), 'y'.repeat(150_000)]);
    expect(sent).toHaveLength(2);
    expect(await embed([])).toEqual([]);
  });

  it('are asked for again when the server says wait, and not before it said', async () => {
    const { embed, sent } = await serving(fails(429, { 'retry-after': '1' }), fails(503, { 'retry-after-ms': '5' }), fails(500));
    const began = performance.now();
    expect(await embed(['a'])).toHaveLength(1);
    expect(sent).toHaveLength(4);
    expect(performance.now() - began).toBeGreaterThan(990); // timers may round down
  });

  it('are given up at once where waiting does not help, or would take too long', async () => {
    for (const answer of [fails(401), fails(400), fails(404), fails(429, { 'retry-after': '3600' }), fails(429, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() })]) {
      const { embed, sent } = await serving(answer, answer);
      expect(await refusal(embed(['a']))).toMatchObject({ code: 'SEARCH_UNAVAILABLE', retryable: true });
      expect(sent).toHaveLength(1);
    }
  });

  it('survive a connection that is cut, before the answer and in the middle of it', async () => {
    const half: Answer = (_, response) => { response.writeHead(200, { 'content-length': '1000' }).write('{"data": [', () => response.destroy()); };
    const { embed, sent } = await serving((_, response) => response.destroy(), half);
    expect(await embed(['a'])).toHaveLength(1);
    expect(sent).toHaveLength(3);
  });

  it('that never come are not waited for', async () => {
    const { embed, sent } = await serving(() => undefined, (_, response) => { response.writeHead(200).write('{'); });
    expect(await embed(['a'], { timeoutMs: 150 })).toHaveLength(1);
    expect(sent).toHaveLength(3);
  });

  it('that are not vectors of one length, one for each text, are refused and not asked for again', async () => {
    const vector = (index: number, ...embedding: unknown[]) => ({ index, embedding });
    const answers = ['no JSON', {}, { data: [] }, { data: [vector(0, 1), vector(2, 1)] }, { data: [vector(0, 1), vector(0, 1)] }, { data: [vector(0, 1), vector(1, 1), vector(2, 1)] },
      { data: [vector(0, 1, 2), vector(1, 1)] }, { data: [vector(0, 'x'), vector(1, 1)] }, { data: [vector(0), vector(1, 1)] }, { data: [vector(0, null), vector(1, 1)] }];
    for (const answer of answers) {
      const { embed, sent } = await serving(says(answer));
      expect(await refusal(embed(['a', 'b']))).toMatchObject({ code: 'SEARCH_UNAVAILABLE' });
      expect(sent).toHaveLength(1);
    }
    const { embed } = await serving();
    expect(await refusal(embed(['a'], { dimensions: 4 }))).toMatchObject({ code: 'SEARCH_UNAVAILABLE' });
  });

  it('of a model that changed its mind between two calls are refused', async () => {
    const { url } = await serving(vectors, says({ data: [{ index: 0, embedding: [1, 2] }] }));
    const embeddings = openAiEmbeddings({ url, model: 'm' });
    await embeddings.embed([said('a')], 'query', newId('tnt'));
    expect(await refusal(embeddings.embed([said('a')], 'query', newId('tnt')))).toMatchObject({ code: 'SEARCH_UNAVAILABLE' });
  });

  it('that fail tell a person neither the address nor the key nor what was sent', async () => {
    const { embed, url } = await serving(fails(401));
    const refused = await refusal(embed(['secret words']));
    for (const hidden of [url, '127.0.0.1', 'sk-test', 'secret words']) expect(refused!.message).not.toContain(hidden);
    expect(String(refused!.cause)).not.toContain('secret words');
  });

  it('do not follow a redirect: the key goes where it was meant to go', async () => {
    const other = await serving();
    const { embed } = await serving(...Array.from({ length: 5 }, (): Answer => (_, response) => void response.writeHead(307, { location: `${other.url}/embeddings` }).end()));
    expect(await refusal(embed(['a']))).toMatchObject({ code: 'SEARCH_UNAVAILABLE' });
    expect(other.sent).toEqual([]);
  });
});
