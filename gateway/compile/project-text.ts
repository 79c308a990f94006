/**
 * The fast way to lay out an answer: straight from what was fetched to JSON text, by functions that are written for the
 * operation. They know nothing of paths: at the first value that is not as it should be they give up, and the exact
 * way (`project.ts`) says what is wrong and where.
 */
import { isAbstractType, isEnumType, isLeafType, isListType, isNonNullType, isSpecifiedScalarType, type GraphQLEnumType, type GraphQLLeafType, type GraphQLOutputType, type GraphQLSchema } from 'graphql';
import { concreteOf } from './project.ts';
import { quote } from './quote.ts';
import type { Data } from './represent.ts';
import type { Condition, Selection, Variables, Wanted } from './shape.ts';
import type { Weights } from './weights.ts';

export interface Counted { cost: number }
/** Undefined when something is amiss. */
export type Write = (object: Data, variables: Variables, counted: Counted) => string | undefined;

export class TextWriter {
  readonly #schema: GraphQLSchema;
  readonly #weights: Weights;
  readonly #made = new WeakMap<Selection, Map<string, Write>>();

  constructor(schema: GraphQLSchema, weights: Weights) {
    this.#schema = schema;
    this.#weights = weights;
  }

  /** Writes objects of one type as the selection wants them. */
  of(selection: Selection, typeName: string): Write {
    let byType = this.#made.get(selection);
    if (!byType) this.#made.set(selection, byType = new Map<string, Write>());
    let write = byType.get(typeName);
    if (!write) byType.set(typeName, write = this.#make(selection, typeName));
    return write;
  }

  #make(selection: Selection, typeName: string): Write {
    const source = new Source(this.#schema, this.#weights, typeName);
    selection.of(typeName).forEach((wanted) => source.field(wanted));
    const places = source.inner.map(({ wanted, type }) => this.#place(wanted.inner!, type));
    // Written for this operation; nothing of a client is in it that JSON.stringify has not quoted.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- this is what makes it fast
    const make = new Function('quote', 'leaf', 'inner', 'own', source.text()) as (...given: unknown[]) => Write;
    return make(quote, leafText, places, own);
  }

  /** What writes the objects of a field: found when the first one comes, by its type where the schema leaves it open. */
  #place(selection: Selection, typeName: string): Write {
    const abstract = isAbstractType(this.#schema.getType(typeName));
    let only: Write | undefined;
    const byName = new Map<unknown, Write | null>();
    return (object, variables, counted) => {
      if (typeof object !== 'object' || Array.isArray(object)) return undefined;
      if (!abstract) return (only ??= this.of(selection, typeName))(object, variables, counted);
      let write = byName.get(object.__typename);
      if (write === undefined) {
        const concrete = concreteOf(this.#schema, typeName, object);
        write = concrete === null ? null : this.of(selection, concrete);
        // Names that no type has are not kept: a subgraph could send ever new ones.
        if (write) byName.set(object.__typename, write);
      }
      return write?.(object, variables, counted);
    };
  }
}

const NOT_TO_BE_INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

/** The source of one function. Every name in it went through JSON.stringify. */
class Source {
  readonly inner: { wanted: Wanted; type: string }[] = [];
  readonly #lines: string[] = [];
  readonly #schema: GraphQLSchema;
  readonly #weights: Weights;
  readonly #typeName: string;
  #begun = false;
  readonly #cost: number;
  #depth = 0;

  constructor(schema: GraphQLSchema, weights: Weights, typeName: string) {
    this.#schema = schema;
    this.#weights = weights;
    this.#typeName = typeName;
    this.#cost = weights.ofType(typeName);
  }

  field(wanted: Wanted): void {
    const conditional = wanted.when.length > 0;
    if (conditional) this.#lines.push(`if (${wanted.when.map(conditionText).join(' || ')}) {`);
    this.#name(wanted.name, conditional);
    if (wanted.field.name === '__typename') this.#typeNameOf();
    else {
      const from = JSON.stringify(wanted.from);
      this.#lines.push(`t0 = ${NOT_TO_BE_INHERITED.has(wanted.from) ? `own(o, ${from})` : `o[${from}]`};`);
      this.#value('t0', wanted.type, wanted);
    }
    if (conditional) this.#lines.push('}');
  }

  #name(name: string, conditional: boolean): void {
    const text = JSON.stringify(`${JSON.stringify(name)}:`);
    if (this.#begun) this.#lines.push(`s += ${JSON.stringify(`,${JSON.stringify(name)}:`)};`);
    else this.#lines.push(`s += sep + ${text};${conditional ? ' sep = ",";' : ''}`);
    if (!conditional) this.#begun = true;
  }

  #typeNameOf(): void {
    const type = this.#schema.getType(this.#typeName);
    if (isAbstractType(type)) this.#lines.push('return undefined;');
    else this.#lines.push(`s += ${JSON.stringify(JSON.stringify(this.#typeName))};`);
  }

  #value(value: string, type: GraphQLOutputType, wanted: Wanted): void {
    const required = isNonNullType(type);
    const inner = required ? type.ofType : type;
    this.#lines.push(`if (${value} === null || ${value} === undefined) { ${required ? 'return undefined;' : 's += "null";'} } else {`);
    const weight = isListType(inner) ? 0 : this.#weights.ofField(wanted.coordinate);
    if (weight !== 0) this.#lines.push(`c.cost += ${weight};`);
    if (isListType(inner)) this.#list(value, inner.ofType, wanted);
    else if (isLeafType(inner)) this.#leaf(value, inner);
    else {
      const at = this.inner.push({ wanted, type: inner.name }) - 1;
      this.#lines.push(`r = inner[${at}](${value}, v, c); if (r === undefined) return undefined; s += r;`);
    }
    this.#lines.push('}');
  }

  #list(value: string, of: GraphQLOutputType, wanted: Wanted): void {
    const depth = this.#depth += 1;
    this.#lines.push(`if (!Array.isArray(${value})) return undefined; s += "[";`, `for (let i${depth} = 0; i${depth} < ${value}.length; i${depth} += 1) {`, `const t${depth} = ${value}[i${depth}]; if (i${depth} > 0) s += ",";`);
    this.#value(`t${depth}`, of, wanted);
    this.#lines.push('}', 's += "]";');
    this.#depth -= 1;
  }

