/** A service of Atlas in another process: the viewer as a signed header, and the circumstances of the request beside it. */
import type { SubgraphName } from '../names.ts';
import { REQUEST_HEADERS, requestInfo, type RequestInfo } from '../request.ts';
import { currentTraceparent } from '../telemetry/trace.ts';
import { VIEWER_HEADER, type ViewerSigner } from '../viewer-header.ts';
import { noteTold } from '../write-token.ts';
import type { Line } from './line.ts';
import type { Reach } from './reach.ts';
import { socketReach } from './socket-reach.ts';

/** What is asked goes over the line that all askers share; what is followed, over sockets of the asker's own. */
export interface HttpReach extends Reach { close(): void }

export function httpReach(given: { service: SubgraphName; url: string; line: Line; signer: () => ViewerSigner }): HttpReach {
  const sockets = socketReach({ service: given.service, url: given.url, timeoutMs: given.line.timeoutMs, signer: given.signer });
  return {
    async answer(request) {
      const headers = [VIEWER_HEADER, await given.signer().sign(request.viewer, given.service)];
      const info = requestInfo();
      if (info) headers.push(...circumstancesOf(info), REQUEST_HEADERS.leftMs, leftFor(request.isShared ? {} : info, given.line.timeoutMs));
      const traceparent = currentTraceparent();
      if (traceparent) headers.push('traceparent', traceparent);
      const { extensions, ...answer } = await given.line.answer(request, headers);
      noteTold(extensions?.told ?? []);
      return extensions?.usage ? { ...answer, extensions: { usage: extensions.usage } } : answer;
    },
    follow: sockets.follow,
    close: sockets.close,
  };
}

/** What the service may spend on neighbours of its own and still be in time to say that one of them failed. */
const OWN_SHARE = 0.9;
const leftFor = ({ deadlineAtMs = Infinity }: Pick<RequestInfo, 'deadlineAtMs'>, timeoutMs: number): string =>
  String(Math.max(0, Math.floor(Math.min(deadlineAtMs - performance.now(), timeoutMs) * OWN_SHARE)));

/** One request puts several questions: what they share is written once. */
const written = new WeakMap<RequestInfo, readonly string[]>();

function circumstancesOf(info: RequestInfo): readonly string[] {
  const known = written.get(info);
  if (known) return known;
  const headers = [REQUEST_HEADERS.requestId, info.requestId];
  if (info.address) headers.push(REQUEST_HEADERS.address, info.address);
  if (info.userAgent) headers.push(REQUEST_HEADERS.userAgent, encodeURIComponent(info.userAgent));
  if (info.idempotencyKey) headers.push(REQUEST_HEADERS.idempotencyKey, encodeURIComponent(info.idempotencyKey));
  written.set(info, headers);
  return headers;
}
