/**
 * Supergraphs take over from one another under load; every answer that a client got meanwhile is looked at, over plain HTTP
 * and over sockets, and every event of what was followed. A stream may be told to come again; what it tells may not have
 * a gap or come twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../kit/eventually.ts';
import { ask } from '../kit/small-graph.ts';
import { socketClient } from '../kit/stream-clients.ts';
import { followOn, type Follower } from './follow-on.ts';

export interface Question { query: string; data: string }
/** What is reloaded, and what its clients ask of it. */
export interface Reloadable {
  url: string;
  token?: string;
  query: Question;
  mutation: Question;
  /** A document that nobody has planned, by an alias that nobody has used. */
  fresh(alias: string): Question;
  follower: Pick<Follower, 'query' | 'field' | 'isRight'>;
  /** How many mutations were carried out since the last look. */
  carriedOut(): Promise<number>;
  put(reload: number): void;
  /** Whether the supergraph of that reload is served. */
  serves(reload: number): Promise<boolean>;
}

export interface Reloaded {
  reloads: number; queries: number; newDocuments: number; mutations: number; overSockets: number; askedAgain: number;
  streams: number; resumed: number; events: number; failed: string[]; slowestMs: number;
}

const CLIENTS = 4;
const SOCKETS = 2;
/** A client that read its answers: without it the machine does nothing but plan documents that nobody has seen. */
const PAUSE_MS = 40;
/** What a socket is closed with when another graph takes over: nothing that was left unanswered has run. */
const COME_AGAIN = 1012;
interface Put { (question: Question): Promise<void>; leave?(): void }

export async function reloadUnderLoad(given: Reloadable, reloads: number): Promise<Reloaded> {
  const seen: Reloaded = { reloads: 0, queries: 0, newDocuments: 0, mutations: 0, overSockets: 0, askedAgain: 0, streams: 0, resumed: 0, events: 0, failed: [], slowestMs: 0 };
  const over = { now: false };
  await given.carriedOut();
  const clients = [
    ...Array.from({ length: CLIENTS }, () => asking(given, seen, over, overHttp(given, seen))),
    ...Array.from({ length: SOCKETS }, () => asking(given, seen, over, overSocket(given, seen))),
  ];
  const followed = followOn({ url: given.url, token: given.token, ...given.follower });
  try {
    for (; seen.reloads < reloads; seen.reloads += 1) {
      given.put(seen.reloads);
      await eventually(`reload ${seen.reloads} to be served`, () => given.serves(seen.reloads), 60_000);
    }
    await followed.oneMoreEach();
  } finally {
    over.now = true;
    await Promise.all(clients);
    Object.assign(seen, followed.counts());
    seen.failed.push(...followed.stop());
  }
  const carriedOut = await given.carriedOut();
  if (carriedOut !== seen.mutations) seen.failed.push(`${seen.mutations} mutations were answered and ${carriedOut} carried out`);
  return seen;
}

let aliases = 0;

async function asking(given: Reloadable, seen: Reloaded, over: { now: boolean }, put: Put): Promise<void> {
  while (!over.now) {
    await put(given.query);
    await put(given.mutation);
    await put(given.fresh(`n${aliases += 1}`));
    seen.queries += 2;
    seen.mutations += 1;
    seen.newDocuments += 1;
    await sleep(PAUSE_MS);
  }
  put.leave?.();
}

const overHttp = ({ url, token }: Reloadable, seen: Reloaded): Put => async ({ query, data }) => {
  const since = performance.now();
  const { status, text, body } = await ask(url, query, token ? { authorization: token } : {}).catch((error: unknown) => ({ status: 0, text: String(error), body: {} as { data?: unknown; errors?: unknown } }));
  seen.slowestMs = Math.max(seen.slowestMs, performance.now() - since);
  if (status !== 200 || body.errors || JSON.stringify(body.data) !== data) seen.failed.push(`${query} → ${status} ${text}`);
};

/** A socket that stays open, and is opened again where it is told to come again. What was not answered is asked once more: it has not run. */
function overSocket({ url, token }: Reloadable, seen: Reloaded): Put {
  let client: ReturnType<typeof socketClient> | null = null;
  const once = (query: string) => new Promise<unknown>((resolve, reject) => {
    client ??= socketClient(url.replace('http', 'ws'), token, { lazy: false, onNonLazyError: () => undefined });
    let got: unknown;
    client.subscribe({ query }, { next: (answer) => { got = answer; }, error: reject, complete: () => resolve(got) });
  });
  const put = async ({ query, data }: Question): Promise<void> => {
    for (;;) {
      try {
        const answer = await once(query);
        if (JSON.stringify(answer).startsWith(`{"data":${data}`) && !(answer as { errors?: unknown }).errors) seen.overSockets += 1;
        else seen.failed.push(`over a socket: ${query} → ${JSON.stringify(answer)}`);
        return;
      } catch (error) {
        const { code, reason } = error as { code?: number; reason?: string };
        if (code !== COME_AGAIN) return void seen.failed.push(`over a socket: ${query} → ${code ?? ''} ${reason ?? JSON.stringify(error)}`);
        client = null;
        seen.askedAgain += 1;
      }
    }
  };
  return Object.assign(put, { leave: () => void client?.dispose() });
}

export const figuresOf = ({ reloads, queries, newDocuments, mutations, overSockets, askedAgain, streams, resumed, events, failed, slowestMs }: Reloaded): string =>
  `${reloads} reloads: ${failed.length} failed of ${queries} queries (${newDocuments} of them new documents), ${mutations} mutations (${overSockets} of both over sockets, ${askedAgain} asked once more on another) and ${streams} streams, which were told to come again ${resumed} times and got ${events} events, none missing, none twice; the slowest plain answer took ${Math.round(slowestMs)} ms`;
