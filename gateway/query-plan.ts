/**
 * The plan of what was run, beside its answer: for who explores the graph, where GraphiQL is open. It names services
 * and what they were asked, so nobody else gets it.
 */
import type { IncomingMessage } from 'node:http';

/** The header with which the explorer asks for it. */
const HEADER = 'atlas-query-plan';

export const wantsPlan = ({ headers }: Pick<IncomingMessage, 'headers'>, explorable: boolean): boolean => explorable && headers[HEADER] === '1';

/** The same answer with `extensions.queryPlan`. It is read and written once more: what is explored need not be fast. */
export function withPlan(body: string, plan: string | undefined): string {
  if (plan === undefined) return body;
  const answer = JSON.parse(body) as { extensions?: Record<string, unknown> };
  return JSON.stringify({ ...answer, extensions: { ...answer.extensions, queryPlan: plan } });
}
