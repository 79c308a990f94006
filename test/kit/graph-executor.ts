/** The port of the gateway's engine over one graph, without a plan: what transports are tried with where federation is not the point. */
import { getOperationAST, parse, validate } from 'graphql';
import { JsonText, type Answer, type Asked, type Executor, type Prepared } from '../../gateway/executor.ts';
import { AtlasError } from '../../platform/errors.ts';
import type { Graph, GraphAnswer, GraphRequest } from '../../platform/graph.ts';
import type { Reach } from '../../platform/reach/reach.ts';

export function graphExecutor(graph: Pick<Graph, 'schema'>, reach: Reach): Executor {
  const requestOf = ({ document, kind }: Prepared, { variables, caller }: Asked): GraphRequest =>
    ({ document: (document as { text?: string }).text!, variables: { ...variables }, viewer: caller.viewer, kind });
  const answerObject = async (prepared: Prepared, asked: Asked): Promise<Answer> => answerOf(await reach.answer(requestOf(prepared, asked)));
  return {
    schema: () => graph.schema,
    async prepare(text, operationName) {
      const document = parse(text, { noLocation: true });
      const [fault] = validate(graph.schema, document);
      if (fault) throw new AtlasError('GRAPHQL_VALIDATION_FAILED', fault.message);
      const operation = getOperationAST(document, operationName)!;
      return { document: Object.assign(document, { text }), operation, kind: operation.operation, schema: graph.schema, coordinates: new Set(), defers: false, plan: () => '' };
    },
    answerObject,
    async *answerInParts(prepared, asked) { yield { answer: await answerObject(prepared, asked), hasNext: false }; },
    answer: async (prepared, asked) => asText(await answerObject(prepared, asked)),
    async *follow(prepared, asked, signal) {
      for await (const answer of reach.follow(requestOf(prepared, asked), signal)) {
        yield asText(answerOf(answer));
      }
    },
    stop: async () => undefined,
  };
}

const answerOf = ({ data, errors }: GraphAnswer): Answer => ({
  ...(data !== undefined && { data }), actualCost: 1,
  ...(errors && { errors: errors.map(({ extensions, ...rest }) => ({ ...rest, extensions: { ...extensions } })) }),
});

const asText = ({ data, ...rest }: Answer): Answer<JsonText> => ({ ...rest, ...(data !== undefined && { data: data && new JsonText(JSON.stringify(data)) }) });
