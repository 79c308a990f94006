import { Directive, Field, ID, InputType, ObjectType } from 'type-graphql';
import { JsonScalar, NodeType, Payload } from '../../../platform/graph-types.ts';
import { isId } from '../../../platform/ids.ts';
import { connectionOf } from '../../../platform/page.ts';
import type { CreateCollectionInput } from '../application/create-collection.ts';
import type { CollectionView } from '../domain/collection-view.ts';
import type { Json } from '../domain/json.ts';
import type { CollectionFilter } from '../domain/ports.ts';
import type { CollectionRole as Role } from '../domain/role.ts';
import type { CollectionMember } from '../domain/share.ts';
import { CollectionRole } from './role.graph.ts';

@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('Collection', { implements: NodeType, description: 'Things that belong together, and are shared together.' })
export class CollectionType extends NodeType implements Pick<CollectionView, 'name' | 'description' | 'settings' | 'createdAt' | 'updatedAt' | 'viewerRole'> {
  @Field(() => String, { description: 'Its name for people.' }) name!: string;
  @Field(() => String, { nullable: true, description: 'What it is about.' }) description!: string | null;
  @Field(() => JsonScalar, { nullable: true, description: 'Settings of those who use it, as they put them there.' }) settings!: Json;
  @Field(() => Date, { description: 'When it was made.' }) createdAt!: Date;
  @Field(() => Date, { description: 'When it itself was last changed; its items have times of their own.' }) updatedAt!: Date;
  @Field(() => CollectionRole, { description: 'What the caller may do in it.' }) viewerRole!: Role;
}
export const { Connection: CollectionConnection, Edge: CollectionEdge } = connectionOf<CollectionView>(CollectionType, 'Collection');

@ObjectType('CollectionMember', { description: 'Somebody who has a part in a collection, or everyone.' })
export class CollectionMemberType implements Pick<CollectionMember, 'role' | 'addedAt'> {
  @Field(() => CollectionRole, { description: 'What they may do in it.' }) role!: Role;
  @Field(() => Date, { description: 'Since when.' }) addedAt!: Date;
}
export const { Connection: CollectionMemberConnection, Edge: CollectionMemberEdge } = connectionOf<CollectionMember>(CollectionMemberType, 'CollectionMember');

/** Whoever a User is, users knows: here it is an id. */
@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('User', { description: 'A person with an account.' })
export class UserStub {
  @Field(() => ID, { description: 'Opaque, typed and sortable.' }) id!: string;
}
/** Null where no person did it, but a key, an import or Atlas itself. */
export const personOf = (id: string): UserStub | null => (isId('usr', id) ? { id } : null);

@InputType('CollectionFilter', { description: 'Which collections.' })
export class CollectionFilterType implements CollectionFilter {
  @Field(() => String, { nullable: true, description: 'Those whose name begins so, in upper or lower case.' }) namePrefix?: string | null;
  @Field(() => CollectionRole, { nullable: true, description: 'Those in which the caller is at least this.' }) roleAtLeast?: Role | null;
}

@InputType('CreateCollectionInput', { description: 'A new collection of the tenant that the request is in.' })
export class CreateCollectionInputType implements CreateCollectionInput {
  @Field(() => String, { description: '1 to 200 characters.' }) name!: string;
  @Field(() => String, { nullable: true, description: 'What it is about; up to 5000 characters.' }) description?: string | null;
  @Field(() => JsonScalar, { nullable: true, description: 'A JSON object of up to 16 kB.' }) settings?: Json | null;
}
@InputType('UpdateCollectionInput', { description: 'What to change about a collection; what is left out stays.' })
export class UpdateCollectionInputType {
  @Field(() => ID, { description: 'The collection.' }) id!: string;
  @Field(() => String, { nullable: true, description: '1 to 200 characters.' }) name?: string | null;
  @Field(() => String, { nullable: true, description: 'Up to 5000 characters; null takes it away.' }) description?: string | null;
  @Field(() => JsonScalar, { nullable: true, description: 'A JSON object of up to 16 kB, instead of the one before.' }) settings?: Json;
}
@InputType('DeleteCollectionInput', { description: 'Which collection to delete.' })
export class DeleteCollectionInputType {
  @Field(() => ID, { description: 'The collection.' }) id!: string;
}
@InputType('ShareCollectionInput', { description: 'Whom to give a part in a collection: one person of the tenant, or everyone.' })
export class ShareCollectionInputType {
  @Field(() => ID, { description: 'The collection.' }) collectionId!: string;
  @Field(() => ID, { nullable: true, description: 'A person who belongs to the tenant; a guest sees what is shared with them like this, and nothing else.' }) userId?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'True: all who are at least MEMBER in the tenant.' }) everyone?: boolean | null;
  @Field(() => CollectionRole, { description: 'What they may do in it.' }) role!: Role;
}
@InputType('UnshareCollectionInput', { description: 'Whose part in a collection to take away.' })
export class UnshareCollectionInputType {
  @Field(() => ID, { description: 'The collection.' }) collectionId!: string;
  @Field(() => ID, { nullable: true, description: 'A person.' }) userId?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'True: what everyone has.' }) everyone?: boolean | null;
}

@ObjectType('CreateCollectionPayload', { description: 'What createCollection did.' })
export class CreateCollectionPayload extends Payload {
  @Field(() => CollectionType, { nullable: true, description: 'The new collection; the caller is its owner.' }) collection!: CollectionType | null;
}
@ObjectType('UpdateCollectionPayload', { description: 'What updateCollection did.' })
export class UpdateCollectionPayload extends Payload {
  @Field(() => CollectionType, { nullable: true, description: 'The collection as it is now.' }) collection!: CollectionType | null;
}
@ObjectType('DeleteCollectionPayload', { description: 'What deleteCollection did.' })
export class DeleteCollectionPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The collection that is no more, nor anything in it.' }) collectionId!: string | null;
}
@ObjectType('ShareCollectionPayload', { description: 'What shareCollection did.' })
export class ShareCollectionPayload extends Payload {
  @Field(() => CollectionType, { nullable: true, description: 'The collection.' }) collection!: CollectionType | null;
  @Field(() => CollectionMemberType, { nullable: true, description: 'The part they have now.' }) member!: CollectionMemberType | null;
}
@ObjectType('UnshareCollectionPayload', { description: 'What unshareCollection did.' })
export class UnshareCollectionPayload extends Payload {
  @Field(() => CollectionType, { nullable: true, description: 'The collection; null when the caller sees it no more.' }) collection!: CollectionType | null;
}
