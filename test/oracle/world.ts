/**
 * A small federated world: the SDL of its subgraphs and one set of data behind all of them. The same rows and the same
 * field functions serve every subgraph and the monolith, so whatever differs between them is federation's doing.
 */
/** A thing of the data. Rows may point at each other, in circles too. */
export interface Row { __typename?: string; [field: string]: unknown }

export interface Data {
  /** Every entity by its type; interface entities stand under their own types. */
  entities: Record<string, Row[]>;
  [more: string]: unknown;
}

export interface Given {
  data: Data;
  /** What the gateway sent along for `@requires`; in the monolith the same selection, executed there. */
  needs: Row;
}

export type Resolve = (self: Row, args: Record<string, any>, given: Given) => unknown;

export interface World {
  name: string;
  /** What the world is about, for whoever reads a failure. */
  about: string;
  /** SDL by subgraph; the link to federation is added unless the SDL has one or the world is of the first federation. */
  subgraphs: Record<string, string>;
  firstFederation?: boolean;
  /** Fresh data for every run, because mutations change it. */
  data: () => Data;
  /** `Type.field` → its value; a field without one is read from the row. An interface's field serves all that implement it. */
  fields?: Record<string, Resolve>;
  /** Where the monolith has to answer otherwise: what subgraphs get as a contextual argument, it finds in its rows. */
  monolith?: Record<string, Resolve>;
  /** Rows that a subgraph denies when it is asked for them as entities, by the value of `id`. */
  vanished?: Record<string, readonly string[]>;
  /** Rows that a subgraph fails on with an error when it is asked for them as entities. */
  broken?: Record<string, readonly string[]>;
  /** What Apollo's gateway cannot serve at all: only the monolith judges. */
  beyondReference?: boolean;
  /** Its plans take long: it is asked short questions. */
  modest?: boolean;
  /** Labels of progressive overrides that are on in this world; the reference must know them too. */
  labels?: readonly string[];
}

export interface Outcome {
  data?: Record<string, unknown> | null | undefined;
  errors?: readonly { message: string; path?: readonly (string | number)[] | undefined }[] | undefined;
}

export interface Question { document: string; variables: Record<string, unknown> }
