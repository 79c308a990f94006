/** How the two transports over plain HTTP write a stream: GraphQL over SSE (distinct connections), and Apollo's multipart subscriptions. */
import type { Told } from './ended.ts';

export interface Format {
  transport: 'sse' | 'multipart';
  contentType: string;
  /** Sent with the headers, so that the client knows at once that it is connected. */
  begin: string;
  next(payload: string): string;
  /** The last thing but the end: what refused or ended it. */
  failed(told: Told): string;
  end: string;
  /** A sign of life that means nothing. */
  beat: string;
}

/** A refusal as a body of its own. */
export const refusalOf = ({ error, bill }: Told): object => ({ errors: [error], ...(bill && { extensions: { cost: bill.extension } }) });

const eventStream: Format = {
  transport: 'sse',
  contentType: 'text/event-stream; charset=utf-8',
  begin: ':\n\n',
  next: (payload) => `event: next\ndata: ${payload}\n\n`,
  failed: (told) => `event: next\ndata: ${JSON.stringify(refusalOf(told))}\n\n`,
  end: 'event: complete\ndata: \n\n',
  beat: ':\n\n',
};

/** A part ends with the boundary of the next, so that a client can read it before the next is there. */
const part = (body: string): string => `content-type: application/json\r\n\r\n${body}\r\n--graphql\r\n`;
const multipart: Format = {
  transport: 'multipart',
  contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
  begin: '\r\n--graphql\r\n',
  next: (payload) => part(`{"payload":${payload}}`),
  failed: (told) => part(JSON.stringify({ payload: null, ...refusalOf(told) })),
  end: 'content-type: application/json\r\n\r\n{}\r\n--graphql--\r\n',
  beat: part('{}'),
};

/** The stream that a client can read, by its `Accept`; null when it wants none. */
export function formatFor(accept: string): Format | null {
  if (/\btext\/event-stream\b/i.test(accept)) return eventStream;
  if (/\bmultipart\/mixed\b[^,]*;\s*subscriptionSpec="?1\.0"?/i.test(accept)) return multipart;
  return null;
}

/** It would rather have a query's answer as it always comes. */
export const acceptsJson = (accept: string): boolean => /\bapplication\/(graphql-response\+)?json\b/i.test(accept);
