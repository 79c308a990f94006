/**
 * A model elsewhere, on this machine: speaks the streaming protocols of OpenAI (`/chat/completions`) and of Anthropic
 * (`/messages`) as they are documented, and does what goes wrong with them. It keeps what it was asked, and knows who hung up.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What it does the next time that it is asked. */
export interface Turn {
  text?: readonly string[];
  tool?: { id: string; name: string; /** JSON, in pieces. */ input: readonly string[] };
  stopped?: 'end' | 'length';
  everyMs?: number;
  status?: number;
  headers?: Record<string, string>;
  /** After so many pieces: the connection is cut, ends without an end, goes on with what is no JSON, or falls silent. */
  cutAfter?: number; endAfter?: number; brokenAfter?: number; silentAfter?: number;
  tellsNoUsage?: boolean;
}
interface Asked { path: string; headers: IncomingHttpHeaders; body: any; at: number }
export interface ModelServer { url: string; asked: Asked[]; /** Of those that it was answering. */ hungUp: number; /** The last is repeated. */ does(...turns: Turn[]): void; stop(): Promise<void> }

type Frames = { begin: string[]; piece(text: string): string; end: string[] };
const USAGE = { input: 21, output: 8 };
const sse = (data: unknown, event?: string): string => `${event ? `event: ${event}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

export async function modelServer(): Promise<ModelServer> {
  const asked: Asked[] = [];
  let turns: Turn[] = [{}];
  const state = { hungUp: 0 };
  const server = createServer((request, response) => {
    void read(request).then(async (body) => {
      asked.push({ path: request.url!, headers: request.headers, body, at: Date.now() });
      const turn = turns.length > 1 ? turns.shift()! : turns[0]!;
      response.on('close', () => { if (!response.writableEnded && !response.locals) state.hungUp += 1; });
      if (turn.status) response.writeHead(turn.status, { 'content-type': 'application/json', ...turn.headers }).end(JSON.stringify({ type: 'error', error: { type: 'api_error', message: 'canary: what the server said' } }));
      else await stream(response, turn, request.url!.endsWith('/messages') ? anthropic(turn) : openAi(turn));
      // Whoever hung up before all was said has asked nothing.
    }, () => response.destroy());
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked,
    get hungUp() { return state.hungUp; },
    does(...given) { turns = given; },
    stop: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}

async function read(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
}

declare module 'node:http' {
  interface ServerResponse { /** It was the server that cut. */ locals?: true }
}

async function stream(response: ServerResponse, turn: Turn, { begin, piece, end }: Frames): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const frame of begin) response.write(frame);
  for (const [at, text] of (turn.text ?? []).entries()) {
    if (turn.everyMs) await pause(turn.everyMs);
    if (response.destroyed) return;
    if (at === turn.cutAfter) return cut(response);
    if (at === turn.endAfter) return void response.end();
    if (at === turn.brokenAfter) return void response.end('data: {"choices":[{"delta"\n\n');
    if (at === turn.silentAfter) return;
    const frame = piece(text);
    // A frame comes in two halves as often as not.
    response.write(frame.slice(0, 9));
    await pause(1);
    response.write(frame.slice(9));
  }
  if (turn.silentAfter === 0) return;
  for (const frame of end) response.write(frame);
  response.end();
}

function cut(response: ServerResponse): void {
  response.locals = true;
  response.destroy();
}

function openAi({ tool, stopped, tellsNoUsage }: Turn): Frames {
  const chunk = (delta: object, finish_reason: string | null = null, more: object = {}): string => sse({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason }], ...more });
  const calls = tool ? [
    chunk({ tool_calls: [{ index: 0, id: tool.id, type: 'function', function: { name: tool.name, arguments: '' } }] }),
    ...tool.input.map((part) => chunk({ tool_calls: [{ index: 0, function: { arguments: part } }] })),
  ] : [];
  return {
    begin: [chunk({ role: 'assistant', content: '' })],
    piece: (text) => chunk({ content: text }),
    end: [
      ...calls, chunk({}, tool ? 'tool_calls' : stopped === 'length' ? 'length' : 'stop'),
      ...(tellsNoUsage ? [] : [sse({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: { prompt_tokens: USAGE.input, completion_tokens: USAGE.output, total_tokens: USAGE.input + USAGE.output } })]),
      sse('[DONE]'),
    ],
  };
}

function anthropic({ text, tool, stopped, tellsNoUsage }: Turn): Frames {
  const event = (type: string, more: object): string => sse({ type, ...more }, type);
  const at = text?.length ? 1 : 0;
  const calls = tool ? [
    event('content_block_start', { index: at, content_block: { type: 'tool_use', id: tool.id, name: tool.name, input: {} } }),
    ...tool.input.map((part) => event('content_block_delta', { index: at, delta: { type: 'input_json_delta', partial_json: part } })),
    event('content_block_stop', { index: at }),
  ] : [];
  const usage = tellsNoUsage ? { input_tokens: 0, output_tokens: 0 } : { input_tokens: USAGE.input, output_tokens: 1 };
  return {
    begin: [
      event('message_start', { message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, stop_sequence: null, usage } }),
      event('ping', {}), ...(text?.length ? [event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } })] : []),
    ],
    piece: (one) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: one } }),
    end: [
      ...(text?.length ? [event('content_block_stop', { index: 0 })] : []), ...calls,
      event('message_delta', { delta: { stop_reason: tool ? 'tool_use' : stopped === 'length' ? 'max_tokens' : 'end_turn', stop_sequence: null }, usage: tellsNoUsage ? { output_tokens: 0 } : { output_tokens: USAGE.output } }),
      event('message_stop', {}),
    ],
  };
}
