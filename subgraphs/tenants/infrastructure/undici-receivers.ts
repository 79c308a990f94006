import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Agent, buildConnector, request, type Dispatcher } from 'undici';
import type { Receivers } from '../domain/webhook-ports.ts';
import type { Answer } from '../domain/webhook-sending.ts';
import type { WebhookFormat } from '../domain/webhook.ts';
import { NotPublic, publicAddresses, type LookUp } from './public-addresses.ts';

const EXCERPT_BYTES = 1_000;
const IDLE_MS = 10_000;
const USER_AGENT = 'Atlas-Webhooks/1.0 (+https://www.standardwebhooks.com)';

const TYPES: Record<WebhookFormat, string> = { CLOUD_EVENT: 'application/cloudevents+json; charset=utf-8', SLACK: 'application/json; charset=utf-8' };

interface Given { http: boolean; allowed: readonly string[]; timeoutMs: number; lookUp?: LookUp }

/** Posts to whoever a tenant names. It follows no redirect, goes through no proxy, and reads no more of an answer than it keeps. */
export function undiciReceivers({ http, allowed, timeoutMs, lookUp }: Given): Receivers & { close(): Promise<void> } {
  const addresses = publicAddresses({ allowed, ...(lookUp && { lookUp }) });
  const plain = buildConnector({ lookup: addresses.lookup, timeout: timeoutMs } as buildConnector.BuildOptions);
  const agent = new Agent({
    keepAliveTimeout: IDLE_MS, keepAliveMaxTimeout: IDLE_MS, headersTimeout: timeoutMs, bodyTimeout: timeoutMs, pipelining: 1,
    connect(options, callback) {
      // An address is not looked up, so it is checked here; and whatever came of it, where the socket leads is checked again.
      if (addresses.refusal(options.hostname) !== null) return callback(new NotPublic(), null);
      plain(options, (error, socket) => {
        const reached = (socket as Socket | null)?.remoteAddress;
        if (error || !socket) return callback(error ?? new Error('There is no connection.'), null);
        if (reached === undefined || addresses.isAllowed(reached)) return callback(null, socket);
        socket.destroy();
        callback(new NotPublic(), null);
      });
    },
  });

  return {
    http,
    refusal: (url) => addresses.refusalOfName(url.hostname),
    async post({ url, format, headers, payload }) {
      const began = performance.now();
      const outcome = await send(agent, url, { ...headers, 'content-type': TYPES[format], 'accept-encoding': 'identity', 'user-agent': USER_AGENT }, payload, timeoutMs)
        .catch((error: unknown) => ({ code: null, excerpt: null, retryAfterMs: null, failure: sentenceOf(error, timeoutMs) }));
      return { ...outcome, durationMs: Math.round(performance.now() - began) };
    },
    close: () => agent.destroy(),
  };
}

async function send(dispatcher: Agent, url: string, headers: Record<string, string>, body: string, timeoutMs: number): Promise<Omit<Answer, 'durationMs'>> {
  const response = await request(url, { dispatcher, method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMs) });
  const code = response.statusCode;
  const excerpt = await excerptOf(response.body);
  const failure = code >= 200 && code < 300 ? null : code >= 300 && code < 400 ? 'The receiver answered with a redirect, which is not followed.' : `The receiver answered ${code}.`;
  return { code, excerpt, failure, retryAfterMs: retryAfterOf(response.headers['retry-after']) };
}

/** What the body begins with. The status line has said already what became of it, so a body that breaks off or never ends changes nothing. */
async function excerptOf(body: Dispatcher.ResponseData['body']): Promise<string | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of body as AsyncIterable<Buffer>) {
      parts.push(part);
      if ((bytes += part.length) >= EXCERPT_BYTES) break;
    }
  } catch {
    // What has come is kept.
  } finally {
    body.destroy();
  }
  // A database keeps no NUL, and nobody sees one.
  return bytes === 0 ? null : Buffer.concat(parts).subarray(0, EXCERPT_BYTES).toString('utf8').replaceAll('\0', '');
}

/** Seconds, or a date. */
function retryAfterOf(header: string | string[] | undefined): number | null {
  if (typeof header !== 'string') return null;
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}

function sentenceOf(error: unknown, timeoutMs: number): string {
  const { code = '', name = '' } = error as { code?: string; name?: string };
  if (error instanceof NotPublic) return error.message;
  if (name === 'TimeoutError' || /TIMEOUT|TIMEDOUT/.test(code)) return `The receiver did not answer within ${timeoutMs} ms.`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'The name of the receiver is not known.';
  if (code === 'ECONNREFUSED') return 'The receiver accepts no connections.';
  if (/CERT|TLS|SSL|ALTNAME/.test(code)) return `The receiver’s certificate is not valid (${code}).`;
  return 'The connection to the receiver broke off.';
}
