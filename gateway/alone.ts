/**
 * The gateway alone, over any supergraph: everyone is let in, the chosen headers travel on, and what a client may do is
 * for the subgraphs to say. No accounts, no database; the edge, the engine and the reach are the same as ever.
 */
import { readFile } from 'node:fs/promises';
import { parse } from 'graphql';
import type { AloneOptions } from '../platform/alone-options.ts';
import type { Settings } from '../platform/config.ts';
import type { Log } from '../platform/log.ts';
import { serve } from '../platform/serve.ts';
import { anonymous } from '../platform/viewer.ts';
import { openSubgraphs, type Named } from './reach/alone-subgraphs.ts';
import { admission } from './edge/admit.ts';
import { openApollo } from './edge/apollo.ts';
import { openExecutor } from './execute.ts';
import { graphqlRoute } from './http.ts';
import { addressesIn } from './supergraph/addresses.ts';
import { inFile } from './supergraph/in-file.ts';
import type { Limits } from './policy/limits.ts';
import type { Rate, RateState } from './policy/rate.ts';
import { routesOf } from './routes.ts';
import { streamDoors } from './streams/index.ts';
import { watchSupergraph } from './supergraph/watch.ts';

export interface Alone {
  readonly url: string;
  readonly subgraphs: Named;
  stop(): Promise<void>;
}

/** Roomy enough for whatever a person or a program writes, too narrow for a document that is meant to hurt. How many nodes come back nobody here can know. */
const LIMITS: Limits = {
  documentBytes: 1_000_000, tokens: 50_000, depth: 60, introspectionDepth: 30, aliases: 1_000, rootFields: 500,
  firstMax: Infinity, firstDefault: 1, nodes: Infinity,
};
const NO_LIMITS = Object.fromEntries(Object.keys(LIMITS).map((name) => [name, Infinity])) as Limits;
const BODY_BYTES_MAX = 16_000_000;
const NO_BODY_BYTES_MAX = 256_000_000;

/** Nobody pays: there are no accounts to charge. */
const FREE: RateState = { cost: 0, limit: 0, remaining: 0, resetAt: new Date(0), buckets: [] };
const FREELY: Rate = { spend: async () => FREE, giveBack: async () => FREE, look: async () => FREE, admit: async () => undefined, refused: async () => undefined, close: () => undefined };

export async function startAlone(given: { options: AloneOptions; settings: Settings; log: Log }): Promise<Alone> {
  const { options, settings, log } = given;
  const graphiql = settings.GRAPHIQL ?? true;
  const sdl = await readSupergraph(options.supergraph);
  const subgraphs = openSubgraphs({ settings, log });
  const executor = await inFile(options.supergraph, () => openExecutor({ supergraphSdl: sdl, reaches: (named) => subgraphs.reachesOf(named), planTimeoutMs: settings.PLAN_TIMEOUT_MS }));
  subgraphs.settle();
  const apollo = await openApollo({ executor, production: false, log, foreign: true });
  const close = async () => {
    await apollo.stop();
    await executor.stop();
    await subgraphs.close();
  };
  const admit = admission({ settings: { ...settings, INTROSPECTION: settings.INTROSPECTION ?? 'on' }, executor, rate: FREELY, spent: new WeakMap(), limits: options.limits ? LIMITS : NO_LIMITS });
  const streams = streamDoors({ settings, executor, admit, log, rate: FREELY, charges: false, forward: options.forward, authenticate: async () => anonymous });
  const graphql = graphqlRoute({
    settings, executor, apollo, streams, admit, log, rate: FREELY, charges: false, forward: options.forward, graphiql,
    authenticate: async () => anonymous,
    bodyBytesMax: options.limits ? BODY_BYTES_MAX : NO_BODY_BYTES_MAX,
  });
  const listener = await serve({
    name: 'gateway', host: settings.HOST, port: settings.PORT, drainMs: settings.DRAIN_MS, noticeMs: settings.DRAIN_NOTICE_MS, log,
    readiness: async () => ({ ready: true, detail: { gateway: 'ready' } }),
    routes: routesOf({ origins: settings.CORS_ORIGINS, graphiql, streams, graphql }),
    upgrades: { '/graphql': streams.upgrade },
    onDrain: streams.drain,
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const watch = watchSupergraph({
    file: options.supergraph, served: sdl, log,
    async replace(next) {
      await subgraphs.found(addressesIn(parse(next)));
      await executor.replace(next);
      subgraphs.settle();
      await streams.renew();
    },
  });
  return {
    url: listener.url,
    get subgraphs() { return subgraphs.served(); },
    async stop() {
      await watch.stop();
      await listener.drain();
      await streams.stop();
      await close();
    },
  };
}

const readSupergraph = (file: string): Promise<string> => readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
  throw new Error(`The supergraph ${file} cannot be read${cause.code === 'ENOENT' ? ': there is no such file' : cause.code === 'EISDIR' ? ': it is a folder' : ` (${cause.code})`}.`, { cause });
});
