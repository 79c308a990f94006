/**
 * An answer in parts over HTTP: Apollo's multipart protocol for `@defer` (deferSpec 20220824). What can wait comes in
 * parts of its own, each as soon as it is there; the last says what all of it cost.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLFormattedError } from 'graphql';
import type { Waiting } from '../../platform/gone.ts';
import type { SaidUsage } from '../../platform/said-usage.ts';
import type { InParts, Part } from '../executor.ts';
import type { Came } from '../policy/charge.ts';
import { refusalIn, spoken } from './mask.ts';

const HEADERS = { 'content-type': 'multipart/mixed; boundary="-"; deferSpec=20220824', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' };
const END = '\r\n-----\r\n';
const written = (body: object): string => `\r\n---\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${JSON.stringify(body)}`;

/** A client of subscriptions reads parts of another kind. */
export function acceptsParts({ headers: { accept = '' } }: Pick<IncomingMessage, 'headers'>): boolean {
  return accept.split(',').some((type) => /^\s*multipart\/mixed\b/i.test(type) && !/subscriptionSpec/i.test(type));
}

interface Sending {
  parts: AsyncIterable<InParts>;
  response: ServerResponse;
  /** What all of it cost, and whatever else is said at the end. */
  settle(came: Came): Promise<Record<string, unknown>>;
  signal: Waiting;
}

/** The first answer is waited for before anything is sent: until then a refusal still has a status of its own. */
export async function sendInParts({ parts, response, settle, signal }: Sending): Promise<'ok' | 'errors'> {
  const came = { points: 0, usage: [] as SaidUsage[] };
  let outcome: 'ok' | 'errors' = 'ok';
  let settled = false;
  for await (const each of parts) {
    if (signal.aborted) break;
    if ('answer' in each && each.answer.data === undefined) throw refusalIn(each.answer);
    const body = 'answer' in each ? firstOf(each.answer) : laterOf(each.parts);
    came.points += 'answer' in each ? each.answer.actualCost : each.parts.reduce((sum, { actualCost }) => sum + actualCost, 0);
    came.usage.push(...each.usage ?? []);
    if ('errors' in body) outcome = 'errors';
    if (!response.headersSent) response.writeHead(200, HEADERS);
    settled = !each.hasNext;
    const extensions = settled ? await settle(came) : {};
    response.write(written({ ...body, ...(Object.keys(extensions).length > 0 && { extensions }), hasNext: each.hasNext }));
  }
  if (!settled) await settle(came); // who left in the middle is told nothing, and has had the work of it
  response.end(END);
  return outcome;
}

const firstOf = ({ data, errors }: Extract<InParts, { answer: unknown }>['answer']): object => ({ ...(data !== undefined && { data }), ...said(errors) });

const laterOf = (parts: readonly Part[]): object => ({
  incremental: parts.map(({ data, path, label, errors }) => ({ data, path, ...(label !== undefined && { label }), ...said(errors) })),
});

const said = (errors: readonly GraphQLFormattedError[] | undefined): object =>
  (errors?.length ? { errors: errors.map((error) => ({ ...error, message: spoken(error.extensions?.code, error.message) })) } : {});

/** Something broke after the first part: what there is stands, and the client is told that no more comes. */
export function breakOff(response: ServerResponse, error: object): void {
  response.end(`${written({ errors: [error], hasNext: false })}${END}`);
}
