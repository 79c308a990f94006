/** The gateway as a service: one listener, one graph, every subgraph within reach. */
import type { GraphQLSchema } from 'graphql';
import { billingOver } from '../platform/billing/door.ts';
import type { Reach } from '../platform/reach/reach.ts';
import { requestInfo, type RequestInfo } from '../platform/request.ts';
import { serve, sendJson, type AskedReady, type Readiness, type Route } from '../platform/serve.ts';
import type { Resources } from '../platform/service.ts';
import { systemViewer } from '../platform/viewer.ts';
import { writeTokens } from '../platform/write-token.ts';
import { openBilling, type Billing } from './billing/billing.ts';
import { admission } from './edge/admit.ts';
import { openApollo } from './edge/apollo.ts';
import { withCors } from './edge/cors.ts';
import { openDenials, type Denials } from './denials.ts';
import { openExecutor } from './execute.ts';
import { graphqlRoute } from './http.ts';
import { notingWith } from './noting.ts';
import { outbox, usageOfAll } from './outbox.ts';
import { authenticator } from './policy/authenticate.ts';
import { openDocuments, planned } from './policy/documents.ts';
import { liftPolicy, type Lifted } from './policy/lift.ts';
import { rateLimiter, type RateState } from './policy/rate.ts';
import { weightsOf } from './policy/weights.ts';
import { providerHooks } from './provider-hooks.ts';
import { routesOf } from './routes.ts';
import { sliceReach } from './slice.ts';
import { streamDoors, type StreamDoors } from './streams/index.ts';
import { loadSupergraph, SUPERGRAPH_FILE, type Supergraph } from './supergraph.ts';
import { misnamed } from './supergraph/addresses.ts';
import { watchSupergraph } from './supergraph/watch.ts';

/** An hour, as long as the longest sensible URL lives; whoever sends nothing meanwhile is cut off by the door. */
const FILE_ARRIVES_MS = 3_600_000;

export interface Gateway {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startGateway(given: Resources, others: (asked: AskedReady) => Promise<Readiness>): Promise<Gateway> {
  const { settings, log } = given;
  const database = await given.openDatabase({ service: 'gateway', tables: [], migrations: [outbox, usageOfAll] });
  const denials = openDenials({ database, told: given.events.told, log });
  const billing = openBilling({ service: billingOver(given.ask, 'gateway'), database, events: given.events, log });
  const graph = await serveGraph(given, denials, billing);
  const { streams } = graph;
  const listener = await serve({
    name: 'gateway', host: settings.HOST, port: settings.PORT, drainMs: settings.DRAIN_MS, noticeMs: settings.DRAIN_NOTICE_MS, log,
    readiness: async (asked) => {
      const { ready, detail } = await others(asked);
      // Whoever is sent here by a balancer does not wait for plans that could have been made before.
      const own = graph.warm() ? await database.ping().then(() => 'ready', () => 'not ready') : 'planning trusted documents';
      return { ready: ready && own === 'ready', detail: { gateway: own, ...detail } };
    },
    upgrades: { '/graphql': streams.upgrade },
    onDrain: streams.drain,
    ...(given.objects.door && { arriveMs: FILE_ARRIVES_MS }),
    routes: { ...graph.routes, '/webhooks/stripe': providerHooks(given), '/.well-known/jwks.json': withCors(['*'], jwksRoute(given)) },
  });
  const watch = watchSupergraph({ file: graph.file, served: graph.served, log, replace: graph.replace });
  return {
    url: listener.url,
    async stop() {
      await watch.stop();
      await listener.drain();
      await graph.stop();
      await billing.stop();
      await denials.stop();
    },
  };
}

interface ServedGraph {
  file: string;
  /** The supergraph as it was read when it began. */
  served: string;
  routes: Record<string, Route>;
  /** Whether the trusted documents are planned. */
  warm(): boolean;
  streams: StreamDoors;
  replace(sdl: string): Promise<void>;
  stop(): Promise<void>;
}

/** The graph behind its doors: who asks, what they may and what they pay, and the engine that answers. */
async function serveGraph(given: Resources, denials: Denials, billing: Billing): Promise<ServedGraph> {
  const { settings, log } = given;
  const graphiql = settings.GRAPHIQL ?? !settings.production;
  const spent = new WeakMap<RequestInfo, RateState>();
  const rate = await rateLimiter(settings, (tenantId) => billing.requestsPerMinute(tenantId));
  const reaches = new Map<string, Reach>([...given.reaches, ['gateway', sliceReach(given.reaches, async () => spent.get(requestInfo()!)!)]]);
  const file = settings.SUPERGRAPH_FILE ?? SUPERGRAPH_FILE;
  const served = await loadSupergraph(file);
  const documents = openDocuments(given);
  const executor = await openExecutor({ supergraphSdl: served, reaches: (subgraphs) => reachable(subgraphs, reaches), weights: weightsOf, planTimeoutMs: settings.PLAN_TIMEOUT_MS });
  const lifted = new WeakMap<GraphQLSchema, Lifted>([[executor.schema(), liftPolicy(served)]]);
  let warm = false;
  const planTrusted = () => planned(executor, documents.trusted(), log);
  void planTrusted().then(() => { warm = true; });
  const noting = notingWith(denials);
  const noted = noting.executor(executor);
  const apollo = await openApollo({ executor: noted, production: settings.production, log });
  const admit = admission({ settings, executor, rate, billing, spent, policy: { lifted: (schema) => lifted.get(schema)!, documents } });
  const edge = { settings, executor: noted, authenticate: noting.authenticate(authenticator(given)), admit: noting.admit(admit), rate, billing, charges: true, log, writes: writeTokens(given.secret) };
  const streams = streamDoors(edge);
  return {
    file, served, streams, warm: () => warm,
    routes: routesOf({ origins: settings.CORS_ORIGINS, graphiql, streams, files: given.objects.door, graphql: graphqlRoute({ ...edge, graphiql, apollo, streams }) }),
    async replace(sdl) {
      const next = liftPolicy(sdl);
      await executor.replace(sdl, (schema) => lifted.set(schema, next));
      await streams.renew(); // what was followed over the old one is asked for again over the new
      void planTrusted(); // those that were not among the last to be asked for
    },
    async stop() {
      await streams.stop();
      await apollo.stop();
      await executor.stop();
      rate.close();
    },
  };
}

const jwksRoute = ({ ask }: Resources): Route => async (_, response) => {
  const { jwks: text } = await ask('users', { document: '{ jwks }' }, systemViewer('gateway'));
  sendJson(response, 200, JSON.parse(text as string), { 'cache-control': 'public, max-age=300' });
};

/** A supergraph that names a service which this process cannot reach is not served. */
function reachable(subgraphs: Supergraph['subgraphs'], reaches: ReadonlyMap<string, Reach>): ReadonlyMap<string, Reach> {
  for (const address of subgraphs) if (!reaches.has(address.name)) throw misnamed(address, `It names the subgraph ${address.name}, which nothing here reaches.`);
  return reaches;
}
