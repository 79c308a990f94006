/**
 * One run of a plan: fetches what it says, lays every answer into one tree, and keeps what went wrong with the place
 * in the answer where the client will miss something.
 */
import type { GraphQLFormattedError } from 'graphql';
import type { Waiting as GoneSignal } from '../../platform/gone.ts';
import type { GraphAnswer, GraphRequest } from '../../platform/graph.ts';
import { readUsage, type SaidUsage } from '../../platform/said-usage.ts';
import type { DeferStep, Fetch, Step } from '../compile.ts';
import { placed, missing, type Missed } from './errors-in-place.ts';
import type { Caller } from '../executor.ts';
import { contextOf, find, findPlaces } from './find.ts';
import { byContext, gather } from './gather.ts';
import { join, joinable, type Job } from './join.ts';
import type { Call } from '../reach/call.ts';
import { noteAbsent } from '../compile/absent.ts';
import { combine, copied, type Data } from '../compile/represent.ts';
import { rewrite } from '../compile/rewrite.ts';
import type { Variables } from '../compile/shape.ts';
import type { Types } from '../supergraph.ts';

interface Given {
  call: Call;
  types: Types;
  variables: Variables;
  caller: Caller;
  /** Texts of joined fetches, kept with the plan. */
  texts: Map<string, string>;
  /** Whether some fetch takes arguments from what is above its entities. */
  contextual: boolean;
  signal?: GoneSignal | undefined;
  /** Where parts of the answer may come later: what becomes of them, and that a fetch on which some wait is over. */
  defer?: ((step: DeferStep, run: Run) => Promise<void>) | undefined;
  fetched?: ((id: string) => void) | undefined;
}

type Settled = { data: readonly (Data | null)[] } | null;
interface Waiting { job: Job; done: (entities: Settled) => void; places: () => Missed[] }

export class Run {
  readonly data: Data;
  readonly errors: GraphQLFormattedError[] = [];
  /** What was said of its cost and not handed on yet, by all runs over the same data. */
  readonly usage: SaidUsage[];
  readonly #given: Given;
  #waiting: Waiting[] = [];

  constructor(given: Given, data: Data = {}, usage: SaidUsage[] = []) {
    this.#given = given;
    this.data = data;
    this.usage = usage;
  }

