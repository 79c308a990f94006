/** Questions as anybody, over HTTP: an answer as all the bytes of it. */
import { randomUUID } from 'node:crypto';
import type { World } from './world.ts';
import type { Principal } from './rights.ts';

/** `follows`: a subscription that ends by itself; its answer is the last of them, its text all. */
export interface Question { document: string; variables?: Record<string, unknown>; idempotencyKey?: string | undefined; follows?: boolean }
export interface Answer {
  status: number;
  body: { data?: Record<string, any> | null; errors?: { message: string; extensions: { code: string; retryable?: boolean } }[]; extensions?: unknown };
  /** Everything that came, headers first. */
  text: string;
}
/** How answers are got: another way stands in for a gateway that forgets. */
export type Ask = (by: Principal, question: Question) => Promise<Answer>;

export const credentialOf = ({ person, tenant, key }: Principal): Record<string, string> => ({
  ...(key ? { authorization: `Bearer ${key.secret}` } : person && { authorization: `Bearer ${person.session.accessToken}` }),
  ...(tenant && { 'atlas-tenant': tenant.id }),
});

/** Who is told to come back comes back, unless something was done: a busy machine is no difference. */
const AGAIN_MS = 100;
const AGAIN_MAX = 100;

export const overHttp = (world: World): Ask => async (by, question) => {
  const does = question.document.startsWith('mutation');
  // Of a change that was done and whose answer was lost, the key gives the answer: it is not done twice.
  const asked = does ? { ...question, idempotencyKey: question.idempotencyKey ?? randomUUID() } : question;
  for (let n = 1; ; n += 1) {
    const answer = await answered(world, by, asked);
    if (!isTooBusy(answer, !does) || n === AGAIN_MAX) return answer;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
};

/** A question may be put again when a part of its answer is missing; of what does something, only when all of it is. */
function isTooBusy({ body: { data, errors = [] } }: Answer, mayRepeat: boolean): boolean {
  if (mayRepeat) return errors.some(({ extensions }) => extensions.retryable);
  return Object.values(data ?? {}).every((shown) => shown === null) && errors[0]?.extensions.retryable === true;
}

async function answered(world: World, by: Principal, { document, variables = {}, idempotencyKey, follows = false }: Question): Promise<Answer> {
  const response = await fetch(`${world.kit.atlas.url}/graphql`, {
    method: 'POST', body: JSON.stringify({ query: document, variables }),
    headers: { 'content-type': 'application/json', ...credentialOf(by), ...(idempotencyKey && { 'idempotency-key': idempotencyKey }), ...(follows && { accept: 'text/event-stream' }) },
  });
  const body = await response.text();
  const headers = [...response.headers].filter(([name]) => name !== 'content-length' && name !== 'date').map(([name, value]) => `${name}: ${value}`);
  return { status: response.status, body: (follows ? lastOf(body) : JSON.parse(body)) as Answer['body'], text: [response.status, ...headers, '', body].join('\n') };
}

const lastOf = (stream: string): unknown => JSON.parse([...stream.matchAll(/^event: next\ndata: (.*)$/gm)].at(-1)?.[1] ?? stream);

/** An answer without what is another in every answer: two answers that are alike say the same. */
export const maskOf = (text: string, ...words: readonly string[]): string => words.reduce((masked, word) => masked.replaceAll(word, '<it>'), text)
  .replace(/req_[0-9a-z]{26}/g, '<request>')
  // A URL is made anew each time; what it opens is the same.
  .replace(/grant=([\w-]+)\.[\w-]+/g, (_, said: string) => `grant=<${Buffer.from(said, 'base64url').toString().replace(/"until":\d+/, '"until":<until>')}>`)
  .replace(/"expiresAt":"[^"]*"/g, '"expiresAt":<until>')
  // Signs of life in a stream.
  .replace(/^:.*\n\n/gm, '')
  .replace(/"(remaining|resetAt|limit)":("[^"]*"|\d+)/g, '"$1":<budget>')
  .replace(/^(ratelimit[^:]*|x-ratelimit[^:]*|server-timing|x-request-id|traceparent|keep-alive): .*$/gim, '$1: <changing>');
