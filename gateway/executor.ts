/**
 * The port between the edge and the engine. A transport (HTTP, a socket, an event stream) prepares a document once and
 * asks for its answers; how they are planned and fetched is nobody's business but the engine's.
 */
import type { DocumentNode, GraphQLFormattedError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { AtlasError } from '../platform/errors.ts';
import type { Waiting } from '../platform/gone.ts';
import type { SaidUsage } from '../platform/said-usage.ts';
import type { Viewer } from '../platform/viewer.ts';

/** For whom it is done, and what of the client's request travels with it. Only callers alike in all of it share an answer. */
export interface Caller {
  viewer: Viewer;
  /** Headers that travel on as they came: only without viewers of Atlas (`--anonymous`). */
  headers?: Readonly<Record<string, string>>;
}

/** A document that was read, checked and planned against one supergraph; it stays good after another one took over. */
export interface Prepared {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly schema: GraphQLSchema;
  /** Every `Type.field` that the operation selects, through fragments and interfaces too. */
  readonly coordinates: ReadonlySet<string>;
  /** Whether some of it may come later. */
  readonly defers: boolean;
  /** The plan as people read it. */
  plan(): string;
}

export interface Asked {
  variables: Readonly<Record<string, unknown>>;
  caller: Caller;
  /** `Type.field` → why this caller may not have it: the field is not fetched, is null, and says so in `errors`. */
  refused?: ReadonlyMap<string, AtlasError>;
  /** What this caller may know of the schema, when it is less than all of it. */
  introspects?: GraphQLSchema;
  /** Aborts when the client is gone. */
  signal?: Waiting;
}

/** JSON that is ready to be sent: written once, never parsed again. */
export class JsonText { constructor(readonly text: string) {} }

export interface Answer<Data = Record<string, unknown>> {
  /** Absent when nothing ran: the variables did not fit. */
  data?: Data | null;
  errors?: GraphQLFormattedError[];
  /** Points that the answer was worth, by the weights of the schema. */
  actualCost: number;
  /** What it has cost beyond its points, as the services say that were asked for it. */
  usage?: readonly SaidUsage[];
}

/** A piece of an answer that comes later than the rest. */
export interface Part {
  data: Record<string, unknown> | null;
  path: readonly (string | number)[];
  label?: string;
  errors?: GraphQLFormattedError[];
  actualCost: number;
}
/** The first has `answer`, the others `parts`; `usage` is what was said since the one before. */
export type InParts = ({ answer: Answer } | { parts: Part[] }) & { hasNext: boolean; usage?: readonly SaidUsage[] };

export interface Executor {
  /** The public schema that is served now. */
  schema(): GraphQLSchema;
  /** Rejects with the AtlasError that the document earns: not GraphQL, not of this schema, no such operation. Whoever has read the text already gives what was read. */
  prepare(text: string, operationName: string | null, document?: DocumentNode): Promise<Prepared>;
  /** A query or a mutation; `data` as JSON text. */
  answer(prepared: Prepared, asked: Asked): Promise<Answer<JsonText>>;
  /** The same, `data` as objects. */
  answerObject(prepared: Prepared, asked: Asked): Promise<Answer>;
  /** A query or a mutation with what is deferred in it coming later; one that defers nothing is whole at once. */
  answerInParts(prepared: Prepared, asked: Asked): AsyncIterable<InParts>;
  /** A subscription: one answer an event, `data` as JSON text. Ends when the subgraph ends it or the signal aborts; throws an AtlasError when it breaks. */
  follow(prepared: Prepared, asked: Asked, signal: AbortSignal): AsyncIterable<Answer<JsonText>>;
  stop(): Promise<void>;
}
