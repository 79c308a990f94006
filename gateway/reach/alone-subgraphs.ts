/** The subgraphs that a supergraph names, each within reach at its address. After a reload it is the new file's that count. */
import type { Log } from '../../platform/log.ts';
import { openLine, type LineSettings } from '../../platform/reach/line.ts';
import { plainReach } from '../../platform/reach/plain-reach.ts';
import type { HttpReach } from '../../platform/reach/http-reach.ts';
import type { Reach } from '../../platform/reach/reach.ts';
import type { Supergraph } from '../supergraph.ts';

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

interface Held { reach: HttpReach; close(): Promise<void> }

export function openSubgraphs(given: { settings: LineSettings & { REQUEST_TIMEOUT_MS: number }; log: Log }): Subgraphs {
  const { settings, log } = given;
  const held = new Map<string, Held>();
  const leaving = new Map<NodeJS.Timeout, Held>();
  let newest: Named = [];
  let served: Named = [];
  const place = ({ name, url }: Named[number]) => `${name} ${url}`;

  const hold = (subgraph: Named[number]): Held => {
    const known = held.get(place(subgraph));
    if (known) return known;
    const { name: service, url } = subgraph;
    const line = openLine({ service, url, settings, log });
    const reach = plainReach({ service, url, line });
    const made: Held = { reach, close: async () => { reach.close(); await line.close(); } };
    held.set(place(subgraph), made);
    return made;
  };

  return {
    served: () => served,
    reachesOf(subgraphs) {
      for (const subgraph of subgraphs) refuseUnreachable(subgraph);
      newest = subgraphs;
      return new Map(subgraphs.map((subgraph) => [subgraph.name, hold(subgraph).reach]));
    },
    settle() {
      served = newest;
      const used = new Set(served.map(place));
      for (const [name, one] of held) {
        if (used.has(name)) continue;
        held.delete(name);
        // Requests that were planned before may ask it until their own time is over.
        const timer = setTimeout(() => { leaving.delete(timer); void one.close(); }, settings.REQUEST_TIMEOUT_MS).unref();
        leaving.set(timer, one);
      }
    },
    async close() {
      for (const timer of leaving.keys()) clearTimeout(timer);
      await Promise.all([...held.values(), ...leaving.values()].map((one) => one.close()));
    },
  };
}

function refuseUnreachable({ name, url }: Named[number]): void {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
  throw new Error(`The subgraph ${name} has no address that begins with http:// or https://.`);
}
