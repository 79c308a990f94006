/**
 * Hive Gateway's runtime behind node:http, as its command line starts it: plain, `jit`, `rust` (its Rust planner), or `rust-shared`
 * (that, and whole requests that are alike and in flight share one answer, which it offers and does not do by itself).
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createGatewayRuntime, getGraphQLWSOptions } from '@graphql-hive/gateway-runtime';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

const [file, port, mode = 'plain'] = process.argv.slice(2);
const rust = mode.startsWith('rust') ? await import('@graphql-hive/router-runtime') : undefined;
const jit = mode === 'jit' ? await import('@graphql-mesh/plugin-jit') : undefined;

const runtime = createGatewayRuntime({
  supergraph: readFileSync(file, 'utf8'),
  logging: 'error',
  // Events come over graphql-transport-ws, under the subscriber's own authorization.
  transportEntries: { '*.http': { options: { subscriptions: { kind: 'ws', location: '/graphql', headers: [['authorization', '{context.headers.authorization}']] } } } },
  propagateHeaders: { fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') ?? undefined }) },
  ...(rust && { unifiedGraphHandler: rust.unifiedGraphHandler }),
  ...(mode === 'rust-shared' && { inboundInflightRequestDeduplication: true }),
  plugins: () => (jit ? [jit.useJIT()] : []),
});
const server = createServer(runtime);
useServer(getGraphQLWSOptions(runtime, (ctx) => ({ req: ctx.extra.request, socket: ctx.extra.socket })), new WebSocketServer({ server, path: '/graphql' }));
server.listen(Number(port), '127.0.0.1');
