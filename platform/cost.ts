/**
 * What the parts of the API are worth, as directives of the cost specification that Apollo Federation composes: an object
 * is a point, a page as many as it holds, a change ten. `printSlice` says the usual; a resolver says what is unusual with
 * `@Cost(50)` or `@ListSize({ assumedSize: 5 })` on its field, and what it says is left as it is.
 */
import { Kind, parse, print, visit, type FieldDefinitionNode, type ObjectTypeDefinitionNode, type TypeNode } from 'graphql';
import { Directive } from 'type-graphql';
import { FIRST_DEFAULT } from './page.ts';
import { directiveNodes } from './policy-directives.ts';

/** A change writes, tells its neighbours and is kept for ever: dearer than anything that is only read. */
const MUTATION_WEIGHT = 10;
/** What only carries other things: whoever pays for a node does not pay for the edge it hangs on. */
const CARRIERS = /(^PageInfo|^UserError|Edge)$/;

/** The points of a field's value (each of them, when it is a list), instead of those of its type. */
export const Cost = (weight: number) => Directive(`@cost(weight: ${weight})`);
/** How long a list is that is not asked for page by page. */
export const ListSize = ({ assumedSize }: { assumedSize: number }) => Directive(`@listSize(assumedSize: ${assumedSize}, requireOneSlicingArgument: false)`);

const namedType = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type));
const says = (node: FieldDefinitionNode | ObjectTypeDefinitionNode, directive: string): boolean => node.directives?.some(({ name }) => name.value === directive) ?? false;

/** The slice with the usual weights: pages by `first`, changes, and carriers that cost nothing. */
export function withCosts(sdl: string): string {
  return print(visit(parse(sdl, { noLocation: true }), {
    ObjectTypeDefinition(type) {
      const free = CARRIERS.test(type.name.value) && !says(type, 'cost') ? ['@cost(weight: 0)'] : [];
      return {
        ...type,
        directives: [...type.directives ?? [], ...directiveNodes(free)],
        fields: type.fields?.map((field) => ({ ...field, directives: [...field.directives ?? [], ...directiveNodes(usual(type.name.value, field))] })),
      };
    },
  }));
}

function usual(type: string, field: FieldDefinitionNode): string[] {
  const paged = field.arguments?.some(({ name }) => name.value === 'first') && /Connection$/.test(namedType(field.type));
  return [
    // `first` may be left out, so none is required; a page that nobody sized is of the usual size.
    ...(paged && !says(field, 'listSize') ? [`@listSize(assumedSize: ${FIRST_DEFAULT}, slicingArguments: ["first"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)`] : []),
    ...(type === 'Mutation' && !says(field, 'cost') ? [`@cost(weight: ${MUTATION_WEIGHT})`] : []),
  ];
}
