/** Apollo's reference execution over the same subgraphs: the plan and the executor of @apollo/gateway, nothing of ours. */
import { ApolloGateway, buildOperationContext, executeQueryPlan } from '@apollo/gateway';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, prettyFormatQueryPlan } from '@apollo/query-planner';
import { parse } from 'graphql';
import type { OpenWorld } from './open-world.ts';
import type { Outcome, Question } from './world.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export interface Reference {
  answer(question: Question): Promise<Outcome & { completion: NonNullable<Outcome['errors']> }>;
  plan(question: Question): string;
  stop(): Promise<void>;
}

export async function openReference(opened: OpenWorld): Promise<Reference> {
  const gateway = new ApolloGateway({
    supergraphSdl: opened.supergraphSdl,
    logger: quiet,
    serviceHealthCheck: false,
    buildService: ({ name }) => ({
      process: async ({ request }) => await opened.ask(name, request.query!, { ...request.variables }) as never,
    }),
  });
  const { executor } = await gateway.load();
  const supergraph = Supergraph.build(opened.supergraphSdl);
  const planner = new QueryPlanner(supergraph);
  const overrides = new Map((opened.world.labels ?? []).map((label) => [label, true]));
  const planOf = ({ document }: Question) => {
    const operation = operationFromDocument(supergraph.apiSchema(), parse(document));
    return planner.buildQueryPlan(operation, { overrideConditions: overrides });
  };

  /** The gateway itself knows no labels of progressive overrides: with them, its executor is given a plan that does. */
  const withLabels = async ({ document, variables }: Question): Promise<Raw> => {
    const services = Object.fromEntries(opened.subgraphs.map((name) => [name, { process: async ({ request }: { request: { query?: string; variables?: object } }) => await opened.ask(name, request.query!, { ...request.variables }) }]));
    const context = buildOperationContext({ schema: opened.apiSchema, operationDocument: parse(document) });
    return await executeQueryPlan(planOf({ document, variables }), services as never, { request: { query: document, variables }, context: {}, logger: quiet } as never, context, supergraph.schema.toGraphQLJSSchema(), supergraph.apiSchema()) as Raw;
  };

  const whole = async ({ document, variables }: Question): Promise<Raw> => {
    const parsed = parse(document);
    return await executor({
      request: { query: document, variables },
      document: parsed,
      operation: parsed.definitions.find((each) => each.kind === 'OperationDefinition'),
      operationName: null,
      queryHash: document,
      source: document,
      schema: opened.apiSchema,
      context: {},
      logger: quiet,
      metrics: {},
      cache: undefined,
    } as never) as Raw;
  };

  return {
    async answer(question) {
      const given = await (overrides.size > 0 ? withLabels : whole)(question);
      const raw = JSON.parse(JSON.stringify({ ...given, errors: given.errors?.map(({ message, path }) => ({ message, path })) })) as Raw;
      return { data: raw.data, errors: raw.errors, completion: raw.extensions?.valueCompletion ?? [] };
    },
    plan: (question) => prettyFormatQueryPlan(planOf(question)),
    stop: () => gateway.stop(),
  };
}

interface Raw extends Outcome { extensions?: { valueCompletion?: NonNullable<Outcome['errors']> } }
