/** The subgraphs that a supergraph names, each within reach at its address. After a reload it is the new file's that count. */
import type { Log } from '../../platform/log.ts';
import { nobodyAt } from '../../platform/reach/answers-at.ts';
import { openLine, type LineSettings } from '../../platform/reach/line.ts';
import { plainReach } from '../../platform/reach/plain-reach.ts';
import type { HttpReach } from '../../platform/reach/http-reach.ts';
import type { Reach } from '../../platform/reach/reach.ts';
import { misnamed, NotYet, type Address } from '../supergraph/addresses.ts';

export type Named = readonly Address[];

export interface Subgraphs {
  /**
   * Resolves when somebody answers at every address that is not served already. A subgraph that is served and away keeps no
   * new supergraph out, since that makes nothing worse; a new one that is not there would.
   */
  found(subgraphs: Named): Promise<void>;
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

  const find = async (subgraph: Address): Promise<void> => {
    refuseUnreachable(subgraph);
    const instead = await nobodyAt(subgraph.url, settings.ASK_TIMEOUT_MS);
    if (instead !== null) throw new NotYet(`The subgraph ${subgraph.name} does not answer at ${subgraph.url} (${instead}).`, { nodes: subgraph.at });
  };

  return {
    served: () => served,
    async found(subgraphs) {
      const known = new Set(served.map(place));
      await Promise.all(subgraphs.filter((each) => !known.has(place(each))).map(find));
    },
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

function refuseUnreachable(address: Address): void {
  if (URL.canParse(address.url) && /^https?:$/.test(new URL(address.url).protocol)) return;
  throw misnamed(address, `The subgraph ${address.name} has no address that begins with http:// or https://.`);
}
