/** One subgraph is taken away from under a gateway and given back; what its clients saw meanwhile, and for how long. */
import { createServer, type Server } from 'node:net';
import { loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { eventually } from '../kit/eventually.ts';
import { ask, type Answered, type Gateway, type SmallGraph } from '../kit/small-graph.ts';

export const WAYS = ['killed', 'stopped', 'silent'] as const;
export type Way = (typeof WAYS)[number];

export interface Seen {
  way: Way;
  /** The first client that asked. */
  first: Answered & { ms: number };
  /** Those that asked while the breaker was open. */
  open: (Answered & { ms: number })[];
  /** The longest that the client's and the gateway's own event loops were late meanwhile: what the machine, and not the breaker, made them wait. */
  lateMs: { client: number; gateway: number };
  /** Questions of clients that went to the subgraph while it was open; known where it was silent. */
  passed: number;
  whole: Answered;
  backMs: number;
}

export const QUERY = '{ people { name reviews { text } } latest { text } }';
const OPEN_ASKED = 50;

async function timed(gateway: Gateway): Promise<Answered & { ms: number }> {
  const since = performance.now();
  const answered = await ask(gateway.url, QUERY);
  return { ...answered, ms: performance.now() - since };
}

export const breakerOf = async (gateway: Gateway, service: string): Promise<string | undefined> =>
  new RegExp(`atlas_subgraph_breaker\\{service="${service}"\\} (\\S+)`).exec(await (await fetch(new URL('/metrics', gateway.url))).text())?.[1];

/** How late the gateway's event loop was at most since it was asked this last. */
async function latestOf(gateway: Gateway): Promise<number> {
  const text = await (await fetch(new URL('/metrics', gateway.url))).text();
  return Number(/^atlas_nodejs_eventloop_lag_max_seconds (\S+)/m.exec(text)?.[1]) * 1_000;
}

/** `silent`: something else sits on its port, takes connections and never answers. */
export async function takeAway(graph: SmallGraph, gateway: Gateway, way: Way): Promise<Seen> {
  const { reviews } = graph.subgraphs;
  const mute = way === 'silent' ? await silenceAt(reviews) : null;
  if (way === 'killed') await reviews.kill();
  if (way === 'stopped') reviews.process.kill('SIGSTOP');

  const first = await timed(gateway);
  // Each another question: equal ones that are on their way are asked once.
  await Promise.all(Array.from({ length: 6 }, (_, n) => ask(gateway.url, `{ a${n}: latest { text } }`)));
  await eventually('the breaker to open', async () => Number(await breakerOf(gateway, 'reviews')) > 0);
  const before = mute?.heard() ?? 0;
  const open: Seen['open'] = [];
  await latestOf(gateway); // from here on
  const own = monitorEventLoopDelay({ resolution: 1 });
  own.enable();
  for (let n = 0; n < OPEN_ASKED; n += 1) open.push(await timed(gateway));
  own.disable();
  const lateMs = { client: own.max / 1e6, gateway: await latestOf(gateway) };
  const passed = (mute?.heard() ?? 0) - before;

  await mute?.leave();
  if (way === 'stopped') reviews.process.kill('SIGCONT');
  else await reviews.start();
  const since = performance.now();
  const whole = await eventually('a whole answer', async () => {
    const answered = await ask(gateway.url, QUERY);
    return !answered.body.errors && answered;
  });
  return { way, first, open, lateMs, passed, whole, backMs: performance.now() - since };
}

async function silenceAt(subgraph: SmallGraph['subgraphs']['reviews']): Promise<{ heard(): number; leave(): Promise<void> }> {
  const port = Number(new URL(subgraph.url).port);
  await subgraph.kill();
  let heard = 0;
  const sockets = new Set<{ destroy(): void }>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (part: Buffer) => { if (/latest|_entities/.test(String(part))) heard += 1; });
  });
  await new Promise<void>((resolve, reject) => { server.once('error', reject); server.listen(port, '127.0.0.1', resolve); });
  return {
    heard: () => heard,
    leave: () => new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    }),
  };
}

/** What was wrong with what clients saw; nothing, when all was right. */
export function faultsIn({ first, open, passed, whole }: Seen): string[] {
  const faults: string[] = [];
  const missed = [['people', 0, 'reviews'], ['people', 1, 'reviews'], ['people', 2, 'reviews'], ['latest']].map((path) => JSON.stringify(path)).sort();
  for (const { status, text, body } of [first, ...open]) {
    const paths = (body.errors ?? []).map(({ path }) => JSON.stringify(path)).sort();
    if (status !== 200) faults.push(`status ${status}`);
    if (JSON.stringify(body.data) !== JSON.stringify({ people: ['Ada', 'Bob', 'Cyd'].map((name) => ({ name, reviews: null })), latest: null })) faults.push(`data ${text}`);
    if (JSON.stringify(paths) !== JSON.stringify(missed)) faults.push(`paths ${paths.join(' ')}`);
    if (!body.errors?.every(({ extensions }) => extensions?.code === 'SUBGRAPH_UNAVAILABLE')) faults.push(`codes ${text}`);
    if (/127\.0\.0\.1|localhost|ECONN|undici|:\d{4,5}\b/i.test(text)) faults.push(`an address: ${text}`);
  }
  if (passed > 0) faults.push(`${passed} questions passed an open breaker`);
  if (whole.body.data?.latest === null) faults.push('not whole again');
  return faults;
}

/** Their figures in one line: what the first waited, what those waited who came while it was open, when it was back. */
export const figuresOf = (all: readonly Seen[]): string => {
  const ms = (value: number) => `${Math.round(value)} ms`;
  const slowest = (list: readonly number[]) => ms(Math.max(...list));
  const opened = all.flatMap(({ open }) => open.map((each) => each.ms)).sort((a, b) => a - b);
  const share = (of: number) => ms(opened[Math.min(opened.length - 1, Math.floor(opened.length * of))]!);
  const late = `event loops late by at most ${slowest(all.map(({ lateMs }) => lateMs.gateway))} in the gateway and ${slowest(all.map(({ lateMs }) => lateMs.client))} in the client, load ${loadavg()[0]!.toFixed(1)}`;
  return `n = ${all.length}: first answer at most ${slowest(all.map(({ first }) => first.ms))} (3000); breaker open, ${opened.length} asked: p50 ${share(0.5)}, p99 ${share(0.99)}, p100 ${share(1)} (50; ${late}); back after at most ${slowest(all.map(({ backMs }) => backMs))} (2000)`;
};
