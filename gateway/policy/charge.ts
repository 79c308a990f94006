/** The points of one operation, from what it may cost before it runs to what its answer was worth. */
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Viewer } from '../../platform/viewer.ts';
import { costOf, type CostOf, type Requested } from './cost.ts';
import { RateRefusal, type Rate, type RateState } from './rate.ts';
import { costExtension, type CostExtension } from './spent.ts';
import type { Costs } from './weights.ts';

/** Who pays. */
export interface Payer { viewer: Viewer; address: string | null }
export interface Operation { schema: GraphQLSchema; document: DocumentNode; operation: OperationDefinitionNode }
/** What was taken for an operation, before it ran. */
export interface Charge extends Requested { state: RateState }
/** What is told when it has run, or was refused. `state` is null for a caller that is not known. */
export interface Bill { extension: CostExtension; state: RateState | null }

const compiled = new WeakMap<Costs, WeakMap<OperationDefinitionNode, CostOf>>();

/** What an operation may cost with these variables; read once for each document and each supergraph's costs. */
export function requestedCost({ schema, document, operation }: Operation, costs: Costs, variables: Readonly<Record<string, unknown>>): Requested {
  const known = compiled.get(costs) ?? new WeakMap<OperationDefinitionNode, CostOf>();
  compiled.set(costs, known);
  const cost = known.get(operation) ?? costOf(schema, costs, document, operation);
  known.set(operation, cost);
  return cost(variables);
}

/** Takes what the operation may cost; refuses when there is not so much left. */
export async function charge(rate: Rate, { viewer, address }: Payer, requested: Requested): Promise<Charge> {
  return { ...requested, state: await rate.spend(viewer, address, requested.requested) };
}

/** Gives back what the answer was not worth. `answer`: the points of what came, null when nothing is known of it. */
export async function settle(rate: Rate, { viewer, address }: Payer, { requested, fixed, state }: Charge, answer: number | null): Promise<Bill> {
  const actual = answer === null ? requested : Math.max(1, fixed + answer);
  const after = await rate.giveBack(viewer, address, state, requested - actual);
  return { extension: costExtension(requested, actual, after), state: after };
}

/** What is told with a refusal: it has cost nothing, and `payer`, when it is known who that is, has so much left. */
export async function unspent(rate: Rate, refusal: unknown, payer: Payer | null): Promise<Bill> {
  const state = refusal instanceof RateRefusal ? refusal.state : payer && await rate.look(payer.viewer, payer.address);
  return { extension: costExtension(0, 0, state), state };
}
