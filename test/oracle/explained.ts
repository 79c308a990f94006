/**
 * Where Apollo's execution answers otherwise than the monolith, and why. Each line holds only for questions that can meet
 * the fault, and has a case in cases.ts in which Apollo is wrong and the executor is not.
 */
import { isAbstractType, isInterfaceType, isObjectType, parse, TypeInfo, visit, visitWithTypeInfo, type GraphQLSchema } from 'graphql';
import { linked, requiredBy } from './sdl.ts';
import type { OpenWorld } from './open-world.ts';
import type { Question, World } from './world.ts';

interface Known {
  question: Question;
  world: World;
  /** How the answer differs. */
  fault: string;
  /** What the fields that are asked for require, as their SDL says it. */
  required: readonly string[];
  schema: GraphQLSchema;
  requires: ReadonlyMap<string, string>;
}

export interface Explained { name: string; why: string; applies: (known: Known) => boolean }

const names = (text: string): string[] => text.match(/[A-Za-z_]\w*/g) ?? [];
const fieldNamed = (schema: GraphQLSchema, name: string, holds: (args: number) => boolean): boolean =>
  Object.values(schema.getTypeMap()).some((type) => (isObjectType(type) || isInterfaceType(type)) && type.getFields()[name] !== undefined && holds(type.getFields()[name]!.args.length));

export const EXPLAINED: readonly Explained[] = [
  {
    name: 'an alias is taken for what services ask for',
    why: 'Keys and required fields are read from the result by their names, where a client may have put another field.',
    applies: ({ question, schema }) => [...question.document.matchAll(/(\w+): (\w+)/g)].some(([, alias, name]) => alias !== name && fieldNamed(schema, alias!, () => true)),
  },
  {
    name: 'required arguments are mixed up',
    why: 'The plan names a required field without its arguments: two that want it with different ones, or a client that does, share one value.',
    applies: ({ required, schema }) => required.some((text) => names(text).some((name) => fieldNamed(schema, name, (args) => args > 0))),
  },
  {
    name: 'a requirement that is skipped takes others along',
    why: 'One representation carries all that is required; when `@skip` leaves out a part of it, the whole entity is not asked for.',
    applies: ({ required, question }) => required.length > 0 && /@(skip|include)/.test(question.document),
  },
  {
    name: 'a requirement of a requirement is asked for too early',
    why: 'A required field that itself requires something is put into the fetch before, without what it requires.',
    applies: ({ required, requires }) => required.some((text) => names(text).some((name) => [...requires.keys()].some((each) => each.endsWith(`.${name}`)))),
  },
  {
    name: 'a key that is not resolvable is used',
    why: 'Back in the subgraph that a requirement was gathered for, the plan takes the first key, resolvable or not.',
    applies: ({ required, world }) => required.length > 0 && Object.values(world.subgraphs).some((sdl) => sdl.includes('resolvable: false')),
  },
  {
    name: 'another name for __typename is lost',
    why: 'The planner takes `__typename` out of a selection and puts only one of its names back.',
    applies: ({ question }) => /\w+: __typename/.test(question.document),
  },
  {
    name: 'conditions that exclude each other empty the plan',
    why: 'Where all that is asked of an object cannot be wanted at once, the object itself is not asked for.',
    applies: ({ question }) => (question.document.match(/@(skip|include)/g) ?? []).length > 1,
  },
  {
    name: 'interface objects confuse the planner',
    why: 'Asked what an interface object is behind a type condition, the planner runs in a circle, leaves fields out, enters by keys that find nothing, or fails with an assertion of its own.',
    applies: ({ world }) => Object.values(world.subgraphs).some((sdl) => sdl.includes('@interfaceObject')),
  },
  {
    name: 'a change is made twice',
    why: 'A field of a mutation that is asked for here always and there on a condition is taken for two, and each is run.',
    applies: ({ question }) => /^mutation\b/.test(question.document) && /@(skip|include)/.test(question.document),
  },
  {
    name: 'an error is told of a neighbour',
    why: 'Where only some of the objects in a list are asked for more, an error about the third that was asked is told of the third in the list.',
    applies: ({ fault, question }) => fault.startsWith('an error at ') && /\bon [A-Z]/.test(question.document),
  },
];

export function explanations(opened: OpenWorld, question: Question, fault: string): Explained[] {
  const { world, apiSchema: schema } = opened;
  const requires = new Map(Object.values(world.subgraphs).flatMap((sdl) => [...requiredBy(parse(linked(sdl, world.firstFederation)))]));
  const known: Known = { question, world, fault, schema, requires, required: requiredIn(schema, question, requires) };
  return EXPLAINED.filter(({ applies }) => applies(known));
}

function requiredIn(schema: GraphQLSchema, { document }: Question, requires: ReadonlyMap<string, string>): string[] {
  const found = new Set<string>();
  const info = new TypeInfo(schema);
  visit(parse(document), visitWithTypeInfo(info, { Field: ({ name }) => {
    const parent = info.getParentType();
    if (!parent) return;
    const related = [parent, ...(isAbstractType(parent) ? schema.getPossibleTypes(parent) : []), ...('getInterfaces' in parent ? parent.getInterfaces() : [])];
    for (const type of related) {
      const text = requires.get(`${type.name}.${name.value}`);
      if (text) found.add(text);
    }
  } }));
  return [...found];
}
