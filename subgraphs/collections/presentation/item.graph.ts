import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { JsonScalar, NodeType, Payload } from '../../../platform/graph-types.ts';
import { connectionOf } from '../../../platform/page.ts';
import type { CreateItemInput } from '../application/create-item.ts';
import type { UpdateItemInput } from '../application/update-item.ts';
import type { Item } from '../domain/item.ts';
import type { Json } from '../domain/json.ts';

@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('Item', { implements: NodeType, description: 'A piece of knowledge: a text, with what is known about it.' })
export class ItemType extends NodeType implements Pick<Item, 'title' | 'body' | 'url' | 'tags' | 'metadata' | 'version' | 'createdAt' | 'updatedAt' | 'deletedAt'> {
  @Field(() => String, { description: 'Its title, one line.' }) title!: string;
  @Field(() => String, { description: 'Its text, as Markdown.' }) body!: string;
  @Field(() => String, { nullable: true, description: 'Where it comes from.' }) url!: string | null;
  @Field(() => [String], { description: 'Its tags, in the order of the alphabet.' }) tags!: string[];
  @Field(() => JsonScalar, { nullable: true, description: 'What else is known about it, a JSON object.' }) metadata!: Json;
  @Field(() => Int, { description: 'Grows by one with every change; updateItem wants it back.' }) version!: number;
  @Field(() => Date, { description: 'When it was made.' }) createdAt!: Date;
  @Field(() => Date, { description: 'When it was last changed.' }) updatedAt!: Date;
  @Field(() => Date, { nullable: true, description: 'Since when it is deleted; shown to those alone who could restore it.' }) deletedAt!: Date | null;
}
export const { Connection: ItemConnection, Edge: ItemEdge } = connectionOf<Item>(ItemType, 'Item');

@InputType('CreateItemInput', { description: 'A new item.' })
export class CreateItemInputType implements CreateItemInput {
  @Field(() => ID, { description: 'The collection that it goes into.' }) collectionId!: string;
  @Field(() => String, { description: 'One line of 1 to 500 characters.' }) title!: string;
  @Field(() => String, { description: 'Markdown of up to 1 MB; may be empty.' }) body!: string;
  @Field(() => String, { nullable: true, description: 'An http:// or https:// address.' }) url?: string | null;
  @Field(() => [String], { nullable: true, description: 'Up to 50, each one line of up to 100 characters.' }) tags?: string[] | null;
  @Field(() => JsonScalar, { nullable: true, description: 'A JSON object of up to 64 kB.' }) metadata?: Json | null;
}
@ObjectType('CreateItemPayload', { description: 'What createItem did.' })
export class CreateItemPayload extends Payload {
  @Field(() => ItemType, { nullable: true, description: 'The new item.' }) item!: ItemType | null;
}

@InputType('UpdateItemInput', { description: 'What to change about an item; what is left out stays.' })
export class UpdateItemInputType implements UpdateItemInput {
  @Field(() => ID, { description: 'The item.' }) id!: string;
  @Field(() => Int, { description: 'The version that was read: a later change of somebody else is never written over.' }) expectedVersion!: number;
  @Field(() => String, { nullable: true, description: 'One line of 1 to 500 characters.' }) title?: string | null;
  @Field(() => String, { nullable: true, description: 'Markdown of up to 1 MB.' }) body?: string | null;
  @Field(() => String, { nullable: true, description: 'An http:// or https:// address; null takes it away.' }) url?: string | null;
  @Field(() => [String], { nullable: true, description: 'All of them, instead of those before.' }) tags?: string[] | null;
  @Field(() => JsonScalar, { nullable: true, description: 'All of it, instead of what was there before.' }) metadata?: Json | null;
}
@InputType('DeleteItemInput', { description: 'Which item to delete.' })
export class DeleteItemInputType {
  @Field(() => ID, { description: 'The item.' }) id!: string;
}
@InputType('RestoreItemInput', { description: 'Which item to bring back.' })
export class RestoreItemInputType {
  @Field(() => ID, { description: 'The item.' }) id!: string;
}
@ObjectType('UpdateItemPayload', { description: 'What updateItem did.' })
export class UpdateItemPayload extends Payload {
  @Field(() => ItemType, { nullable: true, description: 'The item as it is now, also when somebody else has changed it in the meantime.' }) item!: ItemType | null;
}
@ObjectType('DeleteItemPayload', { description: 'What deleteItem did.' })
export class DeleteItemPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The item, which restoreItem brings back for 30 days.' }) itemId!: string | null;
}
@ObjectType('RestoreItemPayload', { description: 'What restoreItem did.' })
export class RestoreItemPayload extends Payload {
  @Field(() => ItemType, { nullable: true, description: 'The item, which is there again.' }) item!: ItemType | null;
}
