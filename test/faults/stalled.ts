/**
 * Subscribers of a fast topic that read nothing, one after the other and all staying, beside healthy ones; the gateway says
 * how many bytes it holds meanwhile, and how many of them it still follows for.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { WebSocket } from 'ws';
import { eventually } from '../kit/eventually.ts';
import { ask, type SmallGraph } from '../kit/small-graph.ts';

const START = fileURLToPath(new URL('../../platform/start.mjs', import.meta.url));
const METER = pathToFileURL(fileURLToPath(new URL('./meter.mjs', import.meta.url))).href;

const BYTES = 65_000;
const LEAVE_EVERY_MS = 4;
const HEALTHY = 2;
const LOOK_MS = 500;
const START_MS = 90_000;
const queryOf = (everyMs: number, bytes = BYTES) => `subscription { greetings(bytes: ${bytes}, everyMs: ${everyMs}) { n words } }`;

export interface Stalled { seconds: number; stalled: number; letGo: number; healthy: number; events: number; megabytesPerSecond: number; failed: string[]; heldMb: number; rssMb: number; leftMs: number[] }

/** The gateway alone, as a person would start it, but for the meter in it. */
async function startGateway(file: string): Promise<{ url: string; memory(): Promise<{ rss: number; held: number }>; child: ChildProcess }> {
  const child = spawn(process.execPath, ['--expose-gc', '--max-semi-space-size=64', '--import', METER, START, 'gateway', '--supergraph', file, '--port', '0', '--anonymous'], { env: { PATH: process.env.PATH, DRAIN_NOTICE_MS: '100' }, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  let printed = '';
  child.stdout!.on('data', (text: Buffer) => { printed += String(text); });
  const url = await eventually('the gateway to listen', () => / {2}gateway +(\S+)/.exec(printed)?.[1], START_MS);
  return { url, child, memory: () => new Promise((resolve) => { child.once('message', (said) => resolve(said as never)); child.send('memory'); }) };
}

export async function stallUnder(graph: SmallGraph, given: { stalled: number; seconds: number; leavers: number; everyMs: number }): Promise<Stalled> {
  const query = queryOf(given.everyMs);
  const gateway = await startGateway(graph.file);
  const healthy = Array.from({ length: HEALTHY }, () => new Healthy(gateway.url, query));
  const stalled: Socket[] = [];
  try {
    await eventually('the healthy to be fed', () => healthy.every(({ events }) => events > 400), START_MS);
    // For as long as what it is compared with: the longer one looks, the more one sees.
    const before = await most(gateway.memory, given.seconds * 1_000);
    const stalling = setInterval(() => { if (stalled.push(stall(gateway.url, query)) === given.stalled) clearInterval(stalling); }, (given.seconds * 1_000) / (given.stalled + 1));
    const eventsBefore = sum(healthy);
    const since = performance.now();
    const during = await most(gateway.memory, given.seconds * 1_000);
    const ms = performance.now() - since;
    const events = sum(healthy) - eventsBefore;
    const letGo = stalled.length - await openOver('sse', gateway.url);
    for (const socket of stalled) socket.destroy();
    return {
      seconds: given.seconds, stalled: stalled.length, letGo, healthy: HEALTHY, events,
      megabytesPerSecond: (events * BYTES) / HEALTHY / ms / 1_000, failed: healthy.flatMap((one) => one.leave()),
      heldMb: (during.held - before.held) / 1e6, rssMb: (during.rss - before.rss) / 1e6,
      leftMs: await leave(graph, gateway.url, given.leavers),
    };
  } finally {
    await new Promise((resolve) => { gateway.child.once('exit', resolve); gateway.child.kill('SIGTERM'); });
  }
}

const sum = (all: readonly Healthy[]): number => all.reduce((total, { events }) => total + events, 0);

/** The most that was seen in that time. */
async function most(memory: () => Promise<{ rss: number; held: number }>, ms: number): Promise<{ rss: number; held: number }> {
  const seen = { rss: 0, held: 0 };
  for (const until = Date.now() + ms; Date.now() < until; await sleep(LOOK_MS)) {
    const now = await memory();
    seen.rss = Math.max(seen.rss, now.rss);
    seen.held = Math.max(seen.held, now.held);
  }
  return seen;
}

/** Reads everything, and looks at the number of every event: none may be missing. */
class Healthy {
  events = 0;
  private next = 0;
  private left = false;
  private readonly faults: string[] = [];
  private readonly socket: WebSocket;

  constructor(url: string, private readonly query: string) {
    this.socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
    this.socket.on('open', () => this.socket.send('{"type":"connection_init"}'));
    this.socket.on('message', (data: Buffer) => this.take(data));
    this.socket.on('close', (code, reason) => { if (!this.left) this.faults.push(`a healthy one was let go of: ${code} ${String(reason)}`); });
  }

  leave(): string[] {
    this.left = true;
    this.socket.close();
    return this.faults;
  }

  private take(data: Buffer): void {
    const head = data.toString('latin1', 0, 100);
    if (head.includes('"connection_ack"')) return this.socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: this.query } }));
    const n = /"greetings":\{"n":(\d+)/.exec(head)?.[1];
    if (n === undefined) return void (head.includes('ping') || this.faults.push(`instead of event ${this.next}: ${data.toString('utf8', 0, 300)}`));
    if (Number(n) !== this.next || data.length < BYTES) this.faults.push(`instead of event ${this.next}: ${n}, ${data.length} bytes`);
    this.next = Number(n) + 1;
    this.events += 1;
  }
}

