/**
 * What an operation may cost at most, known before it runs: an object is a point, a list as many as it can hold, a change
 * ten, unless the schema says otherwise. An operation is compiled once into a sum over its variables; a caller pays
 * the sum beforehand and gets back what the answer was not worth.
 */
import {
  getNamedType, getNullableType, isCompositeType, isInputObjectType, isInterfaceType, isListType, isObjectType, Kind,
  type DocumentNode, type FieldNode, type FragmentDefinitionNode, type GraphQLArgument, type GraphQLField, type GraphQLInputType, type GraphQLNamedType, type GraphQLSchema,
  type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql';
import { isIncluded, listGiven, valueGiven, type Given } from './given.ts';
import { AtlasError } from '../../platform/errors.ts';
import type { Costs, ListLength } from './weights.ts';

/** Entries of a list of which nobody says how long it is. */
const LIST_ASSUMED = 10;
/** The schema is large, and asking for it is no field of it. */
const INTROSPECTION_POINTS = 100;

/** `requested` in all; of it `fixed` for what was sent rather than for what comes back. */
export interface Requested { requested: number; fixed: number }
export type CostOf = (variables: Readonly<Record<string, unknown>>) => Requested;

interface Run extends Given { known: Map<string, number> }
type Points = number | ((run: Run) => number);
/** What comes back, and what was sent. */
interface Sum { answer: Points; fixed: Points }
/** A list that a field above has sized: a page's `edges` and `nodes`. */
interface Sized { size: Points; fields: readonly string[]; id: number }

const NOTHING: Sum = { answer: 0, fixed: 0 };
const valueOf = (points: Points, run: Run): number => (typeof points === 'number' ? points : points(run));
const isOpen = (points: Points): points is (run: Run) => number => typeof points === 'function';
function plus(...all: readonly Points[]): Points {
  const fixed = all.reduce<number>((sum, points) => (isOpen(points) ? sum : sum + points), 0);
  const open = all.filter(isOpen);
  return open.length === 0 ? fixed : (run) => open.reduce((sum, points) => sum + points(run), fixed);
}
const times = (a: Points, b: Points): Points => (isOpen(a) || isOpen(b) ? (run) => valueOf(a, run) * valueOf(b, run) : a * b);
const sum = (sums: readonly Sum[]): Sum => (sums.length === 1 ? sums[0]! : { answer: plus(...sums.map(({ answer }) => answer)), fixed: plus(...sums.map(({ fixed }) => fixed)) });

export function costOf(schema: GraphQLSchema, costs: Costs, document: DocumentNode, operation: OperationDefinitionNode): CostOf {
  const { answer, fixed } = new Reader(schema, costs, document).selections(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined, null);
  const defaults = new Map(operation.variableDefinitions?.map(({ variable, defaultValue }) => [variable.name.value, defaultValue]));
  return (variables) => {
    const run: Run = { variables, defaults, known: new Map() };
    const sent = valueOf(fixed, run);
    // Whatever is asked for was received, read and answered.
    return { requested: Math.max(1, valueOf(answer, run) + sent), fixed: sent };
  };
}

class Reader {
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  private readonly read = new Map<string, Sum>();
  private readonly open = new Set<string>();
  private pages = 0;

  constructor(private readonly schema: GraphQLSchema, private readonly costs: Costs, document: DocumentNode) {
    for (const definition of document.definitions) if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(definition.name.value, definition);
  }

  selections(set: SelectionSetNode, parent: GraphQLNamedType | undefined, sized: Sized | null): Sum {
    return sum(set.selections.map((selection): Sum => {
      const found = selection.kind === Kind.FIELD ? this.field(selection, parent, sized)
        : selection.kind === Kind.FRAGMENT_SPREAD ? this.fragment(selection.name.value, sized)
          : this.selections(selection.selectionSet, this.condition(selection.typeCondition?.name.value) ?? parent, sized);
      if (!selection.directives?.length) return found;
      const only = (points: Points): Points => (points === 0 ? 0 : (run) => (isIncluded(selection, run) ? valueOf(points, run) : 0));
      return { answer: only(found.answer), fixed: only(found.fixed) };
    }));
  }

  private condition(name: string | undefined): GraphQLNamedType | undefined {
    const type = name === undefined ? undefined : this.schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }

  /** Read once wherever it is spread, and summed once a run: a small text that unfolds into a huge one costs little. */
  private fragment(name: string, sized: Sized | null): Sum {
    const fragment = this.fragments.get(name);
    if (!fragment || this.open.has(name)) return NOTHING; // validation says what is wrong
    const key = sized ? `${name} in page ${sized.id}` : name;
    const known = this.read.get(key);
    if (known) return known;
    this.open.add(name);
    const { answer, fixed } = this.selections(fragment.selectionSet, this.condition(fragment.typeCondition.name.value), sized);
    this.open.delete(name);
    const once = (points: Points, part: string): Points => (isOpen(points) ? (run) => remembered(run, `${part} ${key}`, points) : points);
    const found = { answer: once(answer, 'answer'), fixed: once(fixed, 'fixed') };
    this.read.set(key, found);
    return found;
  }

  private field(node: FieldNode, parent: GraphQLNamedType | undefined, sized: Sized | null): Sum {
    const name = node.name.value;
    if (name === '__schema' || name === '__type') return { answer: 0, fixed: INTROSPECTION_POINTS };
    if (name.startsWith('__')) return NOTHING;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    const coordinate = `${parent?.name ?? ''}.${name}`;
    const length = this.costs.lists.get(coordinate);
    const size = field && length ? sizeBy(length, node, field) : null;
    const inner = node.selectionSet ? this.selections(node.selectionSet, field && getNamedType(field.type), size && length!.sizedFields.length > 0 ? { size, fields: length!.sizedFields, id: (this.pages += 1) } : null) : NOTHING;
    const many = !field || !isListType(getNullableType(field.type)) ? 1
      : sized?.fields.includes(name) ? sized.size
        : size && length!.sizedFields.length === 0 ? size : longestList(node, field);
    const sent = field ? plus(...field.args.map((argument) => this.argument(node, argument, coordinate))) : 0;
    return { answer: times(many, plus(this.weight(coordinate, field), inner.answer)), fixed: plus(sent, times(many, inner.fixed)) };
  }

  private weight(coordinate: string, field: GraphQLField<unknown, unknown> | undefined): number {
    const said = this.costs.fields.get(coordinate);
    if (said !== undefined || !field) return said ?? 0;
    const type = getNamedType(field.type);
    const own = (name: string, otherwise: number) => this.costs.types.get(name) ?? otherwise;
    // Whatever it turns out to be: the dearest that it can be.
    if (isCompositeType(type) && !isObjectType(type)) return Math.max(...this.schema.getPossibleTypes(type).map(({ name }) => own(name, 1)), 0);
    return own(type.name, isCompositeType(type) ? 1 : 0);
  }

  private argument(node: FieldNode, argument: GraphQLArgument, coordinate: string): Points {
    const [said, inputs] = [this.costs.inputs.get(`${coordinate}(${argument.name}:)`), this.hasWeights(argument.type)];
    if (said === undefined && !inputs) return 0;
    return (run) => {
      const value = valueGiven(node, argument.name, run);
      return value === undefined ? 0 : (said ?? 0) + (inputs ? this.input(value, argument.type) : 0);
    };
  }

  /** Whether anything in this input, however deep, has a weight. */
  private hasWeights(type: GraphQLInputType, seen = new Set<string>()): boolean {
    const named = getNamedType(type);
    if (!isInputObjectType(named) || seen.has(named.name)) return false;
    seen.add(named.name);
    return Object.values(named.getFields()).some((field) => this.costs.inputs.has(`${named.name}.${field.name}`) || this.hasWeights(field.type, seen));
  }

  private input(value: unknown, type: GraphQLInputType): number {
    if (Array.isArray(value)) return value.reduce<number>((points, one) => points + this.input(one, type), 0);
    const named = getNamedType(type);
    if (!isInputObjectType(named) || value === null || typeof value !== 'object') return 0;
    return Object.entries(named.getFields()).reduce((points, [name, field]) => {
      const given = (value as Record<string, unknown>)[name];
      return given === undefined ? points : points + (this.costs.inputs.get(`${named.name}.${name}`) ?? 0) + this.input(given, field.type);
    }, 0);
  }
}

function remembered(run: Run, key: string, points: (run: Run) => number): number {
  const known = run.known.get(key) ?? points(run);
  run.known.set(key, known);
  return known;
}

/** As long as the longest of the arguments that slice it says; as is assumed when none does. */
function sizeBy({ assumedSize, slicingArguments, requireOneSlicingArgument }: ListLength, node: FieldNode, field: GraphQLField<unknown, unknown>): Points {
  const assumed = assumedSize ?? LIST_ASSUMED;
  if (slicingArguments.length === 0) return assumed;
  return (run) => {
    const given = slicingArguments.map((name) => valueGiven(node, name, run) ?? field.args.find((argument) => argument.name === name)?.defaultValue).filter((value) => Number.isSafeInteger(value)) as number[]; // 1e999 is none, and is refused when it is validated
    if (requireOneSlicingArgument && given.length !== 1) throw new AtlasError('BAD_USER_INPUT', `\`${field.name}\` takes exactly one of ${slicingArguments.map((name) => `\`${name}\``).join(', ')}.`);
    return given.length > 0 ? Math.max(0, ...given) : assumed;
  };
}

/** A list that is asked for by a list (`nodes(ids:)`) is as long; of any other nobody knows. */
function longestList(node: FieldNode, field: GraphQLField<unknown, unknown>): Points {
  const named = field.args.filter(({ type }) => isListType(getNullableType(type))).map(({ name }) => name);
  if (named.length === 0) return LIST_ASSUMED;
  return (run) => {
    const lengths = named.map((name) => listGiven(node, name, run)).filter((length) => length !== null);
    return lengths.length > 0 ? Math.max(...lengths) : LIST_ASSUMED;
  };
}
