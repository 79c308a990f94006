/** Clients of the three transports, alike for a test: what they got so far, how it ended, and a way to leave. */
import { createClient as createSocketClient, type Client } from 'graphql-ws';
import { createClient as createEventClient } from 'graphql-sse';
import { WebSocket } from 'ws';
import { eventually } from './eventually.ts';

export interface Cost { requested: number; actual: number; budget: { limit: number; remaining: number; resetAt: string } | null; tokens: { input: string; output: string } | null; money: { amount: string; currency: string } | null }
interface StreamError { message: string; extensions: { code: string; retryable: boolean; requestId?: string; retryAfterSeconds?: number; cost?: Cost } }
export interface StreamAnswer { data?: Record<string, any> | null; errors?: StreamError[]; extensions?: { cost?: Cost } }
/** What refused or ended a stream, and what was said of its cost. */
export interface Refused { error: StreamError; cost: Cost | undefined }
export interface Followed {
  got: StreamAnswer[];
  /** `complete`, or the code that ended it, or what the client threw. */
  ended: Promise<string>;
  /** What ended it, when something did. */
  refused: Refused[];
  leave(): void;
  /** Once that many answers are there. */
  atLeast(count: number): Promise<StreamAnswer[]>;
}
export interface StreamCall { query: string; variables?: Record<string, unknown>; token?: string; tenant?: string }

interface Hearing { got: StreamAnswer[]; end(how: string): void; refuse(answer: StreamAnswer): string }

const followed = (start: (hearing: Hearing) => () => void): Followed => {
  const [got, refused]: [StreamAnswer[], Refused[]] = [[], []];
  let end: (how: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => { end = resolve; });
  const leave = start({
    got, end: (how) => end(how),
    refuse({ errors, extensions }) {
      refused.push({ error: errors![0]!, cost: extensions?.cost ?? errors![0]!.extensions.cost });
      return errors![0]!.extensions.code;
    },
  });
  return { got, ended, refused, leave, atLeast: (count) => eventually(`${count} answers`, () => (got.length >= count ? got : null)) };
};
const textOf = (error: unknown): string => {
  const { code, reason } = error as { code?: number; reason?: string };
  return code && reason !== undefined ? `${code} ${reason}` : String(error);
};

export const socketClient = (url: string, token?: string, more: Partial<Parameters<typeof createSocketClient>[0]> = {}, tenant?: string): Client => createSocketClient({
  url, webSocketImpl: WebSocket, retryAttempts: 0, connectionParams: { ...(token && { Authorization: token }), ...(tenant && { 'Atlas-Tenant': tenant }) }, ...more,
});
export const overSocket = (url: string, { token, tenant, ...call }: StreamCall, client: Client = socketClient(url, token, {}, tenant)): Followed => followed(({ got, end, refuse }) => client.subscribe<Record<string, unknown>>(call, {
  next: (answer) => void got.push(answer as StreamAnswer), complete: () => end('complete'),
  error: (error) => end(Array.isArray(error) ? refuse({ errors: error as StreamError[] }) : textOf(error)),
}));

export const overEvents = (url: string, { token, tenant, ...call }: StreamCall): Followed => followed(({ got, end, refuse }) => {
  const client = createEventClient({ url, retryAttempts: 0, headers: { ...(token && { authorization: token }), ...(tenant && { 'atlas-tenant': tenant }) } });
  let last = 'complete';
  const leave = client.subscribe<Record<string, unknown>>(call, {
    next: (next) => {
      const answer = next as StreamAnswer;
      if (answer.data === undefined && answer.errors) last = refuse(answer); // nothing but errors is an end
      else got.push(answer);
    },
    error: (error) => end(textOf(error)), complete: () => end(last),
  });
  return leave;
});

/** A reader of Apollo's multipart protocol, written from its description. */
export const overMultipart = (url: string, { token, tenant, ...call }: StreamCall): Followed => followed(({ got, end, refuse }) => {
  const leaving = new AbortController();
  const read = async (): Promise<string> => {
    const response = await fetch(url, {
      method: 'POST', signal: leaving.signal, body: JSON.stringify(call),
      headers: { 'content-type': 'application/json', accept: 'multipart/mixed;subscriptionSpec=1.0, application/json', ...(token && { authorization: token }), ...(tenant && { 'atlas-tenant': tenant }) },
    });
    const boundary = /boundary="?([^";]+)"?/.exec(response.headers.get('content-type') ?? '')?.[1];
    if (!boundary) return refuse((await response.json()) as StreamAnswer);
    let text = '';
    let last = 'complete';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream() as never) as unknown as AsyncIterable<string>) {
      text += chunk;
      for (let at = text.indexOf(`\r\n--${boundary}`); at >= 0; at = text.indexOf(`\r\n--${boundary}`)) {
        const body = text.slice(0, at).split('\r\n\r\n')[1];
        text = text.slice(at + boundary.length + 4);
        const { payload, ...rest } = JSON.parse(body || '{}') as StreamAnswer & { payload?: StreamAnswer | null };
        if (payload) got.push(payload);
        else if (rest.errors) last = refuse(rest);
        if (text.startsWith('--')) return last;
      }
    }
    return 'cut off';
  };
  read().then(end, (error: unknown) => end(String(error)));
  return () => leaving.abort();
});

export const TRANSPORTS = { 'graphql-transport-ws': overSocket, 'event streams': overEvents, multipart: overMultipart };
