/** The types that every slice shares. All are @shareable or an interface, so several services may publish them alike. */
import 'reflect-metadata';
import { GraphQLScalarType } from 'graphql';
import { GraphQLJSON } from 'graphql-scalars';
import { Directive, Field, ID, InterfaceType, ObjectType } from 'type-graphql';

export type Class = abstract new (...given: never[]) => object;

@InterfaceType('Node', { autoRegisterImplementations: false, description: 'Whatever has an id of its own and can be asked for by it.' })
export abstract class NodeType {
  @Field(() => ID, { description: 'Opaque, typed and sortable.' }) id!: string;
  /** How a client's `node(id:)` names an entity: unlike `id`, it vouches for nothing. The gateway's slice enters by it. */
  @Directive('@inaccessible')
  @Field(() => ID, { description: 'The id as a client typed it.' }) nodeId!: string;
}

@Directive('@shareable')
@ObjectType('UserError', { description: 'Something that the person who asked can mend.' })
export class UserErrorType {
  @Field(() => String, { description: 'What it is, for machines; docs/errors.md lists all.' }) code!: string;
  @Field(() => String, { description: 'What it is and what to do, for people.' }) message!: string;
  @Field(() => [String], { nullable: true, description: 'Which input it is about, from `input` down.' }) path!: string[] | null;
}

/** The part that all mutation payloads have. */
@ObjectType()
export abstract class Payload {
  @Field(() => [UserErrorType], { description: 'What has to be mended before this can be done; empty when it was done.' })
  userErrors!: UserErrorType[];
}

/** Whatever JSON can say. */
export const JsonScalar = new GraphQLScalarType({ ...GraphQLJSON.toConfig(), description: 'Any JSON value.', specifiedByURL: null });
