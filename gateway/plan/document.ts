/**
 * What is to be known of a document before it can be served, and the document as the planner is to see it. It takes
 * several walks through the whole, which is why it is done where the plan is made and not on the event loop.
 */
import {
  Kind, TypeInfo, isAbstractType, visit, visitWithTypeInfo,
  type DocumentNode, type FieldNode, type FragmentDefinitionNode, type GraphQLSchema, type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql';
import { anchored, collides, keepApart } from './aliases.ts';
import { conditionsIn } from './conditions.ts';
import { atOnce, defersIn } from './deferred-document.ts';
import type { AskedOfEntities } from './joins.ts';
import { decisiveIn, eachOnce } from './once.ts';

export interface Facts {
  /** Every `Type.field` that may be reached; of an interface also those of the types behind it. */
  coordinates: readonly string[];
  /** Variables on which it depends what is wanted. */
  conditions: readonly string[];
  /** Those of them that have to be known before it is planned. */
  decisive: readonly string[];
  /** Whether it calls something as services call things among themselves. */
  collides: boolean;
  defers: boolean;
}

export const factsOf = (schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, asked: AskedOfEntities): Facts => ({
  coordinates: [...coordinatesOf(schema, document, operation)],
  conditions: conditionsIn(document),
  decisive: decisiveIn(document, operation),
  collides: collides(document, asked),
  defers: defersIn(document),
});

/** Services tell each other what an object is under this name; nothing else may stand there. */
export function isDisguised(document: DocumentNode): boolean {
  let found = false;
  visit(document, { Field: ({ alias, name }) => { found ||= alias?.value === '__typename' && name.value !== '__typename'; } });
  return found;
}

/** As it is planned: without what is withheld, with names apart, and whole unless it is wanted in parts. */
export function toBePlanned(document: DocumentNode, given: { schema: GraphQLSchema; asked: AskedOfEntities; refused: readonly string[]; inParts: boolean }): DocumentNode {
  const kept = given.refused.length > 0 ? without(document, given.schema, new Set(given.refused)) : document;
  return eachOnce(anchored(keepApart(given.inParts || !defersIn(document) ? kept : atOnce(kept), given.asked)));
}

function coordinatesOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): ReadonlySet<string> {
  const found = new Set<string>();
  const info = new TypeInfo(schema);
  const only = { ...document, definitions: document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION || each === operation) };
  visit(only, visitWithTypeInfo(info, { Field: ({ name }) => {
    const parent = info.getParentType();
    if (!parent || name.value === '__typename') return;
    found.add(`${parent.name}.${name.value}`);
    if (isAbstractType(parent)) for (const type of schema.getPossibleTypes(parent)) found.add(`${type.name}.${name.value}`);
  } }));
  return found;
}

/** The same without the fields of these coordinates. A selection that is left empty asks what the object is. */
function without(document: DocumentNode, schema: GraphQLSchema, refused: ReadonlySet<string>): DocumentNode {
  const info = new TypeInfo(schema);
  const pruned: DocumentNode = visit(document, visitWithTypeInfo(info, {
    Field: {
      enter: ({ name }: FieldNode) => (refused.has(`${info.getParentType()?.name}.${name.value}`) ? null : undefined),
    },
    SelectionSet: {
      leave: (set: SelectionSetNode) => (set.selections.length === 0 ? { ...set, selections: [TYPENAME] } : undefined),
    },
  }));
  return dropUnusedVariables(pruned);
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function dropUnusedVariables(document: DocumentNode): DocumentNode {
  const fragments = new Map(document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as [string, FragmentDefinitionNode]] : [])));
  return visit(document, { OperationDefinition: (operation) => {
    const used = new Set<string>();
    const opened = new Set<string>();
    const look = (node: OperationDefinitionNode | FragmentDefinitionNode): void => void visit(node, {
      VariableDefinition: () => false,
      Variable: ({ name }) => void used.add(name.value),
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value);
        if (!fragment || opened.has(name.value)) return;
        opened.add(name.value);
        look(fragment);
      },
    });
    look(operation);
    return { ...operation, variableDefinitions: (operation.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value)) };
  } });
}