/** Opens an event stream and reads nothing of it. */
function stall(url: string, query: string): Socket {
  const { port, host } = new URL(url);
  const body = JSON.stringify({ query });
  const socket = connect(Number(port), '127.0.0.1', () => {
    socket.write(`POST /graphql HTTP/1.1\r\nhost: ${host}\r\naccept: text/event-stream\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  });
  socket.on('error', () => undefined);
  return socket.pause();
}

const openOver = async (transport: string, url: string): Promise<number> =>
  Number(new RegExp(`atlas_streams_open\\{transport="${transport}"\\} (\\d+)`).exec(await (await fetch(new URL('/metrics', url))).text())?.[1]);

/** One client after the other leaves; how long its stream is still open in the subgraph. */
async function leave(graph: SmallGraph, url: string, leavers: number): Promise<number[]> {
  const following = async (): Promise<number> => (await ask(graph.urls.people, '{ following }')).body.data!.following as number;
  await eventually('those before to be gone upstream', async () => await following() === 0);
  const took: number[] = [];
  for (let n = 0; n < leavers; n += 1) {
    const leaving = new AbortController();
    const response = await fetch(url, { method: 'POST', signal: leaving.signal, headers: { accept: 'text/event-stream', 'content-type': 'application/json' }, body: JSON.stringify({ query: queryOf(LEAVE_EVERY_MS, 10) }) });
    await eventually('it to be followed upstream', async () => await following() === 1);
    const since = performance.now();
    leaving.abort();
    await response.text().catch(() => undefined);
    await eventually('it to be gone upstream', async () => await following() === 0);
    took.push(performance.now() - since);
  }
  return took;
}

export const figuresOf = ({ seconds, stalled, letGo, healthy, events, megabytesPerSecond, failed, heldMb, rssMb, leftMs }: Stalled): string => {
  const sorted = leftMs.toSorted((a, b) => a - b);
  return `${stalled} subscribers that read nothing, come within ${seconds} s (${letGo} of them no longer followed for at the end), cost at most ${heldMb.toFixed(1)} MB of heap and buffers (20), ${rssMb.toFixed(1)} MB of the process's memory; ${healthy} healthy ones took ${megabytesPerSecond.toFixed(1)} MB/s each, ${events} events, ${failed.length} faults; gone upstream ${Math.round(sorted[sorted.length >> 1]!)} ms after the client at the median, ${Math.round(sorted.at(-1)!)} at most of ${sorted.length} (1000)`;
};
