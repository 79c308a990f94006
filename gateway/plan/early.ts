/**
 * The planner takes a required field for known as soon as it is in the subgraph that has it, also where that field has
 * requirements of its own which only come later. Such a field is asked for here again, by itself: once what it requires
 * is there, and before the first that requires it.
 */
import { Kind, getNamedType, isInterfaceType, isObjectType, isListType, isNonNullType, parse, print, stripIgnoredCharacters, visit, type FieldNode, type GraphQLNamedType, type GraphQLObjectType, type GraphQLOutputType, type GraphQLSchema, type OperationDefinitionNode, type SelectionNode, type SelectionSetNode } from 'graphql';
import type { FetchNode, PlanNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import type { Requirements } from './requirements.ts';

type Path = readonly string[];
interface Placed { fetch: FetchNode; path: Path }
/** A field of an object at a path that was asked for without what it requires. */
interface Early extends Placed { type: string; field: FieldNode; at: Path; needs: SelectionSetNode }

/** The same steps, with every field that came too early at its place. */
export function inTime(steps: readonly PlanNode[], above: Path, requirements: Requirements): PlanNode[] {
  let mended = [...steps];
  for (let index = 0; index < mended.length; index += 1) {
    // One at a time: each changes the fetch in which the next is found.
    for (let next: PlanNode[] | null = mended; next; next = oneMoved(mended, index, above, requirements)) mended = next;
  }
  return mended;
}

function oneMoved(steps: readonly PlanNode[], index: number, above: Path, requirements: Requirements): PlanNode[] | null {
  for (const placed of fetchesIn(steps[index]!, above)) {
    for (const early of earlyIn(placed, requirements)) {
      const next = moved(steps, { index, early, above, requirements });
      if (next) return next;
    }
  }
  return null;
}

function moved(steps: readonly PlanNode[], { index, early, above, requirements }: { index: number; early: Early; above: Path; requirements: Requirements }): PlanNode[] | null {
  const { at, field, type, fetch, needs } = early;
  const place = at.join('.');
  const all = steps.map((step) => fetchesIn(step, above).filter(({ path }) => path.join('.') === place).map((each) => each.fetch));
  const after = (of: (each: FetchNode) => boolean): number => all.findIndex((each, n) => n > index && each.some(of));
  const wanted = after((each) => namesOf(each.requires).includes(field.name.value));
  const inputs = fieldsOf(needs).map(({ name }) => after((each) => broughtBy(each).includes(name.value)));
  const key = requirements.keys.get(`${fetch.serviceName}.${type}`)?.[0];
  // What the subgraph has at hand by itself (`@provides`) was not too early.
  if (!key || wanted < 0 || inputs.length === 0) return null;
  const missing = fieldsOf(needs).filter((_, n) => inputs[n]! < 0 || inputs[n]! >= wanted);
  const found = missing.map((each) => gathering(early, each, { key, requirements, not: fetch.serviceName, seen: [] }));
  const gathered = found.flatMap((each) => each ?? []);
  if (found.includes(null)) return null;
  const operation = swapped(fetch, early, { key, missing: missing.map(({ name }) => name.value), schema: requirements.schema });
  const added = [...gathered, early].map((each) => asking(each, key, above));
  return [...steps.slice(0, index), replaced(steps[index]!, fetch, { ...fetch, operation }), ...steps.slice(index + 1, wanted), ...added, ...steps.slice(wanted)];
}

interface Gathering { key: readonly string[]; requirements: Requirements; not: string | null; seen: readonly string[] }

/**
 * What nobody fetches, because the planner takes what is external for known: asked of a service that finds the object by
 * the same key, after what that one requires for it in its turn.
 */
function gathering(early: Early, field: FieldNode, given: Gathering): Early[] | null {
  const { key, requirements: { owners, provided, keys, sets, schema }, not, seen } = given;
  const name = `${early.type}.${field.name.value}`;
  if (provided.has(`${early.fetch.serviceName}.${field.name.value}`) || seen.includes(name)) return null;
  const type = getNamedType((schema.getType(early.type) as GraphQLObjectType | undefined)?.getFields()[field.name.value]?.type);
  const fits = (service: string): boolean => Boolean(keys.get(`${service}.${early.type}`)?.some((each) => each.join() === key.join())) && answers(service, field.selectionSet, type, owners);
  const asked = (serviceName: string, needs: SelectionSetNode): Early => ({ ...early, fetch: { ...early.fetch, serviceName }, field, needs });
  const owner = owners.get(name)?.find((service) => service !== not && fits(service));
  if (owner !== undefined) return [asked(owner, { kind: Kind.SELECTION_SET, selections: [] })];
  for (const [at, needs] of sets) {
    const service = at.endsWith(`.${name}`) ? at.slice(0, -name.length - 1) : undefined;
    if (service === undefined || !fits(service)) continue;
    const before = fieldsOf(needs).map((each) => gathering(early, each, { ...given, not: null, seen: [...seen, name] }));
    if (!before.includes(null)) return [...before.flatMap((each) => each ?? []), asked(service, needs)];
  }
  return null;
}

/** Whether the service answers all that is below a field by itself. */
const answers = (service: string, set: SelectionSetNode | undefined, type: GraphQLNamedType | undefined, owners: Requirements['owners']): boolean => !set || set.selections.every((each) => {
  if (each.kind !== Kind.FIELD || !isObjectType(type)) return false;
  if (each.name.value === '__typename') return true;
  const field = type.getFields()[each.name.value];
  return Boolean(field && owners.get(`${type.name}.${each.name.value}`)?.includes(service)) && answers(service, each.selectionSet, getNamedType(field!.type), owners);
});

function asking({ at, type, field, fetch, needs }: Early, key: readonly string[], above: Path): PlanNode {
  const named = ['__typename', ...key].map((name): QueryPlanSelectionNode => ({ kind: 'Field', name }));
  const node: FetchNode = {
    kind: 'Fetch', serviceName: fetch.serviceName, operationKind: 'query' as FetchNode['operationKind'], operationName: undefined, variableUsages: [],
    requires: [{ kind: 'InlineFragment', typeCondition: type, selections: [...named, ...asRequired(needs)] }],
    operation: stripIgnoredCharacters(`query($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${type} { ${print(field)} } } }`),
  } as FetchNode;
  return { kind: 'Flatten', path: at.slice(above.length), node };
}

const asRequired = (set: SelectionSetNode): QueryPlanSelectionNode[] => set.selections.flatMap((each): QueryPlanSelectionNode[] => {
  if (each.kind === Kind.FRAGMENT_SPREAD) return [];
  if (each.kind === Kind.FIELD) return [{ kind: 'Field', name: each.name.value, ...(each.selectionSet && { selections: asRequired(each.selectionSet) }) }];
  return [{ kind: 'InlineFragment', ...(each.typeCondition && { typeCondition: each.typeCondition.name.value }), selections: asRequired(each.selectionSet) }];
});

/** The fetch's text with what names the object instead of the field. */
function swapped(fetch: FetchNode, { field, at, path }: Early, { key, missing, schema }: { key: readonly string[]; missing: readonly string[]; schema: GraphQLSchema }): string {
  const names = ['__typename', ...key].map((name): FieldNode => ({ kind: Kind.FIELD, name: { kind: Kind.NAME, value: name } }));
  const within = at.slice(path.length).join('.');
  const operation = operationOf(fetch);
  const change = (set: SelectionSetNode, type: GraphQLNamedType | undefined, here: Path): SelectionSetNode => {
    const selections = set.selections.flatMap((each): SelectionNode[] => {
      if (each.kind === Kind.FIELD && here.join('.') === within && print(each) === print(field)) return names;
      if (each.kind === Kind.FIELD && here.join('.') === within && !each.alias && missing.includes(each.name.value)) return [];
      if (each.kind === Kind.FRAGMENT_SPREAD || !each.selectionSet) return [each];
      const [below, next] = step(each, type, here, schema);
      return [{ ...each, selectionSet: change(each.selectionSet, below, next) } as SelectionNode];
    });
    return { ...set, selections: selections.filter((each, n) => each.kind !== Kind.FIELD || selections.findIndex((other) => print(other) === print(each)) === n) };
  };
  const { set, type, wrap } = bodyOf(fetch, operation, schema);
  return stripIgnoredCharacters(print(wrap(change(set, type, []))));
}

function earlyIn({ fetch, path }: Placed, { sets, schema }: Requirements): Early[] {
  const found: Early[] = [];
  const given = namesOf(fetch.requires);
  const look = (set: SelectionSetNode, type: GraphQLNamedType | undefined, here: Path): void => set.selections.forEach((each) => {
    if (each.kind === Kind.FRAGMENT_SPREAD) return;
    const needs = each.kind === Kind.FIELD && type && sets.get(`${fetch.serviceName}.${type.name}.${each.name.value}`);
    const has = here.length === 0 && fetch.requires && needs && fieldsOf(needs).every(({ name }) => given.includes(name.value));
    if (needs && !has && isAlone(each as FieldNode)) found.push({ fetch, path, type: type.name, field: each as FieldNode, at: [...path, ...here], needs });
    if (!each.selectionSet) return;
    const [below, next] = step(each, type, here, schema);
    look(each.selectionSet, below, next);
  });
  const { set, type } = bodyOf(fetch, operationOf(fetch), schema);
  look(set, type, []);
  return found;
}

/** Nothing of the client's is in it: then it stands there for others only, or can be asked for again as it is. */
function isAlone(field: FieldNode): boolean {
  let alone = !field.alias;
  visit(field, { Variable: () => { alone = false; }, Directive: () => { alone = false; } });
  return alone;
}

/** From an object to what a selection is about: another type, or an object below. */
function step(selection: SelectionNode, type: GraphQLNamedType | undefined, here: Path, schema: GraphQLSchema): [GraphQLNamedType | undefined, Path] {
  if (selection.kind === Kind.INLINE_FRAGMENT) return [selection.typeCondition ? schema.getType(selection.typeCondition.name.value) : type, here];
  const field = selection.kind === Kind.FIELD && (isObjectType(type) || isInterfaceType(type)) ? type.getFields()[selection.name.value] : undefined;
  if (selection.kind !== Kind.FIELD || !field) return [undefined, here];
  return [getNamedType(field.type), [...here, (selection.alias ?? selection.name).value, ...lists(field.type)]];
}

const lists = (type: GraphQLOutputType): string[] => (isNonNullType(type) ? lists(type.ofType) : isListType(type) ? ['@', ...lists(type.ofType)] : []);

/** Of entities, what is asked of each; of a root, all. */
function bodyOf(fetch: FetchNode, operation: OperationDefinitionNode, schema: GraphQLSchema) {
  const root = operation.selectionSet;
  if (!fetch.requires) return { set: root, type: schema.getRootType(operation.operation) ?? undefined, wrap: (selectionSet: SelectionSetNode) => ({ ...operation, selectionSet }) };
  const entities = root.selections[0] as FieldNode;
  return { set: entities.selectionSet!, type: undefined, wrap: (selectionSet: SelectionSetNode) => ({ ...operation, selectionSet: { ...root, selections: [{ ...entities, selectionSet }] } }) };
}

function fetchesIn(node: PlanNode, path: Path): Placed[] {
  switch (node.kind) {
    case 'Fetch': return [{ fetch: node, path }];
    case 'Flatten': return fetchesIn(node.node, [...path, ...node.path.map(String)]);
    case 'Sequence': case 'Parallel': return node.nodes.flatMap((each) => fetchesIn(each, path));
    case 'Condition': return [node.ifClause, node.elseClause].flatMap((each) => (each ? fetchesIn(each, path) : []));
    case 'Defer': return [];
  }
}

function replaced(node: PlanNode, fetch: FetchNode, by: FetchNode): PlanNode {
  switch (node.kind) {
    case 'Fetch': return node === fetch ? by : node;
    case 'Flatten': return { ...node, node: replaced(node.node, fetch, by) };
    case 'Sequence': case 'Parallel': return { ...node, nodes: node.nodes.map((each) => replaced(each, fetch, by)) };
    case 'Condition': return { ...node, ...(node.ifClause && { ifClause: replaced(node.ifClause, fetch, by) }), ...(node.elseClause && { elseClause: replaced(node.elseClause, fetch, by) }) };
    case 'Defer': return node;
  }
}

const operationOf = (node: FetchNode): OperationDefinitionNode => parse(node.operation, { noLocation: true }).definitions[0] as OperationDefinitionNode;
const fieldsOf = (set: SelectionSetNode): FieldNode[] => set.selections.flatMap((each) => (each.kind === Kind.FIELD ? [each] : each.kind === Kind.INLINE_FRAGMENT ? fieldsOf(each.selectionSet) : []));
const broughtBy = (fetch: FetchNode): string[] => (fetch.requires ? fieldsOf((operationOf(fetch).selectionSet.selections[0] as FieldNode).selectionSet!).map((each) => (each.alias ?? each.name).value) : []);
const namesOf = (selections: readonly QueryPlanSelectionNode[] | undefined): string[] => (selections ?? []).flatMap((each) => (each.kind === 'Field' ? [each.name] : namesOf(each.selections)));
