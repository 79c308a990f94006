/**
 * Atlas with its whole pipeline over the bench's subgraphs: `full.ts <supergraph> <port>`. Tokens are real and verified, rights
 * are asked for, documents limited, points counted and given back, spans made, and every subgraph gets a signed viewer. What
 * the pipeline asks of users and tenants is answered from memory; whoever comes gets a token of their own.
 */
import { readFileSync } from 'node:fs';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { admission } from '../../../gateway/edge/admit.ts';
import { openApollo } from '../../../gateway/edge/apollo.ts';
import { openExecutor } from '../../../gateway/execute.ts';
import { graphqlRoute } from '../../../gateway/http.ts';
import { authenticator } from '../../../gateway/policy/authenticate.ts';
import { openDocuments } from '../../../gateway/policy/documents.ts';
import { liftPolicy } from '../../../gateway/policy/lift.ts';
import { rateLimiter } from '../../../gateway/policy/rate.ts';
import { weightsOf } from '../../../gateway/policy/weights.ts';
import { streamDoors } from '../../../gateway/streams/index.ts';
import type { Ask } from '../../../platform/ask.ts';
import { memoryCache } from '../../../platform/cache.ts';
import { readSettings } from '../../../platform/config.ts';
import type { Database } from '../../../platform/database/database.ts';
import { newId } from '../../../platform/ids.ts';
import { openLog } from '../../../platform/log.ts';
import { httpReach } from '../../../platform/reach/http-reach.ts';
import { openLine } from '../../../platform/reach/line.ts';
import { serve } from '../../../platform/serve.ts';
import { startTracing } from '../../../platform/telemetry/trace.ts';
import type { Events } from '../../../platform/service.ts';
import { viewerSigner } from '../../../platform/viewer-header.ts';

const [file, port] = process.argv.slice(2) as [string, string];
const NEVER_SPENT = '999999999';
const settings = readSettings({ PORT: port, RATE_LIMIT_PER_MINUTE: NEVER_SPENT, TENANT_RATE_LIMIT_PER_MINUTE: NEVER_SPENT });
const log = openLog({ level: 'warn', pretty: false });
startTracing({ endpoint: undefined, process: 'gateway' });

const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
const kid = 'bench';
const jwks = JSON.stringify({ keys: [{ ...await exportJWK(publicKey), kid, alg: 'EdDSA' }] });
const ask: Ask = async (service, { document }) => {
  if (document.includes('jwks')) return { jwks };
  if (service === 'users') return { sessionState: { alive: true } };
  return { principalOfUser: { tenantId: newId('tnt'), role: 'ADMIN', sandbox: false } };
};

const tokens = new Map<string, Promise<string>>();
const tokenFor = (client: string): Promise<string> => {
  const known = tokens.get(client) ?? new SignJWT({ sid: newId('ses') }).setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt' })
    .setSubject(newId('usr')).setIssuer('atlas').setAudience('atlas').setIssuedAt().setExpirationTime('15m').sign(privateKey);
  tokens.set(client, known);
  return known;
};

const sdl = readFileSync(file, 'utf8');
const lifted = liftPolicy(sdl);
const cache = memoryCache();
const keptNowhere = { service: 'gateway', transaction: (_: unknown, __: unknown, work: (em: unknown) => unknown) => work({ execute: async () => [] }) } as unknown as Database;
const signer = await viewerSigner(keptNowhere);
const executor = await openExecutor({
  supergraphSdl: sdl, weights: weightsOf,
  reaches: (subgraphs) => new Map(subgraphs.map(({ name, url }) => [name, httpReach({ service: name as never, url, line: openLine({ service: name, url, settings, log }), signer: () => signer })])),
});
const rate = rateLimiter(settings);
/** A log in which nothing happens, and which is never behind. */
const events: Events = { told: () => undefined, listen: () => undefined, sweep: () => undefined, tail: () => ({ place: () => '0', behindMs: () => 0, stop: async () => undefined }) };
const known = authenticator({ ask, cache, events, settings });
const authenticate: typeof known = async (credentials) => known({ ...credentials, authorization: `Bearer ${await tokenFor(credentials.authorization ?? '')}`, tenant: 'acme' });
const admit = admission({ settings, executor, rate, spent: new WeakMap(), policy: { lifted: () => lifted, documents: openDocuments({ settings, cache }) } });
const edge = { settings, executor, authenticate, admit, rate, charges: true, log };
const streams = streamDoors(edge);
const route = graphqlRoute({ ...edge, streams, graphiql: false, apollo: await openApollo({ executor, production: true, log }) });
await serve({ name: 'gateway', host: '127.0.0.1', port: settings.PORT, drainMs: 0, log, readiness: async () => ({ ready: true, detail: {} }), routes: { '/graphql': route } });
