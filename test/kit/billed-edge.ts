/** The gateway's doors over a composed graph and a billing in memory: what answers say that they cost, over every transport. */
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { openBilling } from '../../gateway/billing/billing.ts';
import { admission } from '../../gateway/edge/admit.ts';
import { openApollo } from '../../gateway/edge/apollo.ts';
import { openExecutor } from '../../gateway/execute.ts';
import { graphqlRoute } from '../../gateway/http.ts';
import type { Authenticate } from '../../gateway/policy/authenticate.ts';
import { openDocuments } from '../../gateway/policy/documents.ts';
import { liftPolicy } from '../../gateway/policy/lift.ts';
import { rateLimiter } from '../../gateway/policy/rate.ts';
import { weightsOf } from '../../gateway/policy/weights.ts';
import { streamDoors } from '../../gateway/streams/index.ts';
import { memoryCache } from '../../platform/cache.ts';
import { readSettings } from '../../platform/config.ts';
import { AtlasError } from '../../platform/errors.ts';
import { printSlice, type Slice } from '../../platform/graph.ts';
import { newId, type TenantId } from '../../platform/ids.ts';
import type { Reach } from '../../platform/reach/reach.ts';
import { serve } from '../../platform/serve.ts';
import { anonymous, userViewer, type Viewer } from '../../platform/viewer.ts';
import { fakeBilling, fakeOutbox, fakeTail, type FakeBilling } from './fake-billing.ts';
import { silent } from './toy-subgraph.ts';

export interface BilledEdge {
  url: string;
  socketUrl: string;
  billing: FakeBilling;
  outbox: ReturnType<typeof fakeOutbox>;
  events: ReturnType<typeof fakeTail>;
  /** Somebody in a tenant, by the credential that stands for them. */
  newcomer(tenantId?: TenantId): { token: string; viewer: Viewer };
  stop(): Promise<void>;
}

export async function startBilledEdge(slice: Slice, reach: Reach): Promise<BilledEdge> {
  const settings = readSettings({ DRAIN_MS: '3000', DRAIN_NOTICE_MS: '100' });
  const { supergraphSdl, errors } = composeServices([{ name: slice.name, url: 'http://toy.invalid', typeDefs: parse(printSlice(slice)) }]);
  if (!supergraphSdl) throw new Error(String(errors));
  const lifted = { ...liftPolicy(supergraphSdl), requirements: new Map<string, never>() };
  const people = new Map<string, Viewer>();
  const authenticate: Authenticate = async ({ authorization }) => {
    const viewer = authorization ? people.get(authorization) : anonymous;
    if (!viewer) throw new AtlasError('UNAUTHENTICATED');
    return viewer;
  };
  const [service, outbox, events] = [fakeBilling(), fakeOutbox(), fakeTail()];
  const billing = openBilling({ service, database: outbox.database, events: { told: () => undefined, tail: events.tail as never }, log: silent });
  const rate = await rateLimiter(settings, (tenantId) => billing.requestsPerMinute(tenantId));
  const executor = await openExecutor({ supergraphSdl, weights: weightsOf, reaches: () => new Map([[slice.name, reach]]) });
  const apollo = await openApollo({ executor, production: false, log: silent });
  const admit = admission({ settings, executor, rate, billing, spent: new WeakMap(), policy: { lifted: () => lifted, documents: openDocuments({ settings, cache: memoryCache() }) } });
  const edge = { settings, executor, authenticate, admit, rate, billing, charges: true, log: silent };
  const streams = streamDoors(edge);
  const graphql = graphqlRoute({ ...edge, graphiql: false, apollo, streams });
  const listener = await serve({
    name: 'gateway', host: '127.0.0.1', port: 0, drainMs: settings.DRAIN_MS, noticeMs: settings.DRAIN_NOTICE_MS, log: silent, readiness: async () => ({ ready: true, detail: {} }),
    routes: { '/graphql': (request, response, url) => (streams.wants(request) ? streams.route(request, response, url) : graphql(request, response, url)) },
    upgrades: { '/graphql': streams.upgrade }, onDrain: streams.drain,
  });
  const url = `http://127.0.0.1:${listener.port}/graphql`;
  return {
    url, socketUrl: url.replace('http', 'ws'), billing: service, outbox, events,
    newcomer(tenantId = newId('tnt')) {
      const token = `Bearer ${newId('ses')}`;
      const viewer = userViewer({ userId: newId('usr'), sessionId: newId('ses'), tenantId, role: 'MEMBER' });
      people.set(token, viewer);
      return { token, viewer };
    },
    async stop() {
      await listener.drain();
      await streams.stop();
      await apollo.stop();
      await executor.stop();
      await billing.stop();
      rate.close();
    },
  };
}
