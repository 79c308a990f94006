/**
 * The events of a subscription. Each is executed anew with a context of its own: loaders remember for one event and not
 * for the life of a stream, and the rights of every field are checked again for every event.
 */
import { createSourceEventStream, execute, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { AtlasError } from './errors.ts';
import { newId } from './ids.ts';
import { requestInfo, withRequest, type RequestInfo } from './request.ts';
import { usageSaidIn, type SaidUsage } from './said-usage.ts';
import { abortable } from './stream/abortable.ts';

interface Followed<Errors> {
  schema: GraphQLSchema;
  document: DocumentNode;
  variables: Record<string, unknown>;
  operationName: string | null;
  context: () => object;
  signal: AbortSignal;
  outward: (errors: ExecutionResult['errors']) => Errors | undefined;
}
interface Event<Errors> { data?: Record<string, unknown> | null; errors?: Errors; extensions?: { usage: SaidUsage[] } }

/** One answer an event. An answer without `data` is the last: the subscription was refused, or broke. */
export async function* eventsOf<Errors>(given: Followed<Errors>): AsyncGenerator<Event<Errors>, void, undefined> {
  const { schema, document, signal } = given;
  // A resolver that waits for its next event learns from the signal that nobody waits for it.
  const info: RequestInfo = { ...(requestInfo() ?? { requestId: newId('req'), address: null, userAgent: null, idempotencyKey: null }), signal };
  const asked = { schema, document, variableValues: given.variables, operationName: given.operationName };
  const source = await withRequest(info, () => createSourceEventStream({ ...asked, contextValue: given.context() }));
  if (!(Symbol.asyncIterator in source)) return yield refused(source, given);

  const events = abortable(inRequest(source, info), signal);
  for await (const event of events) {
    const contextValue = given.context();
    const result = await withRequest({ ...info, isEvent: true }, () => execute({ ...asked, rootValue: event, contextValue })) as ExecutionResult;
    const errors = given.outward(result.errors);
    yield { data: result.data ?? null, ...(errors && { errors }), ...usageSaidIn(contextValue) };
  }
}

/** What never began. An error that stands nowhere in the answer is about a variable, and the library says which. */
function refused<Errors>({ errors }: ExecutionResult, given: Followed<Errors>): Event<Errors> {
  const [first] = errors ?? [];
  const cause = first?.path ? first : new AtlasError('BAD_USER_INPUT', first?.message);
  return { errors: given.outward([cause as never])! };
}

/** The source is asked for each event within the request that subscribed, whoever asks for the answer. */
function inRequest<T>(source: AsyncIterable<T>, info: RequestInfo): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const inner = source[Symbol.asyncIterator]();
      return {
        next: () => withRequest(info, () => inner.next()),
        ...(inner.return && { return: () => withRequest(info, () => inner.return!()) }),
      };
    },
  };
}
