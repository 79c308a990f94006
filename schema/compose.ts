/**
 * Slices in; the supergraph that the gateway plans by, and the API that clients see, out. The same slices give the same
 * bytes, whatever order they come in. A composition that fails says in which line of which slice.
 */
import { composeServices } from '@apollo/composition';
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { getLocation, GraphQLError, lexicographicSortSchema, parse, printSchema, Source } from 'graphql';

export interface Sdl { name: string; sdl: string }
export interface Composed { supergraph: string; api: string }

/** Slices that do not fit together, one line a fault: `schema/users.graphql:12: message`. */
export class CompositionError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'CompositionError';
    this.faults = faults;
  }
}

/** Who reads a generated file learns first what made it. */
export const header = (how: string): string => `# Made by \`${how}\` from the code of the services. Do not edit it: change the code and run that again.\n\n`;
export const fileOf = (name: string): string => `schema/${name}.graphql`;

/** The text of a slice's file: what is composed is what is read, so that the lines in faults are the file's lines. */
export const sliceText = (sdl: string): string => `${header('npm run schema')}${sdl.trim()}\n`;

export function compose(slices: readonly Sdl[]): Composed {
  const inOrder = [...slices].sort((a, b) => (a.name < b.name ? -1 : 1));
  const services = inOrder.map(({ name, sdl }) => ({
    name,
    // Replaced at run time by where the service is reached.
    url: `http://${name}/graphql`,
    typeDefs: parsed(fileOf(name), sliceText(sdl)),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new CompositionError((errors ?? []).flatMap(placed));
  // The router's features, because the default ones refuse the directives of authorization and cost.
  const whole = Supergraph.build(supergraphSdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
  const api = lexicographicSortSchema(whole.apiSchema().toGraphQLJSSchema());
  return {
    supergraph: `${header('npm run schema')}${supergraphSdl.trim()}\n`,
    api: `${header('npm run schema')}${printSchema(api).trim()}\n`,
  };
}

function parsed(file: string, text: string) {
  try {
    return parse(new Source(text, file));
  } catch (error) {
    if (error instanceof GraphQLError) throw new CompositionError(placed(error));
    throw error;
  }
}

/** A fault once for every place it names; without any place, the subgraph that it names in brackets is the best there is. */
function placed(error: GraphQLError): string[] {
  const at = new Set<string>();
  for (const node of error.nodes ?? []) {
    // The name, where there is one: a description would be the line above.
    const { loc } = 'name' in node && node.name?.loc ? node.name : node;
    if (loc) at.add(`${loc.source.name}:${getLocation(loc.source, loc.start).line}`);
  }
  if (at.size === 0 && error.source && error.locations?.[0]) at.add(`${error.source.name}:${error.locations[0].line}`);
  const [, subgraph] = /^\[(\w+)\]/.exec(error.message) ?? [];
  if (at.size === 0 && subgraph) at.add(fileOf(subgraph));
  return at.size === 0 ? [`schema: ${error.message}`] : [...at].map((place) => `${place}: ${error.message}`);
}
