/** Which pages of other origins may call Atlas. Tokens travel in a header, never in a cookie, so nothing is sent unasked. */
import type { Route } from '../../platform/serve.ts';

interface Allowed { methods: string; headers: string; exposed: string }
const GRAPH: Allowed = {
  methods: 'GET, POST',
  headers: 'authorization, content-type, atlas-tenant, idempotency-key, x-request-id, traceparent, apollo-require-preflight',
  exposed: 'x-request-id, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset, ratelimit, ratelimit-policy',
};
export const FILES: Allowed = { methods: 'GET, PUT', headers: 'content-type, if-range, range', exposed: 'accept-ranges, content-disposition, content-range, etag' };

export const mayCall = (origins: readonly string[], origin: string | undefined): boolean =>
  origin !== undefined && (origins.includes('*') || origins.includes(origin));

export const withCors = (origins: readonly string[], route: Route, allows: Allowed = GRAPH): Route => async (request, response, url) => {
  const { origin } = request.headers;
  const allowed = origin !== undefined && mayCall(origins, origin);
  response.setHeader('vary', 'origin');
  if (allowed) {
    response.setHeader('access-control-allow-origin', origins.includes('*') ? '*' : origin);
    response.setHeader('access-control-expose-headers', allows.exposed);
  }
  if (request.method !== 'OPTIONS') return route(request, response, url);
  if (allowed) {
    response.setHeader('access-control-allow-methods', allows.methods);
    response.setHeader('access-control-allow-headers', allows.headers);
    response.setHeader('access-control-max-age', '7200');
  }
  response.writeHead(204).end();
};
