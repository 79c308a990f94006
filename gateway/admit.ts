/**
 * What is decided before anything runs, the same for every transport: is the text clean, how much does the document ask
 * for, may it introspect, can its caller pay. Whoever is refused here has paid nothing yet.
 */
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { documentCache } from '../platform/document-cache.ts';
import { AtlasError } from '../platform/errors.ts';
import type { Viewer } from '../platform/viewer.ts';
import { limit, readDocument, type Limits } from './policy/limits.ts';
import type { Rate, RateState } from './policy/rate.ts';
import { refuseUncleanVariables } from './policy/text.ts';
import type { Question } from './question.ts';

const DOCUMENTS_BYTES_MAX = 64_000_000;

export interface Admitted { document: DocumentNode; operation: OperationDefinitionNode }
/** Rejects with the AtlasError that the question earns; once it resolves, the question is paid for. */
export type Admit = (question: Omit<Question, 'body'>, viewer: Viewer, address: string | null) => Promise<Admitted>;

export function admission(edge: {
  schema: () => GraphQLSchema;
  introspection: boolean;
  rate: Rate;
  /** What a caller has spent, for `rateLimit` and for whoever asks later. */
  spent: WeakMap<object, RateState>;
  /** What a document may ask for, where it is not what Atlas's own clients may. */
  limits?: Limits;
}): Admit {
  const documents = documentCache<Admitted>(DOCUMENTS_BYTES_MAX);
  return async ({ query, variables, operationName }, viewer, address) => {
    refuseUncleanVariables(variables);
    const name = `${operationName ?? ''}\n${query}`;
    const read = documents.get(name) ?? readDocument(query, operationName, edge.limits);
    const asked = limit(edge.schema(), read.document, read.operation, variables, edge.limits);
    if (asked.introspects && !edge.introspection) throw new AtlasError('INTROSPECTION_DISABLED');
    edge.spent.set(viewer, await edge.rate.spend(viewer, address, asked.cost));
    // Only what has kept within its limits and been paid for is remembered.
    documents.set(name, read);
    return read;
  };
}
