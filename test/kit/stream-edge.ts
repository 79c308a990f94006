/** A gateway's listener with nothing behind it but the toy graph: real sockets, the real doors, a stand-in for who asks. */
import type { Billing } from '../../gateway/billing/billing.ts';
import { admission, type Policy } from '../../gateway/edge/admit.ts';
import type { Authenticate } from '../../gateway/policy/authenticate.ts';
import { rateLimiter } from '../../gateway/policy/rate.ts';
import type { Executor } from '../../gateway/executor.ts';
import { streamDoors, type StreamDoors } from '../../gateway/streams/index.ts';
import { readSettings } from '../../platform/config.ts';
import { AtlasError } from '../../platform/errors.ts';
import type { Graph } from '../../platform/graph.ts';
import { newId } from '../../platform/ids.ts';
import { openLog } from '../../platform/log.ts';
import { localReach } from '../../platform/reach/reach.ts';
import { serve, sendJson, type Listener, type Route } from '../../platform/serve.ts';
import { anonymous, userViewer, type Viewer } from '../../platform/viewer.ts';
import { graphExecutor } from './graph-executor.ts';

export interface StreamEdge {
  /** `http://…/graphql`, and the same for sockets. */
  url: string;
  socketUrl: string;
  listener: Listener;
  doors: StreamDoors;
  logged: string[];
  /** Whom a token stands for; whoever is not in here is refused. */
  people: Map<string, Viewer | AtlasError>;
  stop(): Promise<void>;
}

export const newUser = (role: 'MEMBER' | 'OWNER' = 'MEMBER'): Viewer => userViewer({ userId: newId('usr'), sessionId: newId('ses'), tenantId: newId('tnt'), role });

export async function startStreamEdge(graph: Graph, env: Record<string, string> = {}, given: { authenticate?: Authenticate; executor?: Executor; policy?: Policy; billing?: Billing } = {}): Promise<StreamEdge> {
  const settings = readSettings({ DRAIN_MS: '3000', DRAIN_NOTICE_MS: '100', ...env });
  const logged: string[] = [];
  const log = openLog({ level: 'debug', pretty: false, destination: { write: (line) => void logged.push(line) } });
  const people: StreamEdge['people'] = new Map();
  const authenticate: Authenticate = given.authenticate ?? (async ({ authorization }) => {
    if (!authorization) return anonymous;
    const found = people.get(authorization) ?? new AtlasError('UNAUTHENTICATED');
    if (found instanceof AtlasError) throw found;
    return found;
  });
  const rate = await rateLimiter(settings);
  const executor = given.executor ?? graphExecutor(graph, localReach(() => graph));
  const admit = admission({ settings, executor, rate, billing: given.billing, spent: new WeakMap(), ...(given.policy && { policy: given.policy }) });
  const doors = streamDoors({ settings, executor, authenticate, admit, rate, billing: given.billing, charges: given.policy !== undefined, log });
  const route: Route = async (request, response, url) => (doors.mayTake(request) ? doors.route(request, response, url) : sendJson(response, 200, { plain: true }));
  const listener = await serve({
    name: 'gateway', host: '127.0.0.1', port: 0, drainMs: settings.DRAIN_MS, noticeMs: settings.DRAIN_NOTICE_MS, log, readiness: async () => ({ ready: true, detail: {} }),
    routes: { '/graphql': route }, upgrades: { '/graphql': doors.upgrade }, onDrain: doors.drain,
  });
  const url = `http://127.0.0.1:${listener.port}/graphql`;
  return {
    url, socketUrl: url.replace('http', 'ws'), listener, doors, logged, people,
    async stop() {
      await listener.drain();
      await doors.stop();
      rate.close();
    },
  };
}
