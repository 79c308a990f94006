/** An error of a subgraph, told where the client sees it: its own path put behind the place of the object that it is about. */
import type { GraphQLFormattedError } from 'graphql';
import { AtlasError, toPublic, type PublicError } from '../../platform/errors.ts';
import { requestInfo } from '../../platform/request.ts';
import { calledBack } from '../plan/aliases.ts';
import type { Fetch } from '../compile.ts';
import type { Place } from './find.ts';

export interface Missed { place: Place; typeName: unknown; representation?: number }

/** One failure may be felt in thousands of places; a client that was told so many times knows. */
const SAID_MAX = 100;

type SubgraphError = PublicError & { path?: readonly (string | number)[] };

/** `places` by representation; at a root there is one group. */
export function placed(error: SubgraphError, fetch: Fetch, alias: string, places: readonly (readonly Missed[])[]): GraphQLFormattedError[] {
  const path = error.path ?? [];
  const { message, extensions } = error;
  // The subgraph may have been asked for several requests at once; each is told its own id.
  const requestId = requestInfo()?.requestId;
  const say = (at: Place): GraphQLFormattedError => ({ message, path: at.map(named), ...(extensions && { extensions: { ...extensions, ...(requestId && extensions.requestId && { requestId }) } }) });
  if (!fetch.entities) {
    const start = places[0]?.[0]?.place ?? [];
    if (path.length > 0) return [say([...start, ...renamed(path, fetch)])];
    return everywhere(fetch, places.flat()).map(say);
  }
  const [first, number, ...rest] = path;
  if (first !== alias || typeof number !== 'number') return everywhere(fetch, places.flat().slice(0, SAID_MAX)).map(say);
  const felt = (places[number] ?? []).slice(0, SAID_MAX);
  return rest.length > 0 ? felt.map(({ place }) => say([...place, ...renamed(rest, fetch)])) : everywhere(fetch, felt).map(say);
}

/** Nothing came back at all. */
export function missing(error: Error, fetch: Fetch, places: readonly Missed[]): GraphQLFormattedError[] {
  const known = error instanceof AtlasError ? error : new AtlasError('SUBGRAPH_UNAVAILABLE', undefined, { cause: error });
  const shown = toPublic(known, requestInfo()?.requestId);
  return everywhere(fetch, places.slice(0, SAID_MAX)).map((place) => ({ ...shown, extensions: { ...shown.extensions }, path: place.map(named) }));
}

/** Each place, with each field that was to come to it. */
function everywhere(fetch: Fetch, places: readonly Missed[]): Place[] {
  const all: Place[] = [];
  for (const { place, typeName } of places) {
    for (const { name, on } of fetch.brings) {
      if (on !== null && typeof typeName === 'string' && fetch.entities && on !== typeName && fetch.brings.some((other) => other.on === typeName)) continue;
      all.push([...place, name]);
      if (all.length >= SAID_MAX) return all;
    }
  }
  return all;
}

/** What a fetch calls otherwise than the plan does: the rename that will be made in the data is made in the path. */
function renamed(path: Place, fetch: Fetch): Place {
  if (fetch.outputRewrites.length === 0) return path;
  return path.map((step) => {
    const rename = fetch.outputRewrites.find((each) => each.kind === 'KeyRenamer' && each.path.at(-1) === step);
    return rename?.kind === 'KeyRenamer' ? rename.renameKeyTo : step;
  });
}

const named = (step: string | number): string | number => (typeof step === 'string' ? calledBack(step) : step);
