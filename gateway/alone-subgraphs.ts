/** The subgraphs that a supergraph names, each within reach at its address. After a reload it is the new file's that count. */
import { GraphQLError, Kind, parse, type DirectiveNode, type EnumValueDefinitionNode } from 'graphql';
import type { Log } from '../platform/log.ts';
import { openLine, type Line, type LineSettings } from '../platform/reach/line.ts';
import { plainReach } from '../platform/reach/plain-reach.ts';
import type { Reach } from '../platform/reach/reach.ts';

export interface Subgraphs {
  /** By name; it changes in place. */
  readonly reaches: ReadonlyMap<string, Reach>;
  /** What the newest supergraph names. */
  named(): readonly Named[];
  /** Makes everything that this supergraph names reachable, before it is served. Throws what is wrong with it. */
  include(sdl: string): void;
  /** The last one that was included is served: what only earlier ones named is let go of, once nobody can be using it. */
  settle(): void;
  close(): Promise<void>;
}

export interface Named { name: string; url: string }

export function openSubgraphs(given: { settings: LineSettings & { REQUEST_TIMEOUT_MS: number }; log: Log }): Subgraphs {
  const { settings, log } = given;
  const lines = new Map<string, Line>();
  const reaches = new Map<string, Reach>();
  const leaving = new Map<NodeJS.Timeout, Line>();
  let newest: readonly Named[] = [];
  const addressOf = ({ name, url }: Named) => `${name} ${url}`;

  return {
    reaches,
    named: () => newest,
    include(sdl) {
      newest = subgraphsOf(sdl);
      for (const named of newest) {
        const line = lines.get(addressOf(named)) ?? openLine({ service: named.name, url: named.url, settings, log });
        lines.set(addressOf(named), line);
        reaches.set(named.name, plainReach(line));
      }
    },
    settle() {
      const used = new Set(newest.map(addressOf));
      for (const [address, line] of lines) {
        if (used.has(address)) continue;
        lines.delete(address);
        // Requests that were planned before may ask it until their own time is over.
        const timer = setTimeout(() => { leaving.delete(timer); void line.close(); }, settings.REQUEST_TIMEOUT_MS).unref();
        leaving.set(timer, line);
      }
      for (const name of reaches.keys()) if (!newest.some((named) => named.name === name)) reaches.delete(name);
    },
    async close() {
      for (const timer of leaving.keys()) clearTimeout(timer);
      await Promise.all([...lines.values(), ...leaving.values()].map((line) => line.close()));
    },
  };
}

/** `enum join__Graph { USERS @join__graph(name: "users", url: "http://…") }`, which composition wrote. */
export function subgraphsOf(sdl: string): Named[] {
  const graphs = parse(sdl).definitions.find((definition) => definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph');
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) throw new Error('It is not a supergraph: it names no subgraphs (there is no enum join__Graph).');
  return (graphs.values ?? []).map(namedIn);
}

function namedIn(value: EnumValueDefinitionNode): Named {
  const directive = value.directives?.find(({ name }) => name.value === 'join__graph');
  const name = textOf(directive, 'name') ?? value.name.value;
  const url = textOf(directive, 'url') ?? '';
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new GraphQLError(`The subgraph ${name} has no address that begins with http:// or https://.`, { nodes: value });
  return { name, url };
}

function textOf(directive: DirectiveNode | undefined, argument: string): string | undefined {
  const value = directive?.arguments?.find(({ name }) => name.value === argument)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}
