/** Rules for the API's schema that the published presets do not know: what may be null, and what a mutation looks like. */
import { Kind, parse, visit } from 'graphql';

const nonNull = (field) => field.rawNode().type.kind === Kind.NON_NULL_TYPE;
const named = (type) => ('type' in type ? named(type.type) : type.name.value);
const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** One field that fails takes away only itself: what a service, a role or a scope can refuse is nullable. */
export const nullableRoots = {
  meta: { type: 'problem', schema: [{ type: 'object', properties: { except: { type: 'array', items: { type: 'string' } } }, additionalProperties: false }] },
  create(context) {
    const except = context.options[0]?.except ?? [];
    return {
      'ObjectTypeDefinition[name.value=/^(Query|Subscription)$/] > FieldDefinition'(field) {
        const name = `${field.parent.name.value}.${field.name.value}`;
        if (nonNull(field) && !except.includes(name)) context.report({ node: field.name, message: `${name} must be nullable: one refused root field would take the whole answer away.` });
      },
    };
  },
};

/** `createItem(input: CreateItemInput!): CreateItemPayload!`; everything in the payload but `userErrors` may be missing. */
export const mutationShape = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    return {
      'ObjectTypeDefinition[name.value=Mutation] > FieldDefinition'(field) {
        const { name, arguments: given = [], type } = field.rawNode();
        const stem = capital(name.value);
        const [input, ...more] = given;
        if (input?.name.value !== 'input' || more.length > 0 || named(input.type) !== `${stem}Input`) {
          context.report({ node: field.name, message: `Mutation.${name.value} takes one argument, \`input\`, of the type ${stem}Input.` });
        }
        if (named(type) !== `${stem}Payload`) context.report({ node: field.name, message: `Mutation.${name.value} returns its own ${stem}Payload.` });
      },
      'ObjectTypeDefinition[name.value=/Payload$/] > FieldDefinition'(field) {
        const name = field.name.value;
        if (name === 'userErrors' ? !nonNull(field) : nonNull(field)) {
          context.report({ node: field.name, message: name === 'userErrors' ? 'userErrors is never null: it is empty when there is nothing to mend.' : `${field.parent.name.value}.${name} must be nullable: it is missing when there are userErrors.` });
        }
      },
      'ObjectTypeDefinition[name.value=/Payload$/]'(type) {
        if (!type.fields.some((field) => field.name.value === 'userErrors')) context.report({ node: type.name, message: `${type.name.value} has no userErrors.` });
      },
    };
  },
};

/** `Answer.text`, not `Answer.answerText`. The preset's rule of this kind takes `Answer.answered` for such a prefix, too: a word that only begins alike. */
export const noTypenamePrefix = {
  meta: { type: 'suggestion', schema: [] },
  create: (context) => ({
    'ObjectTypeDefinition > FieldDefinition'(field) {
      const [type, name] = [field.parent.name.value, field.name.value];
      const [start, next] = [capital(name).slice(0, type.length), name.slice(type.length)];
      if (start === type && !/^[a-z]/.test(next)) context.report({ node: field.name, message: `${type}.${name} says the name of its type once more.` });
    },
  }),
};

/** The object types that do not implement Node: values, pages, payloads. They have no identity to insist on. */
export function typesWithoutIdentity(sdl) {
  const types = [];
  visit(parse(sdl), {
    ObjectTypeDefinition({ name, interfaces }) {
      if (!interfaces.some((one) => one.name.value === 'Node')) types.push(name.value);
    },
  });
  return types;
}
