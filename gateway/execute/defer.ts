/**
 * An answer in parts: what the client can wait for (`@defer`) is fetched and laid out by itself, as soon as what it
 * builds on is there. Every part says where it belongs; a part for an object that the first answer does not have is not
 * sent.
 */
import { getNamedType, parse, type GraphQLFormattedError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { DeferStep, Later } from '../compile.ts';
import { calledBack } from '../plan/aliases.ts';
import type { Part } from '../executor.ts';
import type { Place } from './find.ts';
import { concreteOf, type Projected } from '../compile/project.ts';
import { combine, type Data } from '../compile/represent.ts';
import type { Types } from '../supergraph.ts';
import type { Run } from './run.ts';
import { Selection } from '../compile/shape.ts';

interface Given {
  schema: GraphQLSchema;
  types: Types;
  rootType: string;
  /** Everything that the operation wants, now or later: the way to what is deferred leads through it. */
  selection: Selection;
  lay(errors: readonly GraphQLFormattedError[], selection: Selection, typeName: string, object: Data, at: Place): Projected;
}

export class Deferred {
  readonly #given: Given;
  readonly #fetched = new Map<string, () => void>();
  readonly #ready: Part[][] = [];
  #running = 0;
  #wake: () => void = () => undefined;
  #failed: Error | undefined;
  readonly #first: Promise<Data | null>;
  /** What is in the first answer; null when nothing of it is left. */
  readonly answered: (first: Data | null) => void;

  constructor(given: Given) {
    this.#given = given;
    let answered: (first: Data | null) => void = () => undefined;
    this.#first = new Promise((resolve) => { answered = resolve; });
    this.answered = answered;
  }

  /** For the run: a fetch on which something may wait is over. */
  readonly fetched = (id: string): void => this.#fetched.get(id)?.();

  /** For the run: what is wanted now is done before this resolves, the rest is on its way. */
  readonly begin = (step: DeferStep, run: Run): Promise<void> => this.#begin(step, run, this.#first);

  /** `before` is the part in which the others have their place: they follow it. */
  async #begin(step: DeferStep, run: Run, before: Promise<unknown>): Promise<void> {
    const ids = new Set(step.later.flatMap(({ after }) => after));
    const over = new Map([...ids].map((id) => [id, new Promise<void>((resolve) => this.#fetched.set(id, resolve))]));
    for (const later of step.later) this.#start(later.after.map((id) => over.get(id)!), later, run, before);
    try {
      if (step.now) await run.step(step.now);
    } finally {
      // What had nothing to fetch is over as well.
      for (const id of ids) this.fetched(id);
    }
  }

  #start(ready: readonly Promise<void>[], later: Later, above: Run, before: Promise<unknown>): void {
    this.#running += 1;
    let over: () => void = () => undefined;
    const itself = new Promise<void>((resolve) => { over = resolve; });
    const run = above.beside((step, inner) => this.#begin(step, inner, itself));
    // In one step with its part: whoever takes that must be told whether more comes.
    const ended = () => {
      this.#running -= 1;
      over();
      this.#wake();
    };
    void (async () => {
      await Promise.all(ready);
      if (later.step) await run.step(later.step);
      await before;
      return this.#parts(later, run);
    })().then((parts) => { this.#ready.push(parts); ended(); }, (error: unknown) => { this.#failed = error as Error; ended(); });
  }

  async #parts({ path, wanted, label }: Later, run: Run): Promise<Part[]> {
    const { schema, types, rootType, selection, lay } = this.#given;
    const first = await this.#first;
    if (first === null) return [];
    const asked = Selection.ofSet(schema, (parse(wanted, { noLocation: true }).definitions[0] as OperationDefinitionNode).selectionSet);
    return placesAt({ schema, rootType, selection, path, data: run.data, first }).map(({ object, sent, typeName, place }): Part => {
      const errors = run.errors.filter((error) => isWithin(error, place));
      const { data, errors: said, actualCost } = lay(errors, asked, typeName, object, place);
      if (data) combine(sent, structuredClone(data), types); // what follows may have its place in it
      return { data, path: place, ...(label !== null && { label }), ...(said.length > 0 && { errors: said }), actualCost };
    });
  }

  /** Parts in the order in which they are ready. */
  async *parts(): AsyncIterable<{ parts: Part[]; hasNext: boolean }> {
    for (;;) {
      if (this.#failed) throw this.#failed;
      const parts = this.#ready.splice(0).flat();
      const hasNext = this.#running > 0;
      if (parts.length > 0 || !hasNext) yield { parts, hasNext };
      if (!hasNext && this.#ready.length === 0) return;
      // While a part was being taken, the last of the others may have ended: nobody would wake whoever waited for it now.
      if (this.#ready.length === 0 && this.#running > 0) await new Promise<void>((resolve) => { this.#wake = resolve; });
    }
  }

  /** Whether anything was deferred at all: it may depend on variables. */
  get any(): boolean { return this.#running > 0 || this.#ready.length > 0; }
}

const isWithin = ({ path = [] }: GraphQLFormattedError, place: Place): boolean => place.every((step, at) => path[at] === step);

interface Found { object: Data; /** The same as it was sent. */ sent: Data; typeName: string; place: Place }

/** Every object at the path that the first answer has too. */
function placesAt(given: Pick<Given, 'schema' | 'rootType' | 'selection'> & { path: readonly string[]; data: Data; first: Data }): Found[] {
  const { schema, path } = given;
  const found: Found[] = [];
  const visit = (value: unknown, sent: unknown, at: { step: number; type: string; selection: Selection; place: Place }): void => {
    if (value === null || sent === null || typeof value !== 'object' || typeof sent !== 'object') return;
    if (Array.isArray(value)) {
      value.forEach((each, index) => visit(each, (sent as unknown[])[index], { ...at, place: [...at.place, index] }));
      return;
    }
    const object = value as Data;
    const typeName = concreteOf(schema, at.type, object);
    if (typeName === null) return;
    const from = path[at.step];
    if (from === undefined) return void found.push({ object, sent: sent as Data, typeName, place: at.place });
    const wanted = at.selection.of(typeName).find((each) => each.from === from);
    if (!wanted?.inner) return;
    const name = calledBack(from);
    visit(object[from], (sent as Data)[name], { step: at.step + 1, type: getNamedType(wanted.type).name, selection: wanted.inner, place: [...at.place, name] });
  };
  visit(given.data, given.first, { step: 0, type: given.rootType, selection: given.selection, place: [] });
  return found;
}
