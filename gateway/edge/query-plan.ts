/**
 * The plan of what was run, beside its answer: for who explores the graph, where GraphiQL is open. It names services
 * and what they were asked, so nobody else gets it.
 */
import type { IncomingMessage } from 'node:http';
import type { Prepared } from '../executor.ts';

/** The header with which the explorer asks for it. */
const HEADER = 'atlas-query-plan';

/** What goes among the answer's `extensions`: the plan as text, or nothing. */
export const planFor = ({ headers }: Pick<IncomingMessage, 'headers'>, graphiql: boolean, prepared: Prepared): { queryPlan?: string } =>
  (graphiql && headers[HEADER] === '1' ? { queryPlan: prepared.plan() } : {});
