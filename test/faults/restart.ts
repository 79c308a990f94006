/**
 * Two gateways behind a balancer are restarted in turn, as an operator would: SIGTERM, wait for the end, start again, wait
 * until it is ready. The balancer asks `/ready` now and then and sends requests in turn to whoever is; its clients keep their
 * connections. What HTTP lets a client send once more is sent once more and counted: anything of which nothing was sent, and
 * a query whose connection was closed before a byte of its answer. A mutation never is.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'undici';
import { eventually } from '../kit/eventually.ts';
import { freePort } from '../kit/free-port.ts';
import type { Gateway, SmallGraph } from '../kit/small-graph.ts';

export interface Restarted { restarts: number; queries: number; mutations: number; notConnected: number; sentAgain: number; failed: string[]; exitMs: number[]; codes: (number | null)[] }

const CLIENTS = 32;
const READY_EVERY_MS = 250;
/** The gateways serve so long between two restarts, both of them. */
const BETWEEN_MS = 500;
const QUERY = { text: '{ people { name } }', answer: '{"data":{"people":[{"name":"Ada"},{"name":"Bob"},{"name":"Cyd"}]}}' };
const MUTATION = { text: 'mutation { greet(name: "you") }', answer: '{"data":{"greet":"Hello you"}}' };

interface Target { port: number; origin: string; ready: boolean; gateway: Gateway }

export async function restartUnderLoad(graph: SmallGraph, restarts: number): Promise<Restarted> {
  const seen: Restarted = { restarts: 0, queries: 0, mutations: 0, notConnected: 0, sentAgain: 0, failed: [], exitMs: [], codes: [] };
  const start = (port: number) => graph.gateway(['--port', String(port)], { DRAIN_NOTICE_MS: '' }); // as it is when nobody says anything
  const targets = await Promise.all([0, 1].map(async (): Promise<Target> => {
    const port = await freePort();
    return { port, origin: `http://127.0.0.1:${port}`, ready: true, gateway: await start(port) };
  }));
  const over = { now: false };
  const looking = look(targets, over);
  const clients = Array.from({ length: CLIENTS }, () => client(targets, seen, over));
  try {
    for (; seen.restarts < restarts; seen.restarts += 1) {
      const target = targets[seen.restarts % targets.length]!;
      await sleep(BETWEEN_MS);
      const since = performance.now();
      seen.codes.push(await target.gateway.stop());
      seen.exitMs.push(performance.now() - since);
      target.gateway = await start(target.port);
      await eventually('the balancer to see that it is back', () => target.ready, 90_000);
    }
  } finally {
    over.now = true;
    await Promise.all([looking, ...clients]);
  }
  return seen;
}

/** The balancer's eye: over a connection of its own each time, as balancers do. */
async function look(targets: readonly Target[], over: { now: boolean }): Promise<void> {
  while (!over.now) {
    await Promise.all(targets.map(async (target) => {
      target.ready = await fetch(`${target.origin}/ready`, { headers: { connection: 'close' }, signal: AbortSignal.timeout(2_000) }).then(({ ok }) => ok, () => false);
    }));
    await sleep(READY_EVERY_MS);
  }
}

async function client(targets: readonly Target[], seen: Restarted, over: { now: boolean }): Promise<void> {
  const kept = new Map(targets.map(({ origin }) => [origin, new Client(origin, { pipelining: 1 })]));
  for (let turn = 0; !over.now; turn += 1) {
    const mutates = turn % 3 === 2;
    const ready = targets.filter((target) => target.ready);
    const chosen = (ready.length > 0 ? ready : targets)[turn % (ready.length || targets.length)]!;
    await put(kept, chosen, targets, mutates, seen);
    // Some connections are busy and some are idle for longer than a moment.
    await sleep(Math.random() < 0.1 ? 200 + Math.random() * 800 : 5);
  }
  await Promise.all([...kept.values()].map((each) => each.close()));
}

async function put(kept: ReadonlyMap<string, Client>, chosen: Target, targets: readonly Target[], mutates: boolean, seen: Restarted): Promise<void> {
  const { text, answer } = mutates ? MUTATION : QUERY;
  let target = chosen;
  for (let tries = 1; ; tries += 1) {
    try {
      const { statusCode, body } = await kept.get(target.origin)!.request({ method: 'POST', path: '/graphql', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: text }) });
      const got = await body.text();
      if (statusCode !== 200 || got.trim() !== answer) seen.failed.push(`${text} → ${statusCode} ${got}`);
      break;
    } catch (error) {
      const { code } = error as { code?: string };
      const notSent = code === 'ECONNREFUSED';
      if (tries > targets.length || (mutates && !notSent)) {
        seen.failed.push(`${text} → ${code}`);
        break;
      }
      if (notSent) seen.notConnected += 1;
      else seen.sentAgain += 1;
      target = targets.find((other) => other !== target)!;
    }
  }
  if (mutates) seen.mutations += 1;
  else seen.queries += 1;
}

export const figuresOf = ({ restarts, queries, mutations, notConnected, sentAgain, failed, exitMs, codes }: Restarted): string =>
  `${restarts} restarts under ${CLIENTS} keep-alive clients: ${failed.length} failed of ${queries} queries and ${mutations} mutations (${notConnected} went to the other for want of a connection, ${sentAgain} queries were sent once more); exit after at most ${Math.round(Math.max(...exitMs))} ms (15000), ${codes.every((code) => code === 0) ? 'always with 0' : `with ${codes.join(', ')}`}`;
