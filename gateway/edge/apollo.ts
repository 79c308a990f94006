/**
 * ApolloServer around the engine, for what it does well: content types, CSRF, the rules of GraphQL over HTTP. Documents
 * reach it read and checked, answers leave it as the text that the engine wrote.
 */
import { createHash } from 'node:crypto';
import { ApolloServer, type BaseContext, type HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, type DocumentNode, type FormattedExecutionResult, type GraphQLSchema } from 'graphql';
import type { Log } from '../../platform/log.ts';
import { JsonText, type Asked, type Executor, type Prepared } from '../executor.ts';
import type { Came } from '../policy/charge.ts';
import { masker } from './mask.ts';

interface EdgeContext extends BaseContext { prepared: Prepared; text: string; asked: Asked; extensions: (came: Came) => Promise<Record<string, unknown>> }

export interface Apollo {
  answer(request: HTTPGraphQLRequest, context: EdgeContext): Promise<{ status: number; headers: HeaderMap; body: string }>;
  stop(): Promise<void>;
}

export async function openApollo(given: { executor: Executor; production: boolean; log: Log; foreign?: boolean }): Promise<Apollo> {
  const { executor, log } = given;
  const quiet = { debug: () => undefined, info: () => undefined, warn: (text?: unknown) => log.warn(String(text)), error: (text?: unknown) => log.error(String(text)) };
  // It knows a document by the hash of its text, behind a prefix of its own. The engine remembers documents, within bounds; here they are lent.
  const lent = new Map<string, { document: DocumentNode; users: number }>();
  const hashes = new WeakMap<Prepared, string>();
  const hashOf = (prepared: Prepared, query: string): string => {
    const hash = hashes.get(prepared) ?? createHash('sha256').update(query).digest('hex');
    hashes.set(prepared, hash);
    return hash;
  };

  const server = new ApolloServer<EdgeContext>({
    gateway: gatewayOver(executor),
    logger: quiet,
    nodeEnv: given.production ? 'production' : 'development',
    // Who may introspect is decided before.
    introspection: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    documentStore: { get: async (key) => lent.get(key.slice(-64))?.document, set: async () => undefined, delete: async () => undefined },
    stringifyResult,
    formatError: masker(log, given.foreign),
    plugins: [ApolloServerPluginLandingPageDisabled()],
  });
  await server.start();

  return {
    async answer(request, context) {
      const hash = hashOf(context.prepared, context.text);
      const loan = lent.get(hash) ?? { document: context.prepared.document, users: 0 };
      lent.set(hash, loan);
      loan.users += 1;
      const { status, headers, body } = await server.executeHTTPGraphQLRequest({ httpGraphQLRequest: request, context: async () => context }).finally(() => {
        if ((loan.users -= 1) === 0) lent.delete(hash);
      });
      let text = '';
      if (body.kind === 'complete') text = body.string;
      else for await (const chunk of body.asyncIterator) text += chunk;
      return { status: status ?? 200, headers, body: text };
    },
    stop: () => server.stop(),
  };
}

type GatewayInterface = NonNullable<ConstructorParameters<typeof ApolloServer>[0]['gateway']>;

/** What ApolloServer calls a gateway: a schema that it need not know, and something that executes. */
function gatewayOver(executor: Executor): GatewayInterface {
  const execute = async ({ context }: { context: unknown }) => {
    const { prepared, asked, extensions } = context as EdgeContext;
    const { data, errors, actualCost, usage } = await executor.answer(prepared, asked);
    const more = await extensions({ points: actualCost, usage });
    return {
      ...(data !== undefined && { data: data as unknown as Record<string, unknown> | null }),
      ...(errors && { errors: errors.map(asGraphQLError) }),
      ...(Object.keys(more).length > 0 && { extensions: more }),
    };
  };
  return {
    load: async () => ({ executor: execute as never }),
    onSchemaLoadOrUpdate: (take) => {
      take({ apiSchema: executor.schema(), coreSupergraphSdl: '' } as { apiSchema: GraphQLSchema; coreSupergraphSdl: string });
      return () => undefined;
    },
    stop: async () => undefined,
  };
}

const asGraphQLError = ({ message, path, extensions }: { message: string; path?: readonly (string | number)[]; extensions?: Record<string, unknown> }): GraphQLError =>
  new GraphQLError(message, { ...(path && { path }), ...(extensions && { extensions }) });

/** Everything but the data is small; the data is text already. */
function stringifyResult({ data, ...rest }: FormattedExecutionResult): string {
  if (!((data as unknown) instanceof JsonText)) return JSON.stringify(data === undefined ? rest : { ...rest, data });
  const others = JSON.stringify(rest);
  return `{"data":${(data as unknown as JsonText).text}${others === '{}' ? '}' : `,${others.slice(1)}`}`;
}
