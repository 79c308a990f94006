/** Which subgraphs a supergraph names, at which addresses, and where in it that is written. */
import { GraphQLError, Kind, type DocumentNode, type EnumValueDefinitionNode } from 'graphql';

export interface Address {
  name: string;
  url: string;
  /** What the supergraph calls it inside. */
  inside: string;
  at: EnumValueDefinitionNode;
}

/** `join__Graph` names each subgraph twice: as an enum value, and as people call it. */
export function addressesIn(document: DocumentNode): Address[] {
  const values = document.definitions.flatMap((definition) => (definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph' ? definition.values ?? [] : []));
  return values.map((at) => {
    const said = (wanted: string): string | undefined => {
      const value = at.directives?.[0]?.arguments?.find(({ name }) => name.value === wanted)?.value;
      return value?.kind === Kind.STRING ? value.value : undefined;
    };
    return { name: said('name') ?? at.name.value, url: said('url') ?? '', inside: at.name.value, at };
  });
}

/** Whoever has to mend the file is told the line. */
export const misnamed = ({ at }: Address, sentence: string): GraphQLError => new GraphQLError(sentence, { nodes: at });

/** The file may be good: it is the world that is not as it says, and may be in a moment. */
export class NotYet extends GraphQLError {}
