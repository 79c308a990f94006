/**
 * One HTTP listener: routes by path, health, readiness, metrics, and a stop that fails nobody. To drain is to say "not ready"
 * and go on as before for a while, closing each connection with its next answer; then to close the door, to wait for what
 * runs, and only then to stop.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { AtlasError, toPublic } from './errors.ts';
import type { Log } from './log.ts';
import { metrics } from './telemetry/metrics.ts';

export type Route = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;
/** What a path does with a connection that becomes something else than HTTP: a socket. */
export interface Upgrade {
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells whoever is connected to come again, and resolves when they have gone or their time is over. */
  drain(): Promise<void>;
}
export interface Readiness { ready: boolean; detail: Record<string, string> }
/** `alone`: of this process and none of its neighbours. */
export interface AskedReady { alone: boolean }

export interface Listener {
  readonly port: number;
  readonly url: string;
  /** Stops taking part, waits for what runs, closes. */
  drain(): Promise<void>;
}

const HEADERS_MS = 15_000;
const BODY_MS = 60_000;
/** Nobody is connected and nobody has asked for so long: there is nobody to give notice to. */
const QUIET_MS = 1_000;
const NOTICE_LOOK_MS = 20;

export async function serve(given: {
  name: string; host: string; port: number; log: Log;
  /** How long a drain may take in all. */
  drainMs: number;
  /** How much of it balancers have to see that we are not ready, and kept connections to ask once more. */
  noticeMs: number;
  routes: Record<string, Route>;
  readiness: (asked: AskedReady) => Promise<Readiness>;
  /** How long a request may take to arrive, where a route reads more than `readBody` does: files. */
  arriveMs?: number;
  upgrades?: Record<string, Upgrade>;
  /** Ends what would not end by itself: streams. Called once we have said that we are stopping. */
  onDrain?: () => Promise<void>;
}): Promise<Listener> {
  let draining = false;
  let lastAskedAt = 0;
  const running = new Set<ServerResponse>();

  const routes: Record<string, Route> = {
    '/health': async (_, response) => sendJson(response, 200, { status: 'alive' }),
    '/ready': async (_, response, url) => {
      const { ready, detail } = draining ? { ready: false, detail: { process: 'stopping' } } : await given.readiness({ alone: url.searchParams.has('alone') });
      sendJson(response, ready ? 200 : 503, { ready, detail });
    },
    '/metrics': async (_, response) => {
      response.writeHead(200, { 'content-type': metrics.contentType });
      response.end(await metrics.metrics());
    },
    ...given.routes,
  };

  // eslint-disable-next-line @typescript-eslint/no-misused-promises -- whatever is thrown inside ends as an answer
  const server = createServer(async (request, response) => {
    running.add(response);
    lastAskedAt = Date.now();
    response.once('close', () => running.delete(response));
    if (draining) response.setHeader('connection', 'close');
    try {
      const url = targetOf(request);
      const route = routes[url.pathname];
      if (route) await route(request, response, url);
      else sendJson(response, 404, { errors: [{ message: given.routes['/graphql'] ? 'Nothing is here. The graph is at /graphql.' : 'Nothing is here: this process handles events or runs jobs, and answers nothing.' }] });
    } catch (error) {
      if (!(error instanceof AtlasError)) given.log.error({ err: error }, 'A request failed.');
      const shown = toPublic(error);
      if (!response.headersSent) sendJson(response, shown.extensions.status, { errors: [shown] });
      else response.destroy();
    }
  });
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    socket.on('error', () => socket.destroy()); // whoever leaves in the middle of a word
    const upgrade = draining ? undefined : given.upgrades?.[pathOf(request)];
    if (upgrade) upgrade.take(request, socket, head);
    else socket.end(`HTTP/1.1 ${draining ? '503 Service Unavailable' : '404 Not Found'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = given.arriveMs ?? BODY_MS;
  server.keepAliveTimeout = 60_000;

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, given)));
    server.listen(given.port, given.host, resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    port,
    url: `http://${given.host === '0.0.0.0' || given.host === '127.0.0.1' ? 'localhost' : given.host}:${port}`,
    async drain() {
      draining = true;
      const since = Date.now();
      const until = since + given.drainMs;
      for (const response of running) if (!response.headersSent) response.setHeader('connection', 'close');
      // Whoever holds a connection asks once more and is told to leave it; an idle one that is cut might have been about to ask.
      while (Date.now() - since < Math.min(given.noticeMs, given.drainMs)) {
        if (Date.now() - lastAskedAt > QUIET_MS && await connectionsOf(server) === 0) break;
        await sleep(NOTICE_LOOK_MS);
      }
      await turn(); // what has arrived by now has been read, and is answered
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const left = Promise.all([given.onDrain?.(), ...Object.values(given.upgrades ?? {}).map((upgrade) => upgrade.drain())]);
      await Promise.race([left, sleep(Math.max(0, until - Date.now()), undefined, { ref: false })]);
      while (running.size > 0 && Date.now() < until) {
        server.closeIdleConnections();
        await sleep(20);
      }
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
      await closed;
    },
  };
}

function targetOf({ url = '/' }: IncomingMessage): URL {
  if (!URL.canParse(url, 'http://atlas')) throw new AtlasError('BAD_REQUEST', 'The request target is not a path.');
  return new URL(url, 'http://atlas');
}

const pathOf = ({ url = '/' }: IncomingMessage): string => (URL.canParse(url, 'http://atlas') ? new URL(url, 'http://atlas').pathname : '');

function portError(error: NodeJS.ErrnoException, given: { name: string; host: string; port: number }): Error {
  const variable = given.name === 'gateway' ? 'PORT' : `${given.name.toUpperCase()}_PORT`;
  if (error.code === 'EADDRINUSE') return new Error(`Port ${given.port} is taken: stop what listens there, or set ${variable} to another.`);
  if (error.code === 'EACCES') return new Error(`Port ${given.port} may not be used by this account: set ${variable} to one above 1023.`);
  return new Error(`The ${given.name} could not listen on ${given.host}:${given.port} (${error.code}): check HOST and ${variable}.`);
}

const connectionsOf = (server: Server): Promise<number> => new Promise((resolve) => { server.getConnections((_, count) => resolve(count)); });

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text), ...headers });
  response.end(text);
}

/** The whole body as text, refused as soon as it is too long or too late. */
export async function readBody(request: IncomingMessage, bytesMax: number, lateMs = BODY_MS): Promise<string> {
  const tooLarge = () => new AtlasError('BODY_TOO_LARGE', `A request body may hold ${bytesMax} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw tooLarge();
  const parts: Buffer[] = [];
  let length = 0;
  const late = setTimeout(() => request.destroy(new AtlasError('DEADLINE_EXCEEDED', 'The request did not arrive in time.')), lateMs);
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > bytesMax) throw tooLarge();
      parts.push(part);
    }
  } finally {
    clearTimeout(late);
  }
  return Buffer.concat(parts).toString('utf8');
}
