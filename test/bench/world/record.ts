/**
 * The calls that Apollo's own gateway makes for the question, in the steps in which they can be made: what is known only from
 * an answer is asked a step later. The floor repeats them; the executor's bench answers from them.
 */
import { ApolloGateway } from '@apollo/gateway';
import { parse } from 'graphql';
import type { Dataset } from './data.ts';
import { subgraph, type Answer } from './graphs.ts';
import { QUESTION, SUBGRAPHS, type Subgraph } from './schemas.ts';

export interface Call { service: Subgraph; url: string; body: string; answer: string }

export async function recordCalls(supergraphSdl: string, dataset: Dataset): Promise<Call[][]> {
  const answers = new Map<string, Answer>(SUBGRAPHS.map((name) => [name, subgraph(name, dataset)]));
  const steps: Call[][] = [];
  let open: Call[] | undefined;
  const process = (service: Subgraph, url: string) => async ({ request: { query, variables } }: { request: { query?: string; variables?: object } }) => {
    const answer = JSON.stringify(answers.get(service)!({ query: query!, variables: variables as Record<string, unknown> }));
    if (!open) {
      const step: Call[] = (open = []);
      steps.push(step);
      // Everything that is asked before anything of this step is answered belongs to it.
      setTimeout(() => { open = undefined; release.splice(0).forEach((answered) => answered()); }, 20);
    }
    open.push({ service, url, body: JSON.stringify({ query, variables }), answer });
    await new Promise<void>((answered) => release.push(answered));
    return JSON.parse(answer) as never;
  };
  const release: (() => void)[] = [];
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const gateway = new ApolloGateway({ supergraphSdl, logger: quiet, buildService: ({ name, url }) => ({ process: process(name as Subgraph, url!) }) });
  const { executor } = await gateway.load();
  const document = parse(QUESTION);
  const { errors } = await executor({ document, request: { query: QUESTION }, queryHash: 'question', context: {}, metrics: {}, operationName: null, operation: document.definitions.find(({ kind }) => kind === 'OperationDefinition'), cache: undefined, logger: quiet, overallCachePolicy: undefined, schema: undefined } as never);
  await gateway.stop();
  if (errors) throw new Error(`The calls could not be recorded: ${JSON.stringify(errors)}`);
  return steps;
}
