/** A subgraph that is not Atlas's: it gets no viewer, only those headers of the client that were chosen to travel on. */
import type { Line } from './line.ts';
import type { HttpReach } from './http-reach.ts';
import { socketReach } from './socket-reach.ts';

export function plainReach(given: { service: string; url: string; line: Line }): HttpReach {
  const sockets = socketReach({ service: given.service, url: given.url, timeoutMs: given.line.timeoutMs, signer: null });
  return {
    answer: (request) => given.line.answer(request, request.headers ? flat(request.headers) : []),
    follow: sockets.follow,
    close: sockets.close,
  };
}

/** Requests of one client share the object that holds their headers. */
const written = new WeakMap<object, readonly string[]>();

function flat(headers: Readonly<Record<string, string>>): readonly string[] {
  const known = written.get(headers);
  if (known) return known;
  const made = Object.entries(headers).flat();
  written.set(headers, made);
  return made;
}
