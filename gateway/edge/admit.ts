/**
 * What is decided before anything runs, the same for every transport: which document is meant, is the text clean, how much
 * does it ask for, may its caller see the schema, can they pay, and what of it they may not have. Whoever is refused here
 * has paid nothing.
 */
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Settings } from '../../platform/config.ts';
import { documentCache } from '../../platform/document-cache.ts';
import { requestInfo, type RequestInfo } from '../../platform/request.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Asked, Executor, Prepared } from '../executor.ts';
import { charge, forgive, requestedCost, settle, type Bill, type Came, type Charge, type Tills } from '../policy/charge.ts';
import { textOf, type Documents } from '../policy/documents.ts';
import { openMeter, type Meter } from '../policy/meter.ts';
import { refuseIntrospection } from '../policy/introspection.ts';
import type { Lifted } from '../policy/lift.ts';
import { limit, readDocument, type Limits } from '../policy/limits.ts';
import type { RateState } from '../policy/rate.ts';
import { refusals } from '../policy/scopes.ts';
import { refuseUncleanVariables } from '../policy/text.ts';
import { visibleSchema } from '../policy/visible.ts';
import type { Question } from './question.ts';

const DOCUMENTS_BYTES_MAX = 64_000_000;

interface Read { document: DocumentNode; operation: OperationDefinitionNode }
export interface Admitted extends Read {
  /** The document that the question means. */
  text: string;
  /** Reads it against the schema and plans it; what is refused now is given back. */
  prepare(): Promise<Ready>;
}
export interface Ready {
  prepared: Prepared;
  /** What of it is withheld from its caller. */
  withheld: Pick<Asked, 'refused' | 'introspects'>;
  /** Settles what it cost, by what came; null: nobody waited for it, and nothing is given back. Null where nobody pays. */
  bill(came: Came | null): Promise<Bill | null>;
  /** The same for a subscription, which is paid for event by event. */
  meter(): Meter | null;
  /** It is not run after all. */
  abandon(): Promise<void>;
}
/** Throws when what was asked cannot be answered in the way in which it came. */
export type Suits = (operation: OperationDefinitionNode) => void;
/** Rejects with the AtlasError that the question earns; once it resolves, the question is paid for. */
export type Admit = (question: Question, viewer: Viewer, address: string | null, suits?: Suits) => Promise<Admitted>;

/** Who may have what, what it costs, and which documents are known. Without viewers of Atlas nobody asks. */
export interface Policy {
  /** Of the graph that a document is read against: while another takes over, both are asked. */
  lifted: (schema: GraphQLSchema) => Lifted;
  documents: Documents;
}

interface Admitting extends Tills {
  settings: Pick<Settings, 'INTROSPECTION' | 'production'>;
  executor: Pick<Executor, 'schema' | 'prepare'>;
  /** What each request has spent, for `rateLimit`: by its circumstances, since all strangers are one viewer. */
  spent: WeakMap<RequestInfo, RateState>;
  /** What a document may ask for, where it is not what Atlas's own clients may. */
  limits?: Limits;
  policy?: Policy;
}

export function admission(edge: Admitting): Admit {
  const { executor, policy, rate } = edge;
  const documents = documentCache<Read>(DOCUMENTS_BYTES_MAX);

  const pay = async (viewer: Viewer, address: string | null, read: Read, { variables }: Question): Promise<Charge | null> => {
    if (!policy) return null;
    const schema = executor.schema();
    const charged = await charge(edge, { viewer, address }, requestedCost({ schema, ...read }, policy.lifted(schema).costs, variables));
    const info = requestInfo();
    if (info) edge.spent.set(info, charged.state);
    return charged;
  };

  return async (question, viewer, address, suits) => {
    const { variables, operationName } = question;
    refuseUncleanVariables(variables);
    const meant = policy ? await policy.documents.meant(question.named, viewer) : textOf(question.named);
    const name = `${operationName ?? ''}\n${meant.text}`;
    const read = documents.get(name) ?? readDocument(meant.text, operationName, edge.limits);
    const asked = limit(executor.schema(), read.document, read.operation, variables, edge.limits);
    suits?.(read.operation);
    if (asked.introspects) refuseIntrospection(edge.settings, viewer);
    const charged = await pay(viewer, address, read, question);
    // Only what has kept within its limits and been paid for is remembered.
    documents.set(name, read);

    const payer = { viewer, address };
    const prepare = async (): Promise<Ready> => {
      const prepared = await executor.prepare(meant.text, operationName, read.document).catch(async (error: unknown) => {
        if (charged) await forgive(rate, payer, charged);
        throw error;
      });
      await meant.keep();
      return {
        prepared, withheld: policy ? withheldFrom(viewer, prepared, policy.lifted(prepared.schema)) : {},
        bill: async (came) => (charged ? settle(rate, payer, charged, came, prepared.kind === 'mutation') : null),
        meter: () => (charged ? openMeter(rate, payer, charged) : null),
        abandon: async () => (charged ? forgive(rate, payer, charged) : undefined),
      };
    };
    return { ...read, text: meant.text, prepare };
  };
}

function withheldFrom(viewer: Viewer, { coordinates, schema }: Prepared, { requirements }: Lifted): Ready['withheld'] {
  const refused = refusals(coordinates, viewer, requirements);
  const introspects = viewer.kind === 'key' && asksForSchema(coordinates) ? visibleSchema(schema, viewer, requirements) : null;
  return { ...(refused.size > 0 && { refused }), ...(introspects && { introspects }) };
}

const asksForSchema = (coordinates: ReadonlySet<string>): boolean => coordinates.has('Query.__schema') || coordinates.has('Query.__type');

/** Whether errors about the document may name what it might have meant. A key would be told of fields that it is not shown. */
export const suggestsTo = (viewer: Viewer, { production }: Pick<Settings, 'production'>): boolean => viewer.kind === 'user' && !production;