  async step(step: Step): Promise<void> {
    switch (step.kind) {
      case 'fetch':
        await (step.fetch.entities ? this.#complete(step.fetch) : this.#start(step.fetch));
        if (step.fetch.id !== null) this.#given.fetched?.(step.fetch.id);
        return;
      case 'sequence':
        for (const each of step.steps) await this.step(each);
        return;
      case 'parallel':
        await Promise.all(step.steps.map((each) => this.step(each)));
        return;
      case 'condition': {
        const chosen = this.#given.variables[step.variable] === true ? step.then : step.otherwise;
        return chosen ? this.step(chosen) : undefined;
      }
      case 'defer': return this.#given.defer!(step, this);
    }
  }

  /** Another run over the same data, which says for itself what went wrong. */
  beside(defer: Given['defer']): Run { return new Run({ ...this.#given, defer }, this.data, this.usage); }

  /** A fetch at a root. */
  async #start(fetch: Fetch): Promise<void> {
    const answer = await this.#call(fetch, fetch.text, fetch.operationName, { variables: this.#own(fetch) });
    const places = () => findPlaces(this.data, fetch.path).map(({ object, place }) => ({ place, typeName: object.__typename }));
    if (answer instanceof Error) return this.#say(missing(answer, fetch, places()));
    for (const error of answer.errors ?? []) this.#say(placed(error, fetch, '', [places()]));
    if (!answer.data) return;
    for (const each of fetch.outputRewrites) rewrite(each, answer.data, this.#given.types);
    for (const object of find(this.data, fetch.path)) combine(object, answer.data, this.#given.types);
  }

  /** A fetch that completes entities: each is asked for once, wherever it stands. */
  async #complete(fetch: Fetch): Promise<void> {
    const entities = fetch.entities!;
    const { types } = this.#given;
    const groups = entities.context.length > 0
      ? byContext(findPlaces(this.data, fetch.path).map((place) => ({ object: place.object, values: contextOf(place, entities.context, types) })))
      : [{ objects: find(this.data, fetch.path), values: {} }];
    await Promise.all(groups.map(async ({ objects, values }) => {
      const { representations, names, targets } = gather(objects, entities);
      if (representations.length === 0) return;
      const settled = await this.#join({ fetch, entities, representations, names, variables: { ...this.#own(fetch), ...values } }, targets);
      settled?.data.forEach((entity, at) => this.#lay(fetch, entity, targets[at]!));
    }));
  }

  #lay(fetch: Fetch, entity: Data | null, targets: readonly Data[]): void {
    if (entity === null) return targets.forEach(noteAbsent);
    if (typeof entity !== 'object') return;
    if (fetch.outputRewrites.length > 0) {
      entity.__typename ??= targets[0]!.__typename;
      for (const each of fetch.outputRewrites) rewrite(each, entity, this.#given.types);
    }
    const { types, contextual } = this.#given;
    // What hangs below stays one and the same in all the places where the entity stands: whatever completes it later
    // completes it in all of them. Only what depends on what is above must be each place's own.
    targets.forEach((target, at) => {
      const own = contextual && at > 0 ? copied(entity) : entity;
      combine(target, own, types);
    });
  }

  /** Waits until everything that begins at this moment is known, and asks each subgraph once. */
  #join(job: Job, targets: readonly (readonly Data[])[]): Promise<Settled> {
    return new Promise((done) => {
      if (this.#waiting.length === 0) queueMicrotask(() => this.#flush());
      this.#waiting.push({ job, done, places: () => missedBy(this.data, job.fetch, targets) });
    });
  }

  #flush(): void {
    const groups: Waiting[][] = [];
    for (const each of this.#waiting.splice(0)) {
      const group = groups.find((other) => other[0]!.job.fetch.service === each.job.fetch.service && other.every(({ job }) => joinable(job.entities, each.job.entities)));
      if (group) group.push(each);
      else groups.push([each]);
    }
    for (const group of groups) void this.#ask(group);
  }

  async #ask(group: readonly Waiting[]): Promise<void> {
    const { text, operationName, aliases, ...variables } = join(group.map(({ job }) => job), this.#given.texts);
    const answer = await this.#call(group[0]!.job.fetch, text, operationName, variables);
    group.forEach(({ job, done, places }, at) => {
      if (answer instanceof Error) this.#say(missing(answer, job.fetch, places()));
      else {
        for (const error of answer.errors ?? []) if (concerns(error, aliases, at)) this.#say(placed(error, job.fetch, aliases[at]!, byRepresentation(places())));
        const entities = answer.data?.[aliases[at]!];
        if (Array.isArray(entities) && entities.length === job.representations.length) return done({ data: entities as (Data | null)[] });
      }
      done(null);
    });
  }

  async #call(fetch: Fetch, document: string, operationName: string | undefined, variables: Pick<GraphRequest, 'variables' | 'variablesText'>): Promise<GraphAnswer | Error> {
    const { call, caller, signal } = this.#given;
    try {
      const answer = await call(fetch.service, { document, operationName, ...variables, kind: fetch.kind, viewer: caller.viewer, ...(caller.headers && { headers: caller.headers }), ...(signal && { signal }) });
      this.said(answer);
      return answer;
    } catch (error) {
      return error as Error;
    }
  }

  /** What an answer has cost beyond its points. */
  said({ extensions }: GraphAnswer): void { if (extensions?.usage) this.usage.push(...readUsage(extensions.usage)); }

  #own(fetch: Fetch): Record<string, unknown> {
    const own: Record<string, unknown> = {};
    for (const name of fetch.variables) if (Object.hasOwn(this.#given.variables, name)) own[name] = this.#given.variables[name];
    return own;
  }

  #say(errors: readonly GraphQLFormattedError[]): void {
    this.errors.push(...errors);
  }
}

/** An error without a path is everybody's; with one, it is of the alias that it names. */
const concerns = (error: { path?: readonly (string | number)[] | undefined }, aliases: readonly string[], at: number): boolean =>
  typeof error.path?.[0] === 'string' && aliases.includes(error.path[0]) ? error.path[0] === aliases[at] : true;

function missedBy(root: Data, fetch: Fetch, targets: readonly (readonly Data[])[]): Missed[] {
  const numbers = new Map(targets.flatMap((objects, at) => objects.map((object) => [object, at] as const)));
  return findPlaces(root, fetch.path).flatMap(({ object, place }) => {
    const representation = numbers.get(object);
    return representation === undefined ? [] : [{ place, typeName: object.__typename, representation }];
  });
}

function byRepresentation(places: readonly Missed[]): Missed[][] {
  const groups: Missed[][] = [];
  for (const missed of places) (groups[missed.representation ?? 0] ??= []).push(missed);
  return groups;
}
