/**
 * Answers one operation: @apollo/gateway plans it and shapes the result, every fetch of the plan goes through a reach.
 * ApolloServer stands around it for what it does well: content types, CSRF, validation against the public schema.
 */
import { ApolloServer, type BaseContext, type HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { prettyFormatQueryPlan } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import type { Log } from '../platform/log.ts';
import type { Reach } from '../platform/reach/reach.ts';
import type { Viewer } from '../platform/viewer.ts';
import { inSpan } from '../platform/telemetry/trace.ts';
import { masker } from './mask.ts';

export interface EdgeContext extends BaseContext {
  viewer: Viewer;
  /** Told the plan as people read it, when somebody wants to know. */
  planned?: (text: string) => void;
}

export interface Executor {
  schema(): GraphQLSchema;
  run(request: HTTPGraphQLRequest, context: EdgeContext): Promise<{ status: number; headers: HeaderMap; body: string }>;
  stop(): Promise<void>;
}

export async function openExecutor(given: { supergraphSdl: string; reaches: ReadonlyMap<string, Reach>; introspection: boolean; production: boolean; log: Log }): Promise<Executor> {
  const { log } = given;
  const quiet = { debug: () => undefined, info: () => undefined, warn: (text?: unknown) => log.warn(String(text)), error: (text?: unknown) => log.error(String(text)) };
  let schema: GraphQLSchema | undefined;

  const gateway = new ApolloGateway({
    supergraphSdl: given.supergraphSdl,
    logger: quiet,
    serviceHealthCheck: false,
    experimental_didResolveQueryPlan: ({ queryPlan, requestContext }) => (requestContext.context as unknown as EdgeContext | undefined)?.planned?.(prettyFormatQueryPlan(queryPlan)),
    buildService: ({ name }) => sourceFor(name, given.reaches),
  });
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => { schema = apiSchema; });
  const server = new ApolloServer<EdgeContext>({
    gateway,
    logger: quiet,
    nodeEnv: given.production ? 'production' : 'development',
    introspection: given.introspection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    formatError: masker(log),
    plugins: [ApolloServerPluginLandingPageDisabled()],
  });
  await server.start();

  return {
    schema: () => schema!,
    async run(request, context) {
      const { status, headers, body } = await server.executeHTTPGraphQLRequest({ httpGraphQLRequest: request, context: async () => context });
      let text = '';
      if (body.kind === 'complete') text = body.string;
      else for await (const chunk of body.asyncIterator) text += chunk;
      return { status: status ?? 200, headers, body: text };
    },
    stop: () => server.stop(),
  };
}

const sourceFor = (name: string, reaches: ReadonlyMap<string, Reach>): GraphQLDataSource => ({
  process: (options) => inSpan(`fetch ${name}`, { kind: 'client', attributes: { 'atlas.service': name } }, async () => {
    const { query, variables, operationName } = options.request;
    const { viewer } = options.context as unknown as EdgeContext;
    const answer = await reaches.get(name)!.answer({ document: query!, variables, operationName, viewer });
    return answer as never;
  }),
});