  #leaf(value: string, type: GraphQLLeafType): void {
    const name = isSpecifiedScalarType(type) ? type.name : isEnumType(type) ? 'enum' : 'scalar';
    switch (name) {
      case 'String': return void this.#lines.push(`if (typeof ${value} !== "string") return undefined; s += quote(${value});`);
      case 'ID': return void this.#lines.push(`if (typeof ${value} === "string") s += quote(${value}); else if (Number.isSafeInteger(${value})) s += '"' + ${value} + '"'; else return undefined;`);
      case 'Int': return void this.#lines.push(`if ((${value} | 0) !== ${value}) return undefined; s += ${value};`);
      case 'Float': return void this.#lines.push(`if (!Number.isFinite(${value})) return undefined; s += ${value};`);
      case 'Boolean': return void this.#lines.push(`if (typeof ${value} !== "boolean") return undefined; s += ${value};`);
      case 'enum': {
        const values = (type as GraphQLEnumType).getValues().map((each) => each.name);
        return void this.#lines.push(`if (!(${values.map((each) => `${value} === ${JSON.stringify(each)}`).join(' || ') || 'false'})) return undefined; s += '"' + ${value} + '"';`);
      }
      default: this.#lines.push(`r = leaf(${value}); if (r === undefined) return undefined; s += r;`);
    }
  }

  text(): string {
    const lists = 'let s = "", t0, r, sep = "{";';
    return `return function write(o, v, c) { ${lists} c.cost += ${this.#cost};\n${this.#lines.join('\n')}\nreturn ${this.#begun ? 's + "}"' : '(sep === "{" ? "{" : "") + s + "}"'}; };`;
  }
}

const conditionText = (condition: Condition): string => condition.map(({ variable, is }) => `v[${JSON.stringify(variable)}] === ${is}`).join(' && ') || 'true';

const leafText = (value: unknown): string | undefined => JSON.stringify(value);
const own = (object: Data, name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined);
