/** The names of the services, and who may ask whom. It imports nothing, so that everything may import it. */
export const SUBGRAPHS = ['users', 'tenants', 'collections'] as const;
export type SubgraphName = (typeof SUBGRAPHS)[number];
export type ServiceName = SubgraphName | 'gateway';

/** Which service may ask which, in the caller's name or its own. Data flows one way; the rules test holds the code to it. */
export const MAY_ASK: Record<ServiceName, readonly SubgraphName[]> = {
  gateway: SUBGRAPHS, // it passes every question on
  users: ['tenants'],
  tenants: [],
  collections: ['tenants'],
};
