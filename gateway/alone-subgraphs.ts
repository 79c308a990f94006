/** The subgraphs that a supergraph names, each within reach at its address. After a reload it is the new file's that count. */
import type { Log } from '../platform/log.ts';
import { openLine, type Line, type LineSettings } from '../platform/reach/line.ts';
import { plainReach } from '../platform/reach/plain-reach.ts';
import type { Reach } from '../platform/reach/reach.ts';
import type { Supergraph } from './supergraph.ts';

export type Named = Supergraph['subgraphs'];

export interface Subgraphs {
  /** Everything that a supergraph names; what was named before, at the same address, keeps its connections. */
  reachesOf(subgraphs: Named): ReadonlyMap<string, Reach>;
  /** What the supergraph names that is served now. */
  served(): Named;
  /** The newest took over: what only earlier ones named is let go of, once nobody can be using it any more. */
  settle(): void;
  close(): Promise<void>;
}

export function openSubgraphs(given: { settings: LineSettings & { REQUEST_TIMEOUT_MS: number }; log: Log }): Subgraphs {
  const { settings, log } = given;
  const lines = new Map<string, Line>();
  const leaving = new Map<NodeJS.Timeout, Line>();
  let newest: Named = [];
  let served: Named = [];
  const place = ({ name, url }: Named[number]) => `${name} ${url}`;

  const lineTo = (subgraph: Named[number]): Line => {
    const line = lines.get(place(subgraph)) ?? openLine({ service: subgraph.name, url: subgraph.url, settings, log });
    lines.set(place(subgraph), line);
    return line;
  };

  return {
    served: () => served,
    reachesOf(subgraphs) {
      for (const subgraph of subgraphs) refuseUnreachable(subgraph);
      newest = subgraphs;
      return new Map(subgraphs.map((subgraph) => [subgraph.name, plainReach(lineTo(subgraph))]));
    },
    settle() {
      served = newest;
      const used = new Set(served.map(place));
      for (const [name, line] of lines) {
        if (used.has(name)) continue;
        lines.delete(name);
        // Requests that were planned before may ask it until their own time is over.
        const timer = setTimeout(() => { leaving.delete(timer); void line.close(); }, settings.REQUEST_TIMEOUT_MS).unref();
        leaving.set(timer, line);
      }
    },
    async close() {
      for (const timer of leaving.keys()) clearTimeout(timer);
      await Promise.all([...lines.values(), ...leaving.values()].map((line) => line.close()));
    },
  };
}

function refuseUnreachable({ name, url }: Named[number]): void {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
  throw new Error(`The subgraph ${name} has no address that begins with http:// or https://.`);
}
