/**
 * A Stripe for a test: a real HTTP server that speaks the documented shapes of Stripe's API as far as Atlas uses it, holds a
 * state that behaves, and tells changes as signed webhooks, with the SDK's own generator of signatures. What customers and
 * their banks do is done by `acts`. It says nothing of how the real Stripe behaves beyond that documentation.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { actsOn, type Acts } from './stripe/acts.ts';
import { ENDPOINTS } from './stripe/endpoints.ts';
import { expanded } from './stripe/expand.ts';
import { invalid, parseForm, StripeRefusal, type Params } from './stripe/form.ts';
import { hooksOf, type Hooks } from './stripe/hooks.ts';
import { StripeWorld } from './stripe/world.ts';

/** The version that the SDK is pinned to; a client that asks for another is refused, so that nobody moves by accident. */
export const STRIPE_VERSION = '2026-10-28.endive';
export const TEST_KEY = 'sk_test_51AtlasLocal';

export interface Asked { method: string; path: string; params: Params; key: string | null; version: string; status: number; replayed: boolean }
/** What goes wrong with the next calls that fit: before anything is done (kept: and answered so again under the same key), or after, when only the answer is lost or never comes. */
export interface Fault { fits: RegExp; times: number; status?: 429 | 500 | 503; how?: 'before' | 'kept' | 'answer-lost' | 'answer-hangs' | 'hangs' }

export interface StripeServer {
  url: string;
  world: StripeWorld;
  asked: Asked[];
  faults: Fault[];
  acts: Acts;
  hooks: Hooks;
  stop(): Promise<void>;
}

interface Kept { print: string; status: number; body: string }

export async function openStripe({ key = TEST_KEY, livemode = false }: { key?: string; livemode?: boolean } = {}): Promise<StripeServer> {
  const world = new StripeWorld(STRIPE_VERSION, livemode);
  const kept = new Map<string, Kept | 'running'>();
  const asked: Asked[] = [];
  const faults: Fault[] = [];
  const server = createServer((request, response) => void bodyOf(request).then((body) => serve({ world, key, kept, asked, faults }, request, response, body)));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, world, asked, faults, acts: actsOn(world), hooks: hooksOf(world),
    stop: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}

interface Account { world: StripeWorld; key: string; kept: Map<string, Kept | 'running'>; asked: Asked[]; faults: Fault[] }

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}

function serve(account: Account, request: IncomingMessage, response: ServerResponse, body: string): void {
  const url = new URL(request.url!, 'http://stripe');
  const params = parseForm(request.method === 'POST' ? body : url.search.slice(1));
  const one: Asked = { method: request.method!, path: url.pathname, params, key: headerOf(request.headers, 'idempotency-key'), version: headerOf(request.headers, 'stripe-version') ?? '', status: 0, replayed: false };
  account.asked.push(one);
  const fault = faultFor(account, one);
  if (fault?.how === 'hangs') return;
  const refused = fault && !fault.how?.startsWith('answer') ? refusedBy(fault) : null;
  if (refused && fault?.how === 'kept' && one.key !== null) account.kept.set(one.key, { print: printOf(one), status: refused.status, body: refused.text });
  const { status, text, replayed } = refused ?? answer(account, one, request.headers);
  Object.assign(one, { status, replayed });
  if (fault?.how === 'answer-hangs') return;
  if (fault?.how === 'answer-lost') return void request.socket.destroy();
  response.writeHead(status, {
    'content-type': 'application/json', 'request-id': account.world.id('request'), 'stripe-version': one.version, ...(one.key && { 'idempotency-key': one.key }), ...(replayed && { 'idempotent-replayed': 'true' }),
  }).end(text);
}

function faultFor({ faults }: Account, { method, path }: Asked): Fault | undefined {
  const fault = faults.find(({ fits, times }) => times > 0 && fits.test(`${method} ${path}`));
  if (fault) fault.times -= 1;
  return fault;
}

interface Answer { status: number; text: string; replayed: boolean }
const refusedBy = ({ status = 500 }: Fault): Answer => ({ status, text: errorText(status === 429 ? { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests hit the API too quickly.' } : { type: 'api_error', message: 'Something went wrong on our end.' }), replayed: false });
const errorText = (error: StripeRefusal['error']): string => JSON.stringify({ error });

const printOf = ({ method, path, params }: Asked): string => JSON.stringify([method, path, params]);

/** What was asked with a key before is answered as it was; errors of the form are not kept, because nothing had begun. */
function answer(account: Account, one: Asked, headers: IncomingHttpHeaders): Answer {
  const print = printOf(one);
  const before = one.method === 'POST' && one.key !== null ? account.kept.get(one.key) : undefined;
  if (before === 'running') return { status: 409, text: errorText({ type: 'idempotency_error', code: 'idempotency_key_in_use', message: 'There is currently another in-progress request using this key.' }), replayed: false };
  if (before && before.print !== print) return { status: 400, text: errorText({ type: 'idempotency_error', message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${one.key!}'.` }), replayed: false };
  if (before) return { status: before.status, text: before.body, replayed: true };
  try {
    const text = JSON.stringify(done(account, one, headers));
    if (one.method === 'POST' && one.key !== null) account.kept.set(one.key, { print, status: 200, body: text });
    return { status: 200, text, replayed: false };
  } catch (error) {
    if (error instanceof StripeRefusal) return { status: error.status, text: errorText(error.error), replayed: false };
    return { status: 500, text: errorText({ type: 'api_error', message: String(error) }), replayed: false };
  }
}

function done({ world, key }: Account, { method, path, params, version }: Asked, headers: IncomingHttpHeaders): Params {
  if (headers.authorization !== `Bearer ${key}`) throw new StripeRefusal(401, { type: 'invalid_request_error', message: 'Invalid API Key provided.' });
  if (version !== STRIPE_VERSION) throw invalid(`Invalid Stripe API version: ${version}`);
  const known = ENDPOINTS[`${method} ${path}`];
  const [, family, id, verb] = /^(\/v1\/(?:checkout\/sessions|billing\/meters|[a-z_]+))\/([^/]+)(\/[a-z]+)?$/.exec(path) ?? [];
  const endpoint = known ?? ENDPOINTS[`${method} ${family ?? ''}/:id${verb ?? ''}`];
  if (!endpoint) throw new StripeRefusal(404, { type: 'invalid_request_error', message: `Unrecognized request URL (${method}: ${path}).` });
  const unknown = Object.keys(params).find((name) => !endpoint.takes.includes(name));
  if (unknown) throw invalid(`Received unknown parameter: ${unknown}`, unknown, 'parameter_unknown');
  const { expand = [], ...rest } = params as { expand?: string[] };
  return expanded(world, endpoint.do(world, rest, id ?? ''), expand);
}

const headerOf = (headers: IncomingHttpHeaders, name: string): string | null => {
  const value = headers[name];
  return typeof value === 'string' ? value : null;
};
