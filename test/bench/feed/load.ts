/**
 * The subscribers of `bench streams`, a socket each, as a process of their own. It asks the bench for the next event whenever all
 * have one more, so that never more than a window of events is under way: the rate that is found is one that the gateway keeps up with.
 */
import { isDeepStrictEqual } from 'node:util';
import { WebSocket } from 'ws';
import { expected, QUESTIONS, type Kind } from './graph.ts';

export interface Listen { url: string; kind: Kind; subscribers: number; viewers: 'shared' | 'distinct' }
export type FromLoad = { listening: number } | { next: true } | { took: { deliveries: number; wrong: string[]; ms: number } };

let sockets: WebSocket[] = [];
let deliveries = 0;
let since = 0;
let wrong: string[] = [];
const told = new Map<number, number>();

function heard(kind: Kind, payload: { data?: { token?: { at: number }; reviewAdded?: { id: string } }; errors?: unknown }, subscribers: number): void {
  const at = payload.data?.token?.at ?? Number(payload.data?.reviewAdded?.id?.slice(1));
  deliveries++;
  if (payload.errors || !isDeepStrictEqual(payload.data, expected(kind, at))) wrong.push(JSON.stringify(payload).slice(0, 300));
  const now = (told.get(at) ?? 0) + 1;
  if (now < subscribers) return void told.set(at, now);
  told.delete(at);
  process.send!({ next: true } satisfies FromLoad);
}

function subscribe({ url, kind, subscribers, viewers }: Listen, at: number): Promise<void> {
  const authorization = viewers === 'shared' ? 'Bearer shared' : `Bearer viewer-${at}`;
  const socket = new WebSocket(url, 'graphql-transport-ws', { headers: { authorization } });
  sockets.push(socket);
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', (code, reason) => { wrong.push(`closed with ${code} ${reason.toString()}`); });
    socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } })));
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { type: string; payload: never };
      if (message.type === 'next') heard(kind, message.payload, subscribers);
      else if (message.type === 'ping') socket.send('{"type":"pong"}');
      else if (message.type === 'connection_ack') {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUESTIONS[kind] } }));
        resolve();
      } else if (message.type !== 'pong') wrong.push(data.toString().slice(0, 300));
    });
  });
}

process.on('message', (message: { listen?: Listen; take?: true; leave?: true } | 'cpu') => {
  if (message === 'cpu') return;
  if (message.listen) {
    const { listen } = message;
    wrong = [];
    void Promise.all(Array.from({ length: listen.subscribers }, (_, at) => subscribe(listen, at))).then(
      () => process.send!({ listening: sockets.length } satisfies FromLoad),
      (error: unknown) => { wrong.push(String(error)); process.send!({ listening: 0 } satisfies FromLoad); });
  }
  if (message.take) {
    process.send!({ took: { deliveries, wrong, ms: performance.now() - since } } satisfies FromLoad);
    [deliveries, wrong, since] = [0, [], performance.now()];
  }
  if (message.leave) {
    sockets.forEach((socket) => { socket.removeAllListeners('close'); socket.terminate(); });
    sockets = [];
    told.clear();
  }
});
process.send!('ready');
