/** Questions as anybody, over HTTP: an answer as all the bytes of it. */
import type { World } from './world.ts';
import type { Principal } from './rights.ts';

export interface Question { document: string; variables?: Record<string, unknown>; idempotencyKey?: string | undefined }
export interface Answer {
  status: number;
  body: { data?: Record<string, any> | null; errors?: { message: string; extensions: { code: string } }[]; extensions?: unknown };
  /** Everything that came, headers first. */
  text: string;
}
/** How answers are got: another way stands in for a gateway that forgets. */
export type Ask = (by: Principal, question: Question) => Promise<Answer>;

export const credentialOf = ({ person, tenant, key }: Principal): Record<string, string> => ({
  ...(key ? { authorization: `Bearer ${key.secret}` } : person && { authorization: `Bearer ${person.session.accessToken}` }),
  ...(tenant && { 'atlas-tenant': tenant.id }),
});

export const overHttp = (world: World): Ask => async (by, { document, variables = {}, idempotencyKey }) => {
  const response = await fetch(`${world.kit.atlas.url}/graphql`, {
    method: 'POST', body: JSON.stringify({ query: document, variables }),
    headers: { 'content-type': 'application/json', ...credentialOf(by), ...(idempotencyKey && { 'idempotency-key': idempotencyKey }) },
  });
  const body = await response.text();
  const headers = [...response.headers].filter(([name]) => name !== 'content-length' && name !== 'date').map(([name, value]) => `${name}: ${value}`);
  return { status: response.status, body: JSON.parse(body) as Answer['body'], text: [response.status, ...headers, '', body].join('\n') };
};

/** An answer without what is another in every answer: two answers that are alike say the same. */
export const maskOf = (text: string, ...words: readonly string[]): string => words.reduce((masked, word) => masked.replaceAll(word, '<it>'), text)
  .replace(/req_[0-9a-z]{26}/g, '<request>')
  .replace(/"(remaining|resetAt|limit)":("[^"]*"|\d+)/g, '"$1":<budget>')
  .replace(/^(ratelimit[^:]*|x-ratelimit[^:]*|server-timing|x-request-id|traceparent|keep-alive): .*$/gim, '$1: <changing>');
