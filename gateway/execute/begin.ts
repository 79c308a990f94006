/** How an operation is run for one caller, with their variables: by the plan that leaves out what is withheld from them. */
import { execute, Kind, type DocumentNode, type ExecutionResult } from 'graphql';
import type { Data } from '../compile/represent.ts';
import type { Selection, Variables } from '../compile/shape.ts';
import type { Asked } from '../executor.ts';
import type { Operation, Runnable } from '../operation.ts';
import type { Call } from '../reach/call.ts';
import type { Deferred } from './defer.ts';
import { Run } from './run.ts';

/** What is asked for, by whom, and with which variables, as the schema coerced them. */
export interface Asking { operation: Operation; asked: Asked; variables: Variables }

export function runnableFor({ operation, asked, variables }: Asking, inParts = false): Promise<Runnable> {
  const { supergraph: { overrideLabels }, via } = operation;
  return operation.runnable(new Set(asked.refused?.keys()), overrideLabels.map((label) => [label, via.isOverridden(label)] as const), variables, inParts);
}

export function begin({ operation: { via, supergraph }, asked, variables }: Asking, { texts, contextual }: Runnable, { call = via.call, deferred }: { call?: Call | undefined; deferred?: Deferred } = {}): Run {
  return new Run({ call, types: supergraph.types, variables, caller: asked.caller, texts, contextual, signal: asked.signal, defer: deferred?.begin, fetched: deferred?.fetched });
}

/** A query or a mutation, to its end. */
export async function run(asking: Asking, call?: Call): Promise<Run> {
  const runnable = await runnableFor(asking);
  const made = begin(asking, runnable, { call });
  if (runnable.step) await made.step(runnable.step);
  introspect(asking, made.data);
  return made;
}

/** What is asked about the schema itself is answered by the schema, with the client's own fragments and variables. */
export function introspect({ operation, asked, variables }: Asking, data: Data): void {
  const fields = introspected(operation.selection(variables), operation.rootType);
  if (fields.length === 0) return;
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      { ...operation.operation, selectionSet: { kind: Kind.SELECTION_SET, selections: fields } },
      ...operation.document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION),
    ],
  };
  const { data: found } = execute({ schema: asked.introspects ?? operation.schema, document, variableValues: variables }) as ExecutionResult;
  if (found) Object.assign(data, found);
}

const introspected = (selection: Selection, rootType: string) =>
  selection.of(rootType).flatMap(({ field, from, nodes }) => (field.name === '__schema' || field.name === '__type' ? nodes.map((node) => ({ ...node, alias: { kind: Kind.NAME as const, value: from } })) : []));
