/**
 * Fetches of one moment to one subgraph travel as one request: each asks for its entities under an alias of its own.
 * Only questions are joined; what changes something goes alone and in order.
 */
import type { Entities, Fetch } from '../compile.ts';
import type { Data } from '../compile/represent.ts';

export interface Job {
  readonly fetch: Fetch;
  readonly entities: Entities;
  readonly representations: readonly Data[];
  /** The same as JSON, each. */
  readonly names: readonly string[];
  /** Values of the client's variables that it uses, and of what was found above its entities. */
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface Joined {
  text: string;
  operationName: string | undefined;
  variables: Record<string, unknown>;
  variablesText: string;
  /** Under which each job's entities stand in the answer. */
  aliases: readonly string[];
}

export function join(jobs: readonly Job[], texts: Map<string, string>): Joined {
  const [only] = jobs;
  if (jobs.length === 1 && only) {
    const { text, operationName } = only.fetch;
    return { text, operationName, variables: { ...only.variables, representations: only.representations }, variablesText: asJson(only.variables, [['representations', only.names]]), aliases: ['_entities'] };
  }
  const named = jobs.map((job, at) => ({ ...job, suffix: `_${at}`, alias: `_${at}` }));
  const shared: Record<string, unknown> = {};
  const variables: Record<string, unknown> = {};
  for (const { suffix, entities, representations, variables: own } of named) {
    variables[`representations${suffix}`] = representations;
    const found = new Set(entities.context.map(({ variable }) => variable));
    for (const [name, value] of Object.entries(own)) shared[found.has(name) ? name + suffix : name] = value;
  }
  Object.assign(variables, shared);
  const variablesText = asJson(shared, named.map(({ suffix, names }) => [`representations${suffix}`, names]));
  const key = jobs.map(({ fetch }) => fetch.number).join(' ');
  let text = texts.get(key);
  if (text === undefined) texts.set(key, text = textOf(named));
  return { text, operationName: undefined, variables, variablesText, aliases: named.map(({ alias }) => alias) };
}

/** Representations are written already, most of what is sent: the rest is put before them. */
function asJson(others: Readonly<Record<string, unknown>>, lists: readonly (readonly [name: string, items: readonly string[]])[]): string {
  const first = JSON.stringify(others).slice(0, -1);
  return `${first}${first.length > 1 ? ',' : ''}${lists.map(([name, items]) => `"${name}":[${items.join(',')}]`).join(',')}}`;
}

function textOf(named: readonly (Job & { suffix: string; alias: string })[]): string {
  const declared = new Map<string, string>();
  for (const { suffix, entities } of named) {
    declared.set(`representations${suffix}`, '[_Any!]!');
    const found = new Set(entities.context.map(({ variable }) => variable));
    for (const { name, type } of entities.variables) declared.set(found.has(name) ? name + suffix : name, type);
  }
  const head = [...declared].map(([name, type]) => `$${name}:${type}`).join(',');
  const directives = named.find(({ entities }) => entities.directives !== '')?.entities.directives ?? '';
  return `query(${head})${directives}{${named.map(({ alias, suffix, entities }) => `${alias}:_entities(representations:$representations${suffix})${entities.selection(suffix)}`).join(' ')}}`;
}

/** Fetches that declare one variable in two ways cannot share a request. */
export function joinable(one: Entities, other: Entities): boolean {
  return one.variables.every(({ name, type }) => {
    const same = other.variables.find((variable) => variable.name === name);
    return !same || same.type === type;
  });
}
