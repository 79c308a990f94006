/** The names of the services, and who may ask whom. It imports nothing, so that everything may import it. */
export const SUBGRAPHS = ['users', 'tenants', 'billing', 'collections', 'search', 'ai'] as const;
export type SubgraphName = (typeof SUBGRAPHS)[number];
export type ServiceName = SubgraphName | 'gateway';

/** Which service may ask which, in the caller's name or its own. Data flows one way; the rules test holds the code to it. */
export const MAY_ASK: Record<ServiceName, readonly SubgraphName[]> = {
  gateway: SUBGRAPHS, // it passes every question on
  users: ['tenants'],
  tenants: [],
  billing: [],
  collections: ['tenants'],
  search: ['collections'],
  ai: ['search', 'collections', 'tenants', 'billing'],
};

/** Those of them that a service does without where they are neither started nor reached. */
export const MAY_MISS: Partial<Record<ServiceName, readonly SubgraphName[]>> = { ai: ['billing'] };
