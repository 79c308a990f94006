/** Clients of the three transports, alike for a test: what they got so far, how it ended, and a way to leave. */
import { createClient as createSocketClient, type Client } from 'graphql-ws';
import { createClient as createEventClient } from 'graphql-sse';
import { WebSocket } from 'ws';
import { eventually } from './eventually.ts';

export interface StreamAnswer { data?: Record<string, any> | null; errors?: { message: string; extensions: { code: string; retryable: boolean; requestId?: string } }[] }
export interface Followed {
  got: StreamAnswer[];
  /** `complete`, or the code that ended it, or what the client threw. */
  ended: Promise<string>;
  leave(): void;
  /** Once that many answers are there. */
  atLeast(count: number): Promise<StreamAnswer[]>;
}
export interface StreamCall { query: string; variables?: Record<string, unknown>; token?: string; tenant?: string }

const followed = (start: (got: StreamAnswer[], end: (how: string) => void) => () => void): Followed => {
  const got: StreamAnswer[] = [];
  let end: (how: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => { end = resolve; });
  const leave = start(got, (how) => end(how));
  return { got, ended, leave, atLeast: (count) => eventually(`${count} answers`, () => (got.length >= count ? got : null)) };
};
/** An answer that holds nothing but errors is an end, and the end is its code. */
const codeOf = (answer: StreamAnswer): string | undefined => (answer.data ? undefined : answer.errors?.[0]?.extensions.code);
const textOf = (error: unknown): string => {
  if (Array.isArray(error)) return (error as StreamAnswer['errors'])![0]!.extensions.code;
  const { code, reason } = error as { code?: number; reason?: string };
  return code && reason !== undefined ? `${code} ${reason}` : String(error);
};

export const socketClient = (url: string, token?: string, more: Partial<Parameters<typeof createSocketClient>[0]> = {}, tenant?: string): Client => createSocketClient({
  url, webSocketImpl: WebSocket, retryAttempts: 0, connectionParams: { ...(token && { Authorization: token }), ...(tenant && { 'Atlas-Tenant': tenant }) }, ...more,
});
export const overSocket = (url: string, { token, tenant, ...call }: StreamCall, client: Client = socketClient(url, token, {}, tenant)): Followed => followed((got, end) =>
  client.subscribe<Record<string, unknown>>(call, { next: (answer) => void got.push(answer as StreamAnswer), error: (error) => end(textOf(error)), complete: () => end('complete') }));

export const overEvents = (url: string, { token, tenant, ...call }: StreamCall): Followed => followed((got, end) => {
  const client = createEventClient({ url, retryAttempts: 0, headers: { ...(token && { authorization: token }), ...(tenant && { 'atlas-tenant': tenant }) } });
  let last = 'complete';
  const leave = client.subscribe<Record<string, unknown>>(call, {
    next: (answer) => {
      last = codeOf(answer as StreamAnswer) ?? 'complete';
      if (last === 'complete') got.push(answer as StreamAnswer);
    },
    error: (error) => end(textOf(error)), complete: () => end(last),
  });
  return leave;
});

/** A reader of Apollo's multipart protocol, written from its description. */
export const overMultipart = (url: string, { token, tenant, ...call }: StreamCall): Followed => followed((got, end) => {
  const leaving = new AbortController();
  const read = async (): Promise<string> => {
    const response = await fetch(url, {
      method: 'POST', signal: leaving.signal, body: JSON.stringify(call),
      headers: { 'content-type': 'application/json', accept: 'multipart/mixed;subscriptionSpec=1.0, application/json', ...(token && { authorization: token }), ...(tenant && { 'atlas-tenant': tenant }) },
    });
    const boundary = /boundary="?([^";]+)"?/.exec(response.headers.get('content-type') ?? '')?.[1];
    if (!boundary) return codeOf((await response.json()) as StreamAnswer) ?? 'json';
    let text = '';
    let last = 'complete';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream() as never) as unknown as AsyncIterable<string>) {
      text += chunk;
      for (let at = text.indexOf(`\r\n--${boundary}`); at >= 0; at = text.indexOf(`\r\n--${boundary}`)) {
        const body = text.slice(0, at).split('\r\n\r\n')[1];
        text = text.slice(at + boundary.length + 4);
        const { payload, errors } = JSON.parse(body || '{}') as { payload?: StreamAnswer | null; errors?: StreamAnswer['errors'] };
        if (payload) got.push(payload);
        else if (errors) last = errors[0]!.extensions.code;
        if (text.startsWith('--')) return last;
      }
    }
    return 'cut off';
  };
  read().then(end, (error: unknown) => end(String(error)));
  return () => leaving.abort();
});

export const TRANSPORTS = { 'graphql-transport-ws': overSocket, 'event streams': overEvents, multipart: overMultipart };
