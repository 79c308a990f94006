/**
 * Atlas with its whole pipeline over subgraphs of a bench. Tokens are real and verified, rights are asked for, documents
 * limited, points counted and given back, spans made. What the pipeline asks of users and tenants is answered from memory;
 * whoever comes gets a token of their own.
 */
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
import { readSettings, type Settings } from '../../../platform/config.ts';
import { newId } from '../../../platform/ids.ts';
import { openLog, type Log } from '../../../platform/log.ts';
import type { Reach } from '../../../platform/reach/reach.ts';
import { serve } from '../../../platform/serve.ts';
import type { Events } from '../../../platform/service.ts';
import { startTracing } from '../../../platform/telemetry/trace.ts';

const NEVER_SPENT = '999999999';

const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
const kid = 'bench';
const jwks = JSON.stringify({ keys: [{ ...await exportJWK(publicKey), kid, alg: 'EdDSA' }] });
const ask: Ask = async (service, { document }) => {
  if (document.includes('jwks')) return { jwks };
  if (service === 'users') return { sessionState: { alive: true } };
  return { principalOfUser: { tenantId: newId('tnt'), role: 'ADMIN', sandbox: false } };
};

/** A log in which nothing happens, and which is never behind. */
const quiet: Events = { told: () => undefined, hear: () => () => undefined, listen: () => undefined, behindMs: async () => 0, sweep: () => ({ nudge: () => undefined }), tail: () => ({ place: () => '0', behindMs: () => 0, stop: async () => undefined }) };

const tokens = new Map<string, Promise<string>>();
const tokenFor = (client: string): Promise<string> => {
  const known = tokens.get(client) ?? new SignJWT({ sid: newId('ses') }).setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt' })
    .setSubject(newId('usr')).setIssuer('atlas').setAudience('atlas').setIssuedAt().setExpirationTime('15m').sign(privateKey);
  tokens.set(client, known);
  return known;
};

export async function servePipeline(given: { sdl: string; port: string; reaches: (subgraphs: readonly { name: string; url: string }[], beside: { settings: Settings; log: Log }) => ReadonlyMap<string, Reach> }): Promise<void> {
  const { sdl } = given;
  const settings = readSettings({ PORT: given.port, RATE_LIMIT_PER_MINUTE: NEVER_SPENT, TENANT_RATE_LIMIT_PER_MINUTE: NEVER_SPENT });
  const log = openLog({ level: 'warn', pretty: false });
  await startTracing({ endpoint: undefined, process: 'gateway' });
  const lifted = liftPolicy(sdl);
  const cache = memoryCache();
  const executor = await openExecutor({ supergraphSdl: sdl, weights: weightsOf, reaches: (subgraphs) => given.reaches(subgraphs, { settings, log }) });
  const rate = await rateLimiter(settings);
  const known = authenticator({ ask, cache, events: quiet, settings });
  const authenticate: typeof known = async (credentials) => known({ ...credentials, authorization: `Bearer ${await tokenFor(credentials.authorization ?? '')}`, tenant: 'acme' });
  const admit = admission({ settings, executor, rate, spent: new WeakMap(), policy: { lifted: () => lifted, documents: openDocuments({ settings, cache }) } });
  const edge = { settings, executor, authenticate, admit, rate, charges: true, log };
  const streams = streamDoors(edge);
  const route = graphqlRoute({ ...edge, streams, graphiql: false, apollo: await openApollo({ executor, production: true, log }) });
  await serve({ name: 'gateway', host: '127.0.0.1', port: settings.PORT, drainMs: 0, noticeMs: 0, log, readiness: async () => ({ ready: true, detail: {} }), routes: { '/graphql': route } });
}
