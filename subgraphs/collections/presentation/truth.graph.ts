/** For search alone, but for `reach`: what no client sees. */
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { JsonScalar } from '../../../platform/graph-types.ts';
import type { CollectionId } from '../../../platform/ids.ts';
import type { ItemTruth, ToldTruths, WalkedItems } from '../domain/truth.ts';

@Directive('@inaccessible')
@ObjectType('ItemTruth', { description: 'All that an item says at this moment.' })
export class ItemTruthType implements ItemTruth {
  @Field(() => ID, { description: 'The item.' }) id!: ItemTruth['id'];
  @Field(() => ID, { description: 'Its collection.' }) collectionId!: ItemTruth['collectionId'];
  @Field(() => String, { description: 'Its title.' }) title!: string;
  @Field(() => String, { description: 'Its text.' }) body!: string;
  @Field(() => [String], { description: 'Its tags.' }) tags!: string[];
  @Field(() => JsonScalar, { nullable: true, description: 'What else is known about it.' }) metadata!: ItemTruth['metadata'];
  @Field(() => Int, { description: 'Its version.' }) version!: number;
  @Field(() => String, { description: 'Who made it: a person, a key or a service.' }) createdBy!: string;
  @Field(() => Date, { description: 'When it was made.' }) createdAt!: Date;
  @Field(() => Date, { description: 'When it was last changed.' }) updatedAt!: Date;
  @Field(() => String, { description: 'The text of its attachments, a million characters at most.' }) attached!: string;
  @Field(() => String, { nullable: true, description: 'The language, as the settings of its collection say it.' }) language!: string | null;
  @Field(() => String, { description: 'Another as soon as anything of this is.' }) mark!: string;
}

@Directive('@inaccessible')
@ObjectType('ToldTruths', { description: 'What some items say; those that are in neither list are not there.' })
export class ToldTruthsType implements ToldTruths {
  @Field(() => [ItemTruthType], { description: 'Those that are there.' }) items!: ItemTruth[];
  @Field(() => [ID], { description: 'Those that are there and did not fit: to be asked for again.' }) left!: ToldTruths['left'];
}

@Directive('@inaccessible')
@ObjectType('WalkedItem', { description: 'An item on the way through all of them.' })
export class WalkedItemType implements Pick<ItemTruth, 'id' | 'mark'> {
  @Field(() => ID, { description: 'The item.' }) id!: ItemTruth['id'];
  @Field(() => String, { description: 'The mark of its truth.' }) mark!: string;
}
@Directive('@inaccessible')
@ObjectType('WalkedItems', { description: 'A stretch of the way through all live items.' })
export class WalkedItemsType implements WalkedItems {
  @Field(() => [WalkedItemType], { description: 'The items; there may be none although the way goes on.' }) items!: WalkedItems['items'];
  @Field(() => String, { nullable: true, description: 'Where it goes on; null at the end.' }) next!: string | null;
}

@Directive('@inaccessible')
@ObjectType('Reach', { description: 'Which collections a caller sees items of.' })
export class ReachType {
  @Field(() => Boolean, { description: 'Whether it is all of the tenant.' }) everything!: boolean;
  @Field(() => [ID], { description: 'Which ones, when it is not all.' }) collectionIds!: CollectionId[];
}
