/** The benchmark's supergraph, composed with the addresses of the subgraphs that run now. */
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { SCHEMAS, SUBGRAPHS, type Subgraph } from './schemas.ts';

export function supergraphOf(urls: Readonly<Record<Subgraph, string>>): string {
  const { supergraphSdl, errors } = composeServices(SUBGRAPHS.map((name) => ({ name, url: urls[name], typeDefs: parse(SCHEMAS[name]) })));
  if (!supergraphSdl) throw new Error(`The benchmark's supergraph does not compose: ${errors!.map(({ message }) => message).join('; ')}`);
  return supergraphSdl;
}
