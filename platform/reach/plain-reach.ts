/** A subgraph that is not Atlas's: it gets no viewer, only those headers of the client that were chosen to travel on. */
import type { Line } from './line.ts';
import type { Reach } from './reach.ts';

export const plainReach = (line: Line): Reach => ({
  answer: (request) => line.answer(request, request.headers ? flat(request.headers) : []),
});

/** Requests of one client share the object that holds their headers. */
const written = new WeakMap<object, readonly string[]>();

function flat(headers: Readonly<Record<string, string>>): readonly string[] {
  const known = written.get(headers);
  if (known) return known;
  const made = Object.entries(headers).flat();
  written.set(headers, made);
  return made;
}
