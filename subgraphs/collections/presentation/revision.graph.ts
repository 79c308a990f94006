import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { JsonScalar, Payload } from '../../../platform/graph-types.ts';
import { connectionOf } from '../../../platform/page.ts';
import type { RestoreRevisionInput } from '../application/restore-revision.ts';
import type { Json } from '../domain/json.ts';
import type { Revision } from '../domain/revision.ts';
import { ItemType } from './item.graph.ts';

@ObjectType('Revision', { description: 'One state of an item: the one it is in, or an earlier one.' })
export class RevisionType implements Pick<Revision, 'version' | 'title' | 'url' | 'tags' | 'metadata' | 'at' | 'deletedAt' | 'restoredFrom'> {
  @Field(() => Int, { description: 'The version that the item had then; restoreRevision goes by it.' }) version!: number;
  @Field(() => String, { description: 'Its title.' }) title!: string;
  @Field(() => String, { nullable: true, description: 'Where it came from.' }) url!: string | null;
  @Field(() => [String], { description: 'Its tags.' }) tags!: string[];
  @Field(() => JsonScalar, { nullable: true, description: 'What else was known about it.' }) metadata!: Json;
  @Field(() => Date, { description: 'Since when it was so.' }) at!: Date;
  @Field(() => Date, { nullable: true, description: 'Since when it was deleted, in a state in which it was.' }) deletedAt!: Date | null;
  @Field(() => Int, { nullable: true, description: 'The version that was brought back by it.' }) restoredFrom!: number | null;
}
export const { Connection: RevisionConnection, Edge: RevisionEdge } = connectionOf<Revision>(RevisionType, 'Revision');

@InputType('RestoreRevisionInput', { description: 'Which state of which item to bring back.' })
export class RestoreRevisionInputType implements RestoreRevisionInput {
  @Field(() => ID, { description: 'The item.' }) itemId!: string;
  @Field(() => Int, { description: 'The version whose content it gets again.' }) version!: number;
  @Field(() => Int, { description: 'The version that was read: a later change of somebody else is never written over.' }) expectedVersion!: number;
}
@ObjectType('RestoreRevisionPayload', { description: 'What restoreRevision did.' })
export class RestoreRevisionPayload extends Payload {
  @Field(() => ItemType, { nullable: true, description: 'The item as it is now, also when somebody else has changed it in the meantime.' }) item!: ItemType | null;
}
