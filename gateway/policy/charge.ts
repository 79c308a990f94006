/** The points of one operation, from what it may cost before it runs to what its answer was worth. */
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { SaidUsage } from '../../platform/said-usage.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Billing } from '../billing/billing.ts';
import type { Tab } from '../billing/tab.ts';
import { costOf, type CostOf, type Requested } from './cost.ts';
import { RateRefusal, type Rate, type RateState } from './rate.ts';
import { costExtension, type CostExtension } from './spent.ts';
import type { Costs } from './weights.ts';

/** Who pays. */
export interface Payer { viewer: Viewer; address: string | null }
export interface Operation { schema: GraphQLSchema; document: DocumentNode; operation: OperationDefinitionNode }
/** Where points are taken from, and what is billed; without `billing` nobody pays in money. */
export interface Tills { rate: Rate; billing?: Billing | undefined }
/** What was taken for an operation, before it ran. */
export interface Charge extends Requested { state: RateState; tab: Tab | null }
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

/** Takes what the operation may cost; refuses when there is not so much left, or a budget does not reach. */
export async function charge({ rate, billing }: Tills, { viewer, address }: Payer, requested: Requested): Promise<Charge> {
  const state = await rate.spend(viewer, address, requested.requested);
  try {
    const tab = billing ? billing.open(viewer, requested.requested) : null;
    return { ...requested, state, tab: tab instanceof Promise ? await tab : tab };
  } catch (error) {
    await rate.giveBack(viewer, address, state, requested.requested);
    throw error;
  }
}

/** Nothing has run after all. */
export async function forgive(rate: Rate, { viewer, address }: Payer, { requested, state, tab }: Charge): Promise<void> {
  tab?.settle();
  await rate.giveBack(viewer, address, state, requested);
}

/** What came of an operation: points by the weights of the schema, and what the services say that it has cost beyond them. */
export interface Came { points: number; usage?: readonly SaidUsage[] | undefined }

/** Gives back what the answer was not worth. `came` is null when nothing is known of it. `changes`: it is on disk before anybody is told. */
export async function settle(rate: Rate, { viewer, address }: Payer, { requested, fixed, state, tab }: Charge, came: Came | null, changes: boolean): Promise<Bill> {
  const actual = came === null ? requested : Math.max(1, fixed + came.points);
  tab?.add(actual, came?.usage);
  tab?.settle();
  const keeping = changes ? tab?.kept() : undefined;
  const after = await rate.giveBack(viewer, address, state, requested - actual);
  if (keeping) await keeping;
  return { extension: costExtension(requested, actual, after, tab?.billed), state: after };
}

/** What is told with a refusal: it has cost nothing, and `payer`, when it is known who that is, has so much left. */
export async function unspent({ rate, billing }: Tills, refusal: unknown, payer: Payer | null): Promise<Bill> {
  const state = refusal instanceof RateRefusal ? refusal.state : payer && await rate.look(payer.viewer, payer.address);
  return { extension: costExtension(0, 0, state, payer ? billing?.nothing(payer.viewer) : undefined), state };
}
